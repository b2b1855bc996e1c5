/** How a hub stands, for the command line and for those whom the cloud lets ask. */
import type { Holder } from '../wire/commissioning.ts';
import type { Bus } from './bus/bus.ts';
import type { CameraHealth } from './camera/camera.ts';
import type { Clock } from './clock/clock.ts';
import type { TrustedClock } from './clock/trust.ts';
import type { Entrance } from './desk/entrance.ts';
import type { RecoveryView } from './desk/recovery.ts';
import type { Trust } from './grant/trust.ts';
import type { HubStore } from './journal/journal.ts';
import type { GattAdapter } from './link/gatt.ts';
import type { KeptBy } from './secrets/secrets.ts';

export interface DoorStatus {
  readonly id: string;
  readonly name: string;
  readonly heldBy?: Holder;
  readonly bolt: string;
  readonly contact: string;
  /** Age of that report, ms; -1 when there was none. */
  readonly ageMs: number;
  readonly at: string;
  readonly alarms: readonly string[];
  readonly reachable: boolean;
  readonly fault?: string;
  readonly identity?: string;
  /** Its housing reports that it was opened. */
  readonly tampered?: boolean;
  readonly batteryPercent?: number;
  /** The lock itself says that its battery is nearly empty. */
  readonly batteryCritical?: boolean;
  readonly batteryCharging?: boolean;
  /** The lock says so of what is paired with it by radio. */
  readonly keypadBatteryCritical?: boolean;
  readonly sensorBatteryCritical?: boolean;
  /** Its camera, where there is one: it is `off` between visits. */
  readonly camera?: CameraHealth;
}

/** The Bluetooth adapter, where a door needs one. */
export interface RadioStatus {
  readonly state: GattAdapter['state'];
  /** Why it is not ready, where that is known: `missing`, `permission`, `busy`, `off`, `gone`, `mute`; and what to do. */
  readonly reason?: string;
  readonly do?: string;
}

export interface HubStatus {
  readonly hub: string;
  readonly home: string;
  readonly online: boolean;
  /** `missing`: this hub was enrolled before there was a media link and has no certificate for it. It carries no pictures until it is enrolled afresh. */
  readonly media: 'ready' | 'missing';
  /** What the hub's secrets are sealed under; `plain`: they are not. */
  readonly secrets?: KeptBy;
  /** `trusted`, or the code of why not. */
  readonly clock: string;
  /** Sequence number of the newest journal entry, and how far the cloud has it; -1 when it cannot be read. */
  readonly head: number;
  readonly acked: number;
  readonly owners: number;
  /** Absent where no door needs one: then the adapter is free for others. */
  readonly radio?: RadioStatus;
  /** Why the hub takes no visits at all, if so. */
  readonly refusing?: string;
  /** A new device that waits to be added with the recovery code. */
  readonly recovery?: RecoveryView;
  readonly doors: readonly DoorStatus[];
}

interface StatusParts {
  readonly hubId: string;
  readonly home: string;
  readonly bus: Bus;
  readonly hasMedia: boolean;
  readonly keptBy: KeptBy | undefined;
  readonly time: TrustedClock;
  readonly trust: Trust;
  readonly store: HubStore;
  readonly clock: Clock;
  readonly entrances: readonly Entrance[];
  readonly radio: GattAdapter | undefined;
  readonly recovery: RecoveryView | undefined;
}

export function statusOf(parts: StatusParts): HubStatus {
  const { hubId, home, bus, hasMedia, keptBy, time, trust, store, clock, entrances, radio, recovery } = parts;
  const now = time.trustedNow();
  const refusing = trust.reads().standing;
  return {
    hub: hubId,
    home,
    online: bus.online,
    media: hasMedia ? 'ready' : 'missing',
    ...(keptBy === undefined ? {} : { secrets: keptBy }),
    clock: now.ok ? 'trusted' : now.code,
    head: readable(() => store.journal.head().seq),
    acked: readable(() => store.trust.number('acked')),
    owners: trust.inForce().owners?.devices.length ?? 0,
    ...(radio === undefined ? {} : { radio: radioStatus(radio) }),
    ...(refusing === undefined ? {} : { refusing }),
    ...(recovery === undefined ? {} : { recovery }),
    doors: entrances.map((entrance) => doorStatus(entrance, clock)),
  };
}

function radioStatus({ state, why }: GattAdapter): RadioStatus {
  const said = (name: 'reason' | 'do'): object => (typeof why?.[name] === 'string' ? { [name]: why[name] } : {});
  return state === 'ready' ? { state } : { state, ...said('reason'), ...said('do') };
}

const readable = (read: () => number): number => {
  try {
    return read();
  } catch {
    return -1;
  }
};

function doorStatus({ id, name, heldBy, mover, runner, cameraHealth }: Entrance, clock: Clock): DoorStatus {
  const report = mover.last();
  const { reachable, charging, ...health } = mover.health();
  const { at, alarms } = runner.view();
  return {
    id,
    name,
    heldBy,
    bolt: report?.bolt ?? 'unavailable',
    contact: report?.contact ?? 'unavailable',
    ageMs: report === undefined ? -1 : Math.round(clock.monotonic() - report.atMs),
    at,
    alarms: alarms.map(({ code }) => code),
    reachable,
    ...health,
    ...(charging === undefined ? {} : { batteryCharging: charging }),
    ...(cameraHealth === undefined ? {} : { camera: cameraHealth() }),
  };
}
