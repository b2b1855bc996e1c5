/** The shipped bus and driver on simulated peripherals in memory, with one clock for both that is wound by hand. */
import { randomBytes } from 'node:crypto';
import type { OpenLink } from '../../../../device/link/link.ts';
import type { Lock } from '../../../../device/lock/lock.ts';
import { OsdpBus } from '../../../../device/lock/osdp/bus.ts';
import { type OsdpLockOptions, osdpLock } from '../../../../device/lock/osdp/driver.ts';
import type { OsdpEvent } from '../../../../device/lock/osdp/event.ts';
import type { StoredKeys } from '../../../../device/lock/osdp/keys.ts';
import type { Peripheral } from '../../../../device/lock/osdp/peripheral.ts';
import type { OsdpTiming } from '../../../../device/lock/osdp/timing.ts';
import { SimClock } from '../../../../hardware-sim/clock.ts';
import type { LineAsked } from '../../../../hardware-sim/config.ts';
import { type SimHome, startSimHome } from '../../../../hardware-sim/home.ts';
import { hex, toHex } from './vectors.ts';

export const pairedKey = '000102030405060708090a0b0c0d0e0f';

type PeripheralAsked = LineAsked['peripherals'][number];

export interface WoundRig {
  readonly clock: SimClock;
  readonly home: SimHome;
  readonly bus: OsdpBus;
  readonly peripheral: Peripheral;
  readonly lock: Lock;
  readonly events: OsdpEvent[];
  /** Every frame that the hub wrote, in hex. */
  readonly written: string[];
  /** What the caller's key store holds now. */
  readonly stored: { current?: Uint8Array; pending?: Uint8Array };
  readonly saw: (on: OsdpEvent['on']) => OsdpEvent[];
  /** Winds the clock by `ms`, 5 ms at a time, and lets everything that follows from it happen. */
  readonly wind: (ms: number) => Promise<void>;
  /** Winds until `isDone`, at most `withinMs`. @returns whether it came */
  readonly windUntil: (isDone: () => boolean, withinMs: number) => Promise<boolean>;
  readonly isOnline: () => boolean;
  /** Closes everything. */
  readonly end: () => Promise<void>;
}

export interface WoundRigOptions {
  readonly timing?: Partial<OsdpTiming>;
  readonly keys?: StoredKeys;
  readonly simulated?: Partial<PeripheralAsked>;
  readonly others?: readonly PeripheralAsked[];
  readonly lock?: Partial<OsdpLockOptions>;
  readonly start?: boolean;
  /** How much the clock is wound at a time, ms; 5 unless given. */
  readonly stepMs?: number;
}

export const simulatedDoor = {
  id: 'front',
  output: 0,
  contactInput: 0,
  monitorInput: 1,
  contactClosedIs: 'active',
  monitorSecuredIs: 'active',
  leafMs: 100,
  latchMs: 50,
} as const;

/** Lets all that is due now come about: promises, microtasks, and what they start. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function woundRig(options: WoundRigOptions = {}): Promise<WoundRig> {
  const clock = new SimClock();
  const simulated = { address: 1, keyHex: pairedKey, doors: [simulatedDoor], ...options.simulated };
  const home = startSimHome(
    { lines: [{ id: 'line', paced: false, peripherals: [simulated, ...(options.others ?? [])] }] },
    clock,
  );
  const events: OsdpEvent[] = [];
  const written: string[] = [];
  const stored: WoundRig['stored'] = { ...(options.keys ?? { current: hex(pairedKey) }) };
  const openLink: OpenLink = async () => {
    const link = await home.line('line').connect();
    return {
      write: (bytes) => {
        written.push(toHex(bytes));
        return link.write(bytes);
      },
      onData: (listener) => link.onData(listener),
      onClose: (listener) => link.onClose(listener),
      close: () => link.close(),
    };
  };
  const bus = new OsdpBus({
    openLink,
    baudRate: 9600,
    clock,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    ...(options.timing === undefined ? {} : { timing: options.timing }),
    onEvent: (event) => events.push(event),
  });
  const peripheral = bus.attach({
    address: 1,
    keys: { ...stored },
    onKeyPending: async (key) => {
      stored.pending = key;
    },
    onKeyProven: async (key) => {
      stored.current = key;
      delete stored.pending;
    },
  });
  const lock = osdpLock({
    peripheral,
    clock,
    output: 0,
    contact: { input: 0, closedWhen: 'active' },
    monitor: { input: 1, lockedWhen: 'active' },
    ...options.lock,
  });
  const wind = async (ms: number): Promise<void> => {
    await settle();
    const { stepMs = 5 } = options;
    for (let wound = 0; wound < ms; wound += stepMs) {
      clock.advance(stepMs);
      await settle();
    }
  };
  const windUntil = async (isDone: () => boolean, withinMs: number): Promise<boolean> => {
    for (let wound = 0; wound < withinMs && !isDone(); wound += 5) await wind(5);
    return isDone();
  };
  if (options.start !== false) await lock.start();
  return {
    clock,
    home,
    bus,
    peripheral,
    lock,
    events,
    written,
    stored,
    saw: (on) => events.filter((event) => event.on === on),
    wind,
    windUntil,
    isOnline: () => peripheral.status.state === 'online',
    end: async () => {
      const closing = lock.close();
      await wind(500);
      await closing;
      home.close();
    },
  };
}
