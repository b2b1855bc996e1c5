/** One connection: heard, connected, discovered, and dropped when any of it takes too long. */
import type { Characteristic, Peripheral } from '@stoprocent/noble';
import { Fault } from '../../../wire/faults.ts';
import type { Uuid } from '../gatt.ts';
import { type End, ending, endsWithin, late, type Stop, within } from './deadline.ts';
import type { Radio } from './noble.ts';
import { type Scan, uuidOf } from './scan.ts';

/** ATT_MTU of a connection that agreed on nothing. */
export const leastMtu = 23;
/** noble asks for this ATT_MTU; a peripheral may answer with more, which binds nobody. */
const askedMtu = 256;
/** "Failed to be established" (0x3e) is common on a busy band; nothing was exchanged, so it can be tried again. */
const connectTries = 3;
/** The same, said only after the connection: it is made once more. @see Bluetooth Core 5.4, Vol 1, Part F, 2.62 */
const notEstablished = 0x3e;
const establishTries = 2;
/** First wait for the end of a connect that was cancelled; doubled each time. */
const cancelledWithinMs = 10;

/** What a link needs of its adapter. */
export interface Reach {
  /** @throws Fault BLE_UNAVAILABLE, BLE_PERMISSION_MISSING */
  session(withinMs: number): Promise<{ readonly radio: Radio; readonly scan: Scan }>;
  /** Connecting is one at a time for all links: cancelling one would cancel another's. */
  readonly oneConnects: <T>(act: () => Promise<T>) => Promise<T>;
  /** A controller that does not confirm a disconnection, or the end of a connect, in this time is started afresh. */
  readonly dropWithinMs: number;
}

export interface Wanted {
  readonly service: Uuid;
  readonly uuid: Uuid;
}

export interface Connection {
  readonly mtu: number;
  readonly characteristics: ReadonlyMap<Uuid, Characteristic>;
  /** By whichever side. */
  readonly ended: End;
  /** Resolves when it has ended. */
  drop(): Promise<void>;
}

interface Attempt {
  readonly address: string;
  readonly reach: Reach;
  readonly characteristics: readonly Wanted[];
  readonly withinMs: number;
  /** Ends the attempt with LINK_CLOSED. */
  readonly calledOff: End;
}

/** @returns what to throw when a peripheral lacks a characteristic */
export const missing = (uuid: Uuid): Fault => new Fault('BLE_CHARACTERISTIC_MISSING', { uuid });

/** The stack connects to what it has heard: an advert tells the kind of the address. */
async function hear(scan: Scan, address: string, stops: readonly Stop[], withinMs: number): Promise<Peripheral> {
  const known = scan.heard(address);
  if (known !== undefined) return known;
  let stop = (): void => undefined;
  const heard = new Promise<Peripheral>((resolve) => {
    stop = scan.listen((peripheral) => peripheral.address === address && resolve(peripheral));
  });
  try {
    const peripheral = await within(withinMs, heard, ...stops);
    if (peripheral === late) throw new Fault('BLE_NOT_FOUND', { at: 'scan' });
    return peripheral;
  } finally {
    stop();
  }
}

/** One connect at a time: what is left of this one would stand before every other. */
async function callOff(radio: Radio, peripheral: Peripheral, withinMs: number): Promise<void> {
  const endAtMs = performance.now() + withinMs;
  peripheral.cancelConnect();
  for (let waitMs = cancelledWithinMs; radio.connecting; waitMs *= 2) {
    const leftMs = endAtMs - performance.now();
    if (leftMs <= 0) return radio.stop();
    if (await endsWithin(Math.min(waitMs, leftMs), radio.ended)) return;
    // The first may have come before the connect itself: noble resets the controller in between.
    if (radio.connecting) radio.noble.cancelConnect(peripheral.id);
  }
}

interface Dialled {
  readonly radio: Radio;
  readonly peripheral: Peripheral;
  readonly stops: readonly Stop[];
  readonly endAtMs: number;
  readonly dropWithinMs: number;
}

async function dial({ radio, peripheral, stops, endAtMs, dropWithinMs }: Dialled): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await within(endAtMs - performance.now(), peripheral.connectAsync(), ...stops);
      if (answer !== late) return;
      throw new Fault('BLE_NOT_FOUND', { at: 'connect' });
    } catch (cause) {
      if (cause instanceof Fault) {
        if (peripheral.state === 'connected') peripheral.disconnect();
        else await callOff(radio, peripheral, dropWithinMs);
        throw cause;
      }
      if (tries === connectTries) throw new Fault('BLE_NOT_FOUND', { at: 'connect', tries }, { cause });
    }
  }
}

async function discover(peripheral: Peripheral, wanted: readonly Wanted[]): Promise<Map<Uuid, Characteristic>> {
  const found = new Map<Uuid, Characteristic>();
  const services = await peripheral.discoverServicesAsync([]);
  for (const service of services) {
    const uuids = wanted.filter((one) => one.service === uuidOf(service.uuid)).map(({ uuid }) => uuid);
    if (uuids.length === 0) continue;
    for (const characteristic of await service.discoverCharacteristicsAsync([])) {
      const uuid = uuidOf(characteristic.uuid);
      if (uuids.includes(uuid)) found.set(uuid, characteristic);
    }
  }
  const lacking = wanted.find(({ uuid }) => !found.has(uuid));
  if (lacking !== undefined) throw missing(lacking.uuid);
  return found;
}

/** Connects and discovers. @throws Fault as `GattLink.connect` */
export async function connectTo({
  address,
  reach,
  characteristics,
  withinMs,
  calledOff,
}: Attempt): Promise<Connection> {
  const endAtMs = performance.now() + withinMs;
  const leftMs = (): number => endAtMs - performance.now();
  const { dropWithinMs } = reach;
  const { radio, scan } = await reach.session(withinMs);
  const stops = [
    { end: calledOff, fault: () => new Fault('LINK_CLOSED') },
    { end: radio.ended, fault: () => new Fault('BLE_UNAVAILABLE', { reason: 'gone' }) },
  ];
  const peripheral = await hear(scan, address, stops, leftMs());
  for (let tries = 1; ; tries += 1) {
    const ended = ending();
    let wasEstablished = true;
    await reach.oneConnects(() =>
      scan.quiet(async () => {
        await dial({ radio, peripheral, stops, endAtMs, dropWithinMs });
        peripheral.once('disconnect', (reason) => {
          wasEstablished = Number(reason) !== notEstablished;
          ended.end();
        });
      }),
    );
    const drop = async (): Promise<void> => {
      if (!ended.over && peripheral.state === 'connected') peripheral.disconnect();
      if (!(await endsWithin(dropWithinMs, ended))) await radio.stop();
    };
    try {
      const lost = { end: ended, fault: () => new Fault('LINK_CLOSED') };
      const found = await within(leftMs(), discover(peripheral, characteristics), ...stops, lost);
      if (found === late) throw new Fault('BLE_NOT_FOUND', { at: 'discovery' });
      return { mtu: Math.min(peripheral.mtu ?? leastMtu, askedMtu), characteristics: found, ended, drop };
    } catch (cause) {
      await drop();
      const isOver = calledOff.over || radio.ended.over || leftMs() <= 0;
      if (!wasEstablished && !isOver && tries < establishTries) continue;
      throw cause instanceof Fault ? cause : new Fault('LINK_CLOSED', {}, { cause });
    }
  }
}
