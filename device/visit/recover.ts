/** From the journal's tail of a door to what the machine is told after a start. It believes nothing of the door: the lock is asked. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { Entry, EntryKind } from '../../wire/journal.ts';
import type { Journal } from '../journal/journal.ts';
import type { Event, Interrupted } from './state.ts';

/** An alarm that stands. `seq`: the entry that raised it, unless it could not be written yet. */
export interface Standing {
  readonly code: AlarmCode;
  readonly seq?: number;
  /** Known to the household alone. */
  readonly private: boolean;
}

/** What was so when the process before ended, as far as the journal knows. */
export interface Recovered {
  /** A visit that had not ended. `released`: its unlocking was recorded, so the bolt may have been drawn. */
  readonly visit?: Interrupted;
  readonly standing: readonly Standing[];
}

const kinds = [
  'visit.arrived',
  'visit.unlock',
  'door.opened',
  'visit.ended',
  'alarm.raised',
  'alarm.cleared',
] as const satisfies readonly EntryKind[];
/** The alarms of a door; others of the hub may name a door too and are not its machine's. */
const ofDoor: readonly AlarmCode[] = [
  'DOOR_FORCED_OPEN',
  'BOLT_MOVED',
  'DOOR_LEFT_OPEN',
  'DOOR_NOT_LOCKED',
  'LOCK_JAMMED',
  'LOCK_OFFLINE',
  'LOCK_FAILED',
  'CONTACT_FAULT',
  'CAMERA_LOST',
  'HUB_RESTARTED',
  'JOURNAL_FAILED',
];
/** More than one visit ever writes of these kinds; what stands from before is found as far back as this reaches. */
const tail = 512;

/** Reads the tail of one door's journal. @throws Fault JOURNAL_UNAVAILABLE, JOURNAL_CORRUPT */
export const recoverFrom = (journal: Pick<Journal, 'recent'>, door: string): Recovered =>
  recover([...journal.recent({ door, kinds }, tail)].reverse());

/**
 * @param entries  of one door, oldest first
 * An alarm of the household is sealed, so that the hub itself cannot read it again: the look at the door raises a new one.
 */
export function recover(entries: readonly Entry[]): Recovered {
  let visit: Interrupted | undefined;
  const standing = new Map<AlarmCode, Standing>();
  for (const entry of entries) {
    switch (entry.kind) {
      case 'visit.arrived':
      case 'visit.unlock':
        if (entry.visit === undefined) break;
        if (visit?.id !== entry.visit) visit = toInterrupted(entry, entry.visit);
        if (entry.kind === 'visit.unlock') visit = { ...visit, released: true };
        break;
      case 'door.opened':
        if (visit !== undefined && visit.id === entry.visit) visit = { ...visit, opened: true };
        break;
      case 'visit.ended':
        if (visit?.id === entry.visit) visit = undefined;
        break;
      case 'alarm.raised': {
        const code = toAlarm(entry);
        if (code !== undefined && !standing.has(code)) standing.set(code, { code, seq: entry.seq, private: false });
        break;
      }
      case 'alarm.cleared': {
        const code = toAlarm(entry);
        if (code !== undefined) standing.delete(code);
        break;
      }
    }
  }
  return { standing: [...standing.values()], ...(visit === undefined ? {} : { visit }) };
}

/** What the machine is told: an alarm about the journal is not the door's. */
export const toRestarted = (recovered: Recovered): Extract<Event, { on: 'restarted' }> => ({
  on: 'restarted',
  alarms: recovered.standing.map(({ code }) => code).filter((code) => code !== 'JOURNAL_FAILED'),
  ...(recovered.visit === undefined ? {} : { visit: recovered.visit }),
});

const toAlarm = ({ body }: Entry): AlarmCode | undefined => ofDoor.find((code) => code === body.code);

function toInterrupted({ body }: Entry, id: string): Interrupted {
  const text = (key: string): string => (typeof body[key] === 'string' ? body[key] : '');
  const { delivery, arrivedAt } = body;
  return {
    id,
    grant: text('grant'),
    rule: text('rule'),
    jkt: text('jkt'),
    ...(typeof delivery === 'string' ? { delivery } : {}),
    ...(typeof arrivedAt === 'number' ? { arrivedAt } : {}),
    released: false,
    opened: false,
  };
}
