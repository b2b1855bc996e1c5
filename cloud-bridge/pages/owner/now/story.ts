/** What the screen "Now" shows, from what is known and what time it is. Pure. */
import type { AlarmCode } from '../../../../wire/alarms.ts';
import type { DiaryEntry, DoorStatus, Known, StandingAlarm } from '../home/known.ts';

/** How a door stands. `closed`: shut, and nothing can see whether it is locked. `unsecured`: not proven safe, an alarm stands. */
export type DoorIs = 'locked' | 'closed' | 'open' | 'unlocked' | 'unsecured' | 'unavailable' | 'unknown';

export interface DoorNow {
  readonly door: string;
  readonly is: DoorIs;
  /** How old that is, ms; absent when nothing was ever reported. */
  readonly ageMs?: number;
  /** Not of now: the line, the hub or the lock cannot be reached. */
  readonly isOld: boolean;
  readonly hasCamera: boolean;
  readonly isBatteryLow: boolean;
}

function isOf({ reachable, bolt, contact, at }: DoorStatus): DoorIs {
  if (!reachable) return 'unavailable';
  if (contact === 'open') return 'open';
  if (at === 'unsecured' || bolt === 'jammed') return 'unsecured';
  if (bolt === 'locked') return 'locked';
  if (bolt === 'unlocked' || bolt === 'open') return 'unlocked';
  return contact === 'closed' ? 'closed' : 'unknown';
}

/** Older than this is no longer now: the hub is asked three times as often, ms. */
export const oldAfterMs = 60_000;

/** Every door of the home, as last reported. @param nowMs  by this device's clock */
export function doorsNow({ doors, hub, hubOnline, line }: Known, nowMs: number): readonly DoorNow[] {
  return doors.map(({ id, camera }) => {
    const status = hub?.status.doors.find((one) => one.id === id);
    if (hub === undefined || status === undefined) {
      return { door: id, is: 'unknown', isOld: true, hasCamera: camera, isBatteryLow: false };
    }
    const heardAgo = Math.max(0, nowMs - hub.heardMs);
    const isOld = line !== 'open' || !hubOnline || heardAgo > oldAfterMs || !status.reachable;
    return {
      ...{ door: id, is: isOf(status), isOld, hasCamera: camera },
      ...(status.ageMs < 0 ? {} : { ageMs: heardAgo + status.ageMs }),
      isBatteryLow: status.batteryCritical === true || (status.batteryPercent ?? 100) <= 20,
    };
  });
}

/** A visit that has begun and not ended. */
export interface RunningVisit {
  readonly visit: string;
  readonly door?: string | undefined;
  /** The step that it is at. */
  readonly at: 'arrived' | 'ready' | 'opening' | 'open' | 'closing';
  readonly sinceMs: number;
}

const steps: Readonly<Partial<Record<DiaryEntry['kind'], RunningVisit['at']>>> = {
  'visit.arrived': 'arrived',
  'visit.ready': 'ready',
  'visit.unlock': 'opening',
  'door.opened': 'open',
  'door.closed': 'closing',
  'door.locking': 'closing',
};
/** A visit lasts minutes; what is older has lost its end, ms. */
const overAfterMs = 24 * 3_600_000;

/** What runs, the newest step last. It counts from the arrival on: a visit that was only prepared is somebody who may come. */
export function runningVisits(entries: readonly DiaryEntry[], nowMs: number): readonly RunningVisit[] {
  const running = new Map<string, RunningVisit>();
  for (const { kind, visit, door, at } of entries) {
    if (visit === undefined) continue;
    const known = running.get(visit);
    const step = steps[kind];
    if (kind === 'visit.ended') running.delete(visit);
    else if (step !== undefined && (known !== undefined || step === 'arrived')) {
      running.delete(visit);
      running.set(visit, { visit, door: door ?? known?.door, at: step, sinceMs: at });
    }
  }
  return [...running.values()].filter((one) => nowMs - one.sinceMs < overAfterMs);
}

/** What an alarm means to somebody at home: a word of the table. */
export type AlarmWord =
  | 'forced'
  | 'boltMoved'
  | 'leftOpen'
  | 'notLocked'
  | 'lockAway'
  | 'contact'
  | 'cameraLost'
  | 'disk'
  | 'restarted'
  | 'knocks'
  | 'clock'
  | 'tampered'
  | 'otherAlarm';

const words: Readonly<Partial<Record<AlarmCode, AlarmWord>>> = {
  DOOR_FORCED_OPEN: 'forced',
  BOLT_MOVED: 'boltMoved',
  DOOR_LEFT_OPEN: 'leftOpen',
  DOOR_NOT_LOCKED: 'notLocked',
  LOCK_JAMMED: 'notLocked',
  LOCK_FAILED: 'notLocked',
  LOCK_OFFLINE: 'lockAway',
  CONTACT_FAULT: 'contact',
  CAMERA_LOST: 'cameraLost',
  RECORDINGS_DROPPED: 'disk',
  JOURNAL_FAILED: 'disk',
  HUB_RESTARTED: 'restarted',
  HUB_BEHIND: 'tampered',
  NONCE_REPEATED: 'tampered',
  KNOCKS_REFUSED: 'knocks',
  CLOCK_DISTRUSTED: 'clock',
};
export const alarmWord = (code: AlarmCode): AlarmWord => words[code] ?? 'otherAlarm';

/** Cleared by an owner who signs for having looked; the others end by themselves. */
const lookedAt: readonly AlarmCode[] = [
  'DOOR_FORCED_OPEN',
  'BOLT_MOVED',
  'DOOR_LEFT_OPEN',
  'DOOR_NOT_LOCKED',
  'LOCK_JAMMED',
  'LOCK_FAILED',
  'CONTACT_FAULT',
];
export const isCleared = ({ code, door }: StandingAlarm): boolean => door !== undefined && lookedAt.includes(code);
