/** The Bluetooth stack, started on a link to a controller. The only place that loads noble. */
import { EventEmitter } from 'node:events';
import type { Noble } from '@stoprocent/noble';
import { Fault } from '../../../wire/faults.ts';
import type { Link } from '../link.ts';
import { type End, ending, late, within } from './deadline.ts';
import { h4Reader } from './h4.ts';

/** The HCI driver that comes with noble: packets of the kernel's socket. */
export interface NativeDriver extends EventEmitter {
  /** @throws Error with the text of errno */
  bindUser(device: number): number;
  start(): void;
  /** Blocks for up to 1 s: its thread ends with the next read. */
  stop(): void;
  write(packet: Buffer): void;
}

type DriverClass = new () => EventEmitter;
interface DriverPackage {
  loadDriver(driver: string | DriverClass): DriverClass;
}
interface NoblePackage {
  withBindings(kind: 'hci', options: { hciDriver: DriverClass; userChannel: true }): Noble;
}

interface Loaded {
  readonly withBindings: NoblePackage['withBindings'];
  readonly native: () => DriverClass;
}

let loaded: Promise<Loaded> | undefined;

/** Loaded with the first use: a hub without Bluetooth never has it in memory. */
async function load(): Promise<Loaded> {
  const drivers = (await import('@stoprocent/bluetooth-hci-socket')).default as unknown as DriverPackage;
  const loadDriver = drivers.loadDriver;
  // noble takes its driver by name. It keeps this function when it is first imported, so the class has to be let through before.
  drivers.loadDriver = (driver) => (typeof driver === 'function' ? driver : loadDriver(driver));
  const { withBindings } = (await import('@stoprocent/noble')).default as unknown as NoblePackage;
  return { withBindings, native: () => loadDriver('native') };
}

/** @returns the driver class for the kernel's HCI sockets */
export async function loadNativeDriver(): Promise<new () => NativeDriver> {
  loaded ??= load();
  return (await loaded).native() as new () => NativeDriver;
}

/** What noble takes for its driver, on any link. */
function driverOn(link: Link): { readonly Driver: DriverClass; unplug(): void } {
  let up = true;
  let driver: EventEmitter | undefined;
  const read = h4Reader((packet) => driver?.emit('data', packet));
  link.onData((chunk) => {
    if (up && !read(chunk)) void link.close();
  });
  class Driver extends EventEmitter {
    constructor() {
      super();
      driver = this;
    }
    bindUser(): number {
      return 0;
    }
    isDevUp(): boolean {
      return up;
    }
    setFilter(): void {}
    start(): void {}
    stop(): void {
      up = false;
    }
    write(packet: Buffer): void {
      // A link that closes says so by itself.
      if (up) link.write(packet).catch(() => undefined);
    }
  }
  const unplug = (): void => {
    up = false;
    driver?.emit('state');
  };
  return { Driver, unplug };
}

/** noble ends the process at SIGINT when nobody listens after it; when the hub ends is the hub's affair. */
function withoutSignals(start: () => void): void {
  const before = process.listeners('SIGINT');
  start();
  for (const listener of process.listeners('SIGINT')) {
    if (!before.includes(listener)) process.removeListener('SIGINT', listener);
  }
}

/** noble says nothing of the end of a connect that was cancelled: it only begins no other before. */
interface Inside {
  readonly _bindings: { readonly _pendingConnectionUuid: string | null };
}

/** A started stack. */
export interface Radio {
  readonly noble: Noble;
  /** A connect was begun, cancelled or not, and the controller has not said how it ended: none is begun after it. */
  readonly connecting: boolean;
  /** When the link is gone, or after `stop`. */
  readonly ended: End;
  /** Ends connections and scanning, and closes the link. */
  stop(): Promise<void>;
}

/**
 * Starts the stack, controller reset included.
 * @throws Fault BLE_UNAVAILABLE when the controller does not answer in time; the link is closed then
 */
export async function startRadio(link: Link, withinMs: number): Promise<Radio> {
  loaded ??= load();
  const { withBindings } = await loaded;
  const { Driver, unplug } = driverOn(link);
  const noble = withBindings('hci', { hciDriver: Driver, userChannel: true });
  noble.removeAllListeners('warning');
  const ready = new Promise<void>((resolve) => {
    withoutSignals(() => noble.state);
    noble.on('stateChange', (state) => state === 'poweredOn' && resolve());
  });
  const ended = ending();
  const drop = (): void => {
    if (ended.over) return;
    noble.stop();
    unplug();
    ended.end();
  };
  link.onClose(drop);
  const stop = async (): Promise<void> => {
    drop();
    await link.close();
  };
  const dead = (): Fault =>
    new Fault('BLE_UNAVAILABLE', { reason: 'mute', do: 'Unplug the adapter and plug it in again.' });
  if ((await within(withinMs, ready, { end: ended, fault: dead })) === late) {
    await stop();
    throw dead();
  }
  const { _bindings: bindings } = noble as unknown as Inside;
  return {
    noble,
    get connecting() {
      return !ended.over && bindings._pendingConnectionUuid !== null;
    },
    ended,
    stop,
  };
}
