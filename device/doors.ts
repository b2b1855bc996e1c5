/** What moves the doors of a hub: lines and radio, opened only where a door needs them. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock/clock.ts';
import type { NukiLockConfig } from './config/nuki.ts';
import { type OsdpDoorConfig, osdpOf } from './config/osdp.ts';
import type { HubConfig } from './config/schema.ts';
import { type LockLogParts, lockLog } from './desk/lock-log.ts';
import { processBell } from './doorbell/process.ts';
import type { GattAdapter } from './link/gatt.ts';
import type { OpenLink } from './link/link.ts';
import { serialLink } from './link/serial.ts';
import type { InstalledDoor } from './lock/installed.ts';
import { installOsdp } from './lock/osdp/install.ts';
import type { Log } from './log.ts';
import type { Notes } from './notes.ts';
import type { Secrets } from './secrets/secrets.ts';

export interface DoorsParts {
  readonly hubId: string;
  readonly config: HubConfig;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Trusted time, ms since the epoch; undefined while there is none. */
  readonly trustedNow: () => number | undefined;
  readonly log: Log;
  readonly notes: Pick<Notes, 'note' | 'alarm' | 'watch'>;
  /** What locks write in logs of their own goes into the journal. */
  readonly record: LockLogParts['record'];
  readonly store: LockLogParts['store'];
  readonly duress?: Required<Pick<LockLogParts, 'duress' | 'tellDuress'>>;
  readonly openLink?: ((port: string, baudRate: number) => OpenLink) | undefined;
  readonly openRadio?: ((config: HubConfig['bluetooth']) => GattAdapter) | undefined;
}

export interface Doors {
  /** Name of the door -> what moves it. */
  readonly installed: ReadonlyMap<string, InstalledDoor>;
  /** The Bluetooth adapter; absent where no door needs one. */
  readonly radio?: GattAdapter;
  /** The radio, once what locks have told of their logs is on disk. The movers are closed before, by whoever started them. */
  close(): Promise<void>;
}

/** What a lock reports of itself besides its state, as `installOsdp` and `installNuki` tell it. */
type LockEvent = { readonly on: string; readonly code?: string; readonly tampered?: boolean };

const suspect: readonly string[] = ['nonce.repeated', 'key.wrong'];

/** @returns nothing is connected yet @throws Fault SECRET_MISSING, SECRETS_DAMAGED */
export async function installDoors(parts: DoorsParts): Promise<Doors> {
  const { config, clock, secrets, log, notes } = parts;
  const onEvent = (event: LockEvent, doors: readonly string[]): void => {
    const names = doors.join(' ');
    log.lock({ on: event.on, doors: names, ...(event.code === undefined ? {} : { code: event.code }) });
    if (suspect.includes(event.on) || (event.on === 'tamper' && event.tampered === true)) {
      notes.note('lock.suspect', { what: event.on, doors: names });
    }
    if (event.on === 'nonce.repeated') notes.alarm('NONCE_REPEATED', { doors: names });
  };
  let recorded: Promise<unknown> = Promise.resolve();
  const record: LockLogParts['record'] = (...asked) => {
    const one = notes.watch(parts.record(...asked));
    recorded = Promise.allSettled([recorded, one]);
    return one;
  };
  const onLines = new Map<string, OsdpDoorConfig>();
  const onAir = new Map<string, NukiLockConfig>();
  const ids = new Map(config.doors.map(({ name, id }) => [name, id]));
  for (const door of config.doors) {
    const osdp = osdpOf(door);
    if (osdp !== undefined) onLines.set(door.name, osdp);
    if (door.lock?.kind === 'nuki') onAir.set(door.name, door.lock);
  }
  const lined = await installOsdp(onLines, {
    ...{ clock, secrets, randomBytes, onEvent },
    openLink: parts.openLink ?? ((path, baudRate) => serialLink({ path, baudRate })),
  });
  const withBells = (installed: Iterable<readonly [string, InstalledDoor]>): ReadonlyMap<string, InstalledDoor> => {
    const bells = new Map(
      config.doors.flatMap(({ name, bell }) => {
        if (bell?.kind !== 'process') return [];
        const onEnd = (): void => log.lock({ on: 'bell.ended', doors: name });
        return [[name, processBell({ command: bell.command, clock, random: Math.random, onEnd })] as const];
      }),
    );
    return new Map(
      [...installed].map(([name, door]) => {
        const bell = bells.get(name);
        return [name, bell === undefined ? door : { ...door, bell }];
      }),
    );
  };
  if (onAir.size === 0) return { installed: withBells(lined), close: async () => undefined };
  const { installNuki } = await import('./lock/nuki/install.ts');
  const radio = await (parts.openRadio ?? openAdapter)(config.bluetooth);
  const aired = await installNuki(onAir, {
    ...{ adapter: radio, hubId: parts.hubId, clock, secrets, randomBytes, now: parts.trustedNow },
    onEvent: (event, door) => onEvent(event, [door]),
    log: (door, ownId) =>
      lockLog({ door: ids.get(door) ?? door, record, store: parts.store, clock, ownId, ...parts.duress }),
  });
  const close = async (): Promise<void> => {
    await recorded;
    await radio.close();
  };
  return { installed: withBells([...lined, ...aired]), radio, close };
}

/** The adapter of the configuration; it is kept open, and opened again whenever it comes back. */
export async function openAdapter(bluetooth: HubConfig['bluetooth']): Promise<GattAdapter> {
  const { bleAdapter } = await import('./link/ble/adapter.ts');
  return bleAdapter(await controllerOf(bluetooth));
}

/** The controller of the configuration. @returns opens it, for one at a time */
export async function controllerOf({ adapter, socket }: HubConfig['bluetooth']): Promise<OpenLink> {
  if (socket !== undefined) return (await import('./link/ble/unix.ts')).unixController(socket);
  return (await import('./link/ble/hci.ts')).hciController(adapter);
}
