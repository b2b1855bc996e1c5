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
/** A controller that does not confirm a disconnection in this time is started afresh. */
const dropWithinMs = 2000;

/** What a link needs of its adapter. */
export interface Reach {
  /** @throws Fault BLE_UNAVAILABLE, BLE_PERMISSION_MISSING */
  session(withinMs: number): Promise<{ readonly radio: Radio; readonly scan: Scan }>;
  /** Connecting is one at a time for all links: cancelling one would cancel another's. */
  readonly oneConnects: <T>(act: () => Promise<T>) => Promise<T>;
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

async function dial(peripheral: Peripheral, stops: readonly Stop[], endAtMs: number): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await within(endAtMs - performance.now(), peripheral.connectAsync(), ...stops);
      if (answer !== late) return;
      throw new Fault('BLE_NOT_FOUND', { at: 'connect' });
    } catch (cause) {
      if (cause instanceof Fault) {
        if (peripheral.state === 'connected') peripheral.disconnect();
        else peripheral.cancelConnect();
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
  const { radio, scan } = await reach.session(withinMs);
  const stops = [
    { end: calledOff, fault: () => new Fault('LINK_CLOSED') },
    { end: radio.ended, fault: () => new Fault('BLE_UNAVAILABLE', { reason: 'gone' }) },
  ];
  const peripheral = await hear(scan, address, stops, leftMs());
  const ended = ending();
  await reach.oneConnects(() =>
    scan.quiet(async () => {
      await dial(peripheral, stops, endAtMs);
      peripheral.once('disconnect', ended.end);
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
    throw cause instanceof Fault ? cause : new Fault('LINK_CLOSED', {}, { cause });
  }
}
