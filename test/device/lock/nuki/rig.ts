/** The shipped driver, paired with a simulated Nuki on a door, over a Bluetooth adapter without a radio. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../../device/clock/clock.ts';
import { systemClock } from '../../../../device/clock/clock.ts';
import type { Credentials } from '../../../../device/lock/nuki/credentials.ts';
import { type NukiLock, nukiLock } from '../../../../device/lock/nuki/driver.ts';
import type { NukiEvent, NukiLockOptions } from '../../../../device/lock/nuki/options.ts';
import type { NukiTiming } from '../../../../device/lock/nuki/timing.ts';
import { realClock } from '../../../../hardware-sim/clock.ts';
import { Door } from '../../../../hardware-sim/door/door.ts';
import type { NukiModel } from '../../../../hardware-sim/nuki/model.ts';
import type { SimNuki } from '../../../../hardware-sim/nuki/nuki.ts';
import type { NukiOptions } from '../../../../hardware-sim/nuki/options.ts';
import { Fault } from '../../../../wire/faults.ts';
import { Client } from '../../../hardware-sim/nuki/client.ts';
import { street } from '../../../hardware-sim/nuki/street.ts';
import { type GattPipe, gattPipe, type PipeOptions } from '../../../support/gatt-pipe.ts';

export const address = '54:d2:72:00:00:01';

/** Quick, but with deadlines that a loaded machine keeps. */
export const quick: Partial<NukiTiming> = {
  ...{ changedMs: 20, againMs: 20, busyMs: 20, retryMs: 50, replyMs: 2_000, stateMs: 10_000, lingerMs: 50 },
};

export interface RigOptions {
  readonly model?: NukiModel;
  readonly nuki?: Partial<NukiOptions>;
  readonly lock?: Partial<NukiLockOptions>;
  readonly pipe?: PipeOptions;
  /** `null`: none is stored. Left out: the right one. */
  readonly pin?: number | null;
}

export interface NukiRig extends NukiLock {
  readonly nuki: SimNuki;
  readonly door: Door;
  readonly fault: ReturnType<typeof street>['fault'];
  readonly adapter: GattPipe;
  readonly events: NukiEvent[];
  readonly credentials: Credentials;
  /** Another client of the same lock, not connected, with the key of the hub. */
  readonly client: Client;
  /** The PIN that the lock has. */
  readonly pin: number;
  /** A further driver of the same lock, as after a restart of the hub. */
  again(lock?: Partial<NukiLockOptions>): NukiLock;
  close(): Promise<void>;
}

/** @returns not started yet */
export function nukiRig({ model = 'gen4', nuki: over, lock = {}, pipe, pin: kept }: RigOptions = {}): NukiRig {
  const times = { leafMs: 30, latchMs: 10, boltMs: 30 };
  const door = new Door('front', realClock, times, () => undefined);
  const { nuki, fault } = street({ model, clock: realClock, door, ...times, ...over });
  const isNewer = model === 'ultra';
  const pin = isNewer ? 123_456 : 1234;
  const client = new Client(nuki, isNewer ? 4 : 2);
  nuki.holdButton();
  client.connect();
  if (isNewer) client.pairWithPin(pin);
  else client.pair({ idType: 1 });
  client.disconnect();
  const { id: authorizationId, key } = client.me!;
  const stored = kept === undefined ? pin : kept;
  const credentials: Credentials = {
    ...{ variant: isNewer ? 'newer' : 'older', key, authorizationId, appId: 7, uuid: new Uint8Array(16) },
    ...{ as: isNewer ? 'app' : 'bridge' },
    ...(stored === null ? {} : { pin: stored }),
  };
  const adapter = gattPipe(new Map([[address, nuki]]), { advertEveryMs: 20, ...pipe });
  const events: NukiEvent[] = [];
  const clock: Clock = systemClock;
  const again = (more: Partial<NukiLockOptions> = {}): NukiLock =>
    nukiLock({
      ...{ adapter, address, credentials, clock, now: () => undefined, doorSensor: true, pullsLatch: true },
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      onEvent: (event) => events.push(event),
      ...lock,
      ...more,
      timing: { ...quick, ...lock.timing, ...more.timing },
    });
  const parts = again();
  return {
    ...parts,
    ...{ nuki, door, fault, adapter, events, credentials, client, pin, again },
    close: async () => {
      await parts.lock.close();
      await adapter.close();
      nuki.close();
    },
  };
}

export const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'done',
    (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
  );

/** As soon as the key that opened it has drawn the bolt. */
export function closeLeaf(door: Door): void {
  const moved = door.closeLeaf();
  if (!moved.moved && moved.because === 'bolted') setTimeout(() => closeLeaf(door), 5);
}

/** Sets for how long the lock holds its latch: byte 14 of the settings, after the 2 bytes that only it tells. */
export function holdLatchFor(seconds: number, client: Client, pin: number): void {
  client.connect();
  const settings = client.guarded(0x36)[0]!.payload.subarray(2);
  settings[14] = seconds;
  client.withPin(0x35, settings, pin);
  client.disconnect();
}
