/** A door with a bolt, a simulated Nuki on it, and a wound clock. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Door } from '../../../hardware-sim/door/door.ts';
import type { DoorEventBody } from '../../../hardware-sim/door/events.ts';
import { type NukiFaultAsked, nukiFaultSchema } from '../../../hardware-sim/nuki/faults.ts';
import { SimNuki } from '../../../hardware-sim/nuki/nuki.ts';
import type { NukiOptions } from '../../../hardware-sim/nuki/options.ts';
import { Client } from './client.ts';

export const pin = 1234;

/** Travel times: bolt 1 s, latch 100 ms, leaf 600 ms. A getter of `over` stays one: the lock asks it again and again. */
export function street(over: Partial<NukiOptions> = {}) {
  const clock = new SimClock();
  const told: DoorEventBody[] = [];
  const door = new Door('front', clock, { leafMs: 600, latchMs: 100, boltMs: 1000 }, (_, body) => told.push(body));
  const usual: NukiOptions = {
    id: 'front-lock',
    model: 'gen4',
    door,
    boltMs: 1000,
    latchMs: 100,
    nukiId: 0x33c335c5,
    pin: over.model === 'ultra' ? 123_456 : pin,
    pairingMs: 120_000,
    replyMs: 0,
    batteryPercent: 80,
    hasKeypad: true,
    hasDoorSensor: true,
    maxAuthorizations: 4,
    maxCodes: 10,
    seed: 1,
    clock,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
  };
  const nuki = new SimNuki(Object.defineProperties(usual, Object.getOwnPropertyDescriptors(over)));
  const client = new Client(nuki, over.model === 'ultra' ? 4 : 2);
  return {
    clock,
    door,
    nuki,
    told,
    client,
    fault: (asked: NukiFaultAsked) => nuki.fault(v.parse(nukiFaultSchema, asked)),
  };
}

/** The same, paired and connected. @param idType  0 App, 1 Bridge */
export function pairedStreet(over: Partial<NukiOptions> = {}, { idType = 0, mtu = 23 } = {}) {
  const all = street(over);
  all.nuki.holdButton();
  all.client.connect(mtu);
  if (over.model === 'ultra') all.client.pairWithPin(123_456);
  else all.client.pair({ idType });
  all.client.pieces.length = 0;
  return all;
}
