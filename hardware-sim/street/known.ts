/** What an owner's phone knows of its doors, read from journal entries that it verified. Pure. */
import type { EntryKind } from '../../wire/journal.ts';
import type { JournalRecord } from '../people/owner-journal.ts';
import type { DoorTold } from './told.ts';

type Record = Pick<JournalRecord, 'kind' | 'door' | 'visit' | 'at' | 'body'>;

/** Kinds that tell where a door stands. */
const tells: Readonly<Partial<{ [K in EntryKind]: DoorTold['at'] }>> = {
  'door.secured': 'locked',
  'door.opened': 'open',
  'door.closed': 'closed',
  'door.moved': 'moved',
};

function standing({ kind, body }: Record): DoorTold['at'] | undefined {
  if (kind === 'bolt.driven') return body.to === 'unlocked' ? 'unlocked' : undefined;
  return tells[kind];
}

/** @param records  in order, one at a time @returns how the door stands by the newest that says so */
export function knownOf(records: readonly Record[], door: string): Omit<DoorTold, 'name'> {
  const last = records.findLast((one) => one.door === door && standing(one) !== undefined);
  return last === undefined ? { at: 'unknown' } : { at: standing(last)!, sinceMs: last.at };
}

/** The visit that an owner may still stop: the newest that was prepared and has not ended. */
export function visitOf(
  records: readonly Record[],
): { readonly visit: string; readonly door: string | undefined; readonly isAtDoor: boolean } | undefined {
  const prepared = records.findLast(({ kind }) => kind === 'visit.prepared');
  const { visit, door } = prepared ?? {};
  if (visit === undefined) return undefined;
  const ofIt = records.filter((one) => one.visit === visit);
  if (ofIt.some(({ kind }) => kind === 'visit.ended')) return undefined;
  return { visit, door, isAtDoor: ofIt.some(({ kind }) => kind === 'visit.arrived') };
}
