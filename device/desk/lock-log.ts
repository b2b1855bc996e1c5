/**
 * Merges the own log of a lock into the journal: who opened it past the hub, with a key, a code, an app, and when.
 *
 * Each line is journaled once, in the same commit as the number of the last one taken: a crash repeats none and loses none.
 */

import { hashOf } from '../../wire/jws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Draft, TrustStore } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import type { LogEntry } from '../lock/nuki/log-entry.ts';
import type { KeptLog } from '../lock/nuki/options.ts';
import type { DuressCodes } from './duress.ts';
import { clearedDraft, isByCode, toDuressDraft, toLogDraft } from './lock-log-entry.ts';

export interface LockLogParts {
  readonly door: string;
  readonly record: Recorder['record'];
  readonly store: Pick<TrustStore, 'number' | 'keepNumber'>;
  readonly clock: Pick<Clock, 'now'>;
  /**
   * The hub's own authorization at this lock, while it has one. What the hub did itself is journaled like the rest and marked as `own`:
   * were it left out, nobody would see what somebody else does with a copy of the hub's key (T14, T45).
   */
  readonly ownId: () => number | undefined;
  /** Codes for those who are forced (T46); undefined where the lock has none. */
  readonly duress?: Pick<DuressCodes, 'notFor' | 'sides'>;
  /** Tells the devices that are not spared, past the journal. @param jti  of this alarm, the same when it is told again */
  readonly tellDuress?: (door: string, notFor: readonly string[], jti: string) => void;
}

export interface LockLog extends KeptLog {
  /** The last line that is in the journal; undefined before the first. @throws Fault JOURNAL_UNAVAILABLE */
  lastIndex(): number | undefined;
  /** As if the lines up to this one were in the journal. @throws Fault JOURNAL_UNAVAILABLE */
  begin(index: number): Promise<void>;
  /** Journals that the log was cleared; it counts from 1 again. @throws Fault JOURNAL_UNAVAILABLE */
  cleared(): Promise<void>;
  /**
   * Journals what is newer than `lastIndex`, whatever the order and however often it comes.
   * @throws Fault JOURNAL_UNAVAILABLE; what is not on disk by then is to be given again
   */
  take(entries: readonly LogEntry[]): Promise<void>;
  /** The lock is another one, or was given up: its log begins anew. @throws Fault JOURNAL_UNAVAILABLE */
  restart(): void;
}

/** Lines of one commit. */
const atOnce = 16;

export function lockLog({ door, record, store, clock, ownId, duress, tellDuress }: LockLogParts): LockLog {
  const name = `lock-log:${door}` as const;
  // 0 is what was never kept, so that the number kept is one more than the line's.
  const next = (): number => store.number(name);
  let turn: Promise<unknown> = Promise.resolve();

  /**
   * At a door with a duress code each use of any code is written twice, once for each side, so that what the spared devices show is the
   * same whichever code it was: one entry that opens and one that does not (T46).
   */
  const draftsOf = (entry: LogEntry): readonly Draft[] => {
    const draft = toLogDraft(entry, { door, nowMs: clock.now(), ownId: ownId() });
    const sides = isByCode(entry) ? duress?.sides(door) : undefined;
    if (sides === undefined) return [draft];
    const notFor =
      isByCode(entry) && entry.what.completion === 'success' ? duress?.notFor(door, entry.what.codeId) : undefined;
    if (notFor !== undefined) tellDuress?.(door, notFor, hashOf(`duress ${door} ${entry.index} ${draft.body.lockAt}`));
    return [
      { ...draft, to: sides.spared },
      { ...(notFor === undefined ? draft : toDuressDraft(draft)), to: sides.told },
    ];
  };

  const takeNow = async (entries: readonly LogEntry[]): Promise<void> => {
    const first = next();
    const byIndex = new Map(entries.filter(({ index }) => index >= first).map((entry) => [entry.index, entry]));
    const fresh = [...byIndex.values()].sort((a, b) => a.index - b.index);
    for (let from = 0; from < fresh.length; from += atOnce) {
      const lines = fresh.slice(from, from + atOnce);
      const drafts = lines.flatMap((entry) => draftsOf(entry));
      await record(drafts, undefined, { name, value: lines.at(-1)!.index + 1 });
    }
  };

  const inTurn = (act: () => Promise<unknown>): Promise<void> => {
    const done = turn.then(act).then(() => undefined);
    turn = done.catch(() => undefined);
    return done;
  };

  return {
    lastIndex: () => {
      const kept = next();
      return kept === 0 ? undefined : kept - 1;
    },
    begin: (index) => inTurn(async () => store.keepNumber(name, index + 1)),
    cleared: () => inTurn(() => record([clearedDraft(door, clock.now())], undefined, { name, value: 1 })),
    take: (entries) => inTurn(() => takeNow(entries)),
    restart: () => store.keepNumber(name, 0),
  };
}
