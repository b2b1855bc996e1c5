/** Builds what hangs on the OSDP lines of a hub: one bus a port, one peripheral an address; keys from the secret store. */
import { createHash } from 'node:crypto';
import { Fault } from '../../../wire/faults.ts';
import { barrierMover } from '../../barrier/mover.ts';
import { osdpBarrier } from '../../barrier/osdp.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OsdpDoorConfig, OsdpPlace } from '../../config/osdp.ts';
import type { OpenLink } from '../../link/link.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { InstalledDoor, Mover } from '../installed.ts';
import { osdpBell } from './bell.ts';
import { OsdpBus } from './bus.ts';
import { osdpLock } from './driver.ts';
import type { OsdpEvent } from './event.ts';
import { osdpGuide } from './guide.ts';
import { osdpKeypad } from './keypad.ts';
import type { Peripheral } from './peripheral.ts';

export interface OsdpInstallation {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly openLink: (port: string, baudRate: number) => OpenLink;
  /** Told with the names of the doors that hang on that peripheral, all of the port where no address is known. */
  readonly onEvent: (event: OsdpEvent, doors: readonly string[]) => void;
}

/** How long a pairing window stays open, ms. */
const pairingForMs = 30_000;
const keyBytes = 16;

/**
 * @param doors  name of the door -> its configuration
 * @returns name of the door -> what moves it; nothing is opened yet
 */
export async function installOsdp(doors: Doors, parts: OsdpInstallation): Promise<ReadonlyMap<string, InstalledDoor>> {
  const buses = new Map<string, OsdpBus>();
  const peripherals = new Map<string, Peripheral>();
  const built = new Map<string, InstalledDoor>();
  for (const [name, door] of doors) {
    const { config } = door;
    const bus = buses.get(config.port) ?? makeBus(config, doors, parts);
    buses.set(config.port, bus);
    const place = `${config.port} ${config.address}`;
    const peripheral = peripherals.get(place) ?? (await attach(bus, config, parts.secrets));
    peripherals.set(place, peripheral);
    built.set(name, {
      mover: moverOf(door, peripheral, parts.clock),
      ...readerOf(config, peripheral, doors, parts),
      ...(door.bell && { bell: osdpBell({ peripheral, clock: parts.clock, ...door.bell }) }),
      pair: async ({ renews = false }) => {
        await pair(peripheral, parts.randomBytes(keyBytes), !renews);
        return { isOld: false };
      },
      unpair: async () => {
        throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'unpair', do: 'Reset the peripheral itself.' });
      },
    });
  }
  return built;
}

function moverOf(door: OsdpDoorConfig, peripheral: Peripheral, clock: Clock): Mover {
  const { output, contact } = door.config;
  if (door.is === 'lock') {
    const { monitor } = door.config;
    const seen = { ...(contact && { contact }), ...(monitor && { monitor }) };
    return osdpLock({ peripheral, clock, output, ...seen });
  }
  const { pulseMs } = door.config;
  return barrierMover(osdpBarrier({ peripheral, clock, output, pulseMs, ...(contact && { closed: contact }) }));
}

type Doors = ReadonlyMap<string, OsdpDoorConfig>;

function readerOf(
  { port, address, reader }: OsdpPlace,
  peripheral: Peripheral,
  doors: Doors,
  { clock, onEvent }: OsdpInstallation,
): Pick<InstalledDoor, 'guide' | 'keypad'> {
  if (reader === undefined) return {};
  const onFlood = (): void => onEvent({ on: 'keys.flooded', address }, namesAt(doors, port, address));
  return {
    guide: osdpGuide({ peripheral, clock, reader: reader.number, led: reader.led }),
    ...(reader.hasKeypad ? { keypad: osdpKeypad({ peripheral, clock, reader: reader.number, onFlood }) } : {}),
  };
}

/** The doors on a port, or on one address of it. */
const namesAt = (doors: Doors, port: string, address: number | undefined): string[] =>
  [...doors]
    .filter(([, { config }]) => config.port === port && (address === undefined || config.address === address))
    .map(([name]) => name);

function makeBus(config: OsdpPlace, doors: Doors, parts: OsdpInstallation): OsdpBus {
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

async function attach(bus: OsdpBus, config: OsdpPlace, secrets: Secrets): Promise<Peripheral> {
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

async function pair({ pairing }: Peripheral, key: Uint8Array, defaultKey: boolean): Promise<void> {
  pairing.openWindow({ forMs: pairingForMs, defaultKey });
  try {
    await pairing.setKey(key);
  } finally {
    pairing.closeWindow();
  }
}
