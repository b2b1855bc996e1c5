/** Builds the OSDP locks of a hub: one bus a port, one peripheral an address, one lock a door; keys from the secret store. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import type { OsdpLockConfig } from '../../config/schema.ts';
import type { OpenLink } from '../../link/link.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Guide } from '../guide.ts';
import type { Lock } from '../lock.ts';
import { OsdpBus } from './bus.ts';
import { osdpLock } from './driver.ts';
import type { OsdpEvent } from './event.ts';
import { osdpGuide } from './guide.ts';
import { type Keypad, osdpKeypad } from './keypad.ts';
import type { Peripheral } from './peripheral.ts';

export interface OsdpInstallation {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly openLink: (port: string, baudRate: number) => OpenLink;
  /** Told with the names of the doors that hang on that peripheral, all of the port where no address is known. */
  readonly onEvent: (event: OsdpEvent, doors: readonly string[]) => void;
}

/** An OSDP lock, and what only its installer does with it. */
export interface OsdpDoor {
  readonly lock: Lock;
  /** The reader beside the door; absent without one. */
  readonly guide?: Guide;
  /** Its keys; absent without one. */
  readonly keypad?: Keypad;
  /**
   * Gives the peripheral a fresh random key, in a window that closes by itself.
   * @throws Fault LOCK_REFUSED, LOCK_SILENT, LOCK_COMMAND_EXPIRED
   */
  pair(): Promise<void>;
}

/** How long a pairing window stays open, ms. */
const pairingForMs = 30_000;
const keyBytes = 16;

/**
 * @param doors  name of the door -> its lock's configuration
 * @returns name of the door -> its lock; nothing is opened yet
 */
export async function installOsdp(doors: Doors, parts: OsdpInstallation): Promise<ReadonlyMap<string, OsdpDoor>> {
  const buses = new Map<string, OsdpBus>();
  const peripherals = new Map<string, Peripheral>();
  const built = new Map<string, OsdpDoor>();
  for (const [name, config] of doors) {
    const bus = buses.get(config.port) ?? makeBus(config, doors, parts);
    buses.set(config.port, bus);
    const place = `${config.port} ${config.address}`;
    const peripheral = peripherals.get(place) ?? (await attach(bus, config, parts.secrets));
    peripherals.set(place, peripheral);
    const lock = osdpLock({
      peripheral,
      clock: parts.clock,
      output: config.output,
      ...(config.contact === undefined ? {} : { contact: config.contact }),
      ...(config.monitor === undefined ? {} : { monitor: config.monitor }),
    });
    built.set(name, {
      lock,
      ...readerOf(config, peripheral, doors, parts),
      pair: () => pair(peripheral, parts.randomBytes(keyBytes)),
    });
  }
  return built;
}

type Doors = ReadonlyMap<string, OsdpLockConfig>;

function readerOf(
  { port, address, reader }: OsdpLockConfig,
  peripheral: Peripheral,
  doors: Doors,
  { clock, onEvent }: OsdpInstallation,
): Pick<OsdpDoor, 'guide' | 'keypad'> {
  if (reader === undefined) return {};
  const onFlood = (): void => onEvent({ on: 'keys.flooded', address }, namesAt(doors, port, address));
  return {
    guide: osdpGuide({ peripheral, clock, reader: reader.number, led: reader.led }),
    keypad: osdpKeypad({ peripheral, clock, reader: reader.number, onFlood }),
  };
}

/** The doors on a port, or on one address of it. */
const namesAt = (doors: Doors, port: string, address: number | undefined): string[] =>
  [...doors]
    .filter(([, one]) => one.port === port && (address === undefined || one.address === address))
    .map(([name]) => name);

function makeBus(config: OsdpLockConfig, doors: Doors, parts: OsdpInstallation): OsdpBus {
  const { clock, randomBytes, openLink, onEvent } = parts;
  const { port, baudRate, pollMs } = config;
  return new OsdpBus({
    openLink: openLink(port, baudRate),
    baudRate,
    clock,
    randomBytes,
    timing: { pollPeriodMs: pollMs },
    onEvent: (event) => onEvent(event, namesAt(doors, port, 'address' in event ? event.address : undefined)),
  });
}

async function attach(bus: OsdpBus, config: OsdpLockConfig, secrets: Secrets): Promise<Peripheral> {
  const line = createHash('sha256').update(config.port).digest('hex').slice(0, 12);
  const name = (which: 'current' | 'pending'): string => `osdp-${line}-${config.address}-${which}`;
  const [current, pending] = await Promise.all([secrets.get(name('current')), secrets.get(name('pending'))]);
  return bus.attach({
    address: config.address,
    keys: { ...(current === undefined ? {} : { current }), ...(pending === undefined ? {} : { pending }) },
    onKeyPending: (key) => secrets.put(name('pending'), key),
    onKeyProven: async (key) => {
      await secrets.put(name('current'), key);
      await secrets.remove(name('pending'));
    },
  });
}

async function pair({ pairing }: Peripheral, key: Uint8Array): Promise<void> {
  pairing.openWindow({ forMs: pairingForMs, defaultKey: true });
  try {
    await pairing.setKey(key);
  } finally {
    pairing.closeWindow();
  }
}
