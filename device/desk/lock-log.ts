/**
 * Merges the own log of a lock into the journal: who opened it past the hub, with a key, a code, an app, and when.
 *
 * Each line is journaled once, in the same commit as the number of the last one taken: a crash repeats none and loses none.
 */
import type { Clock } from '../clock/clock.ts';
import type { TrustStore } from '../journal/journal.ts';
import type { Recorder } from '../journal/record.ts';
import type { LogEntry } from '../lock/nuki/log-entry.ts';
import type { KeptLog } from '../lock/nuki/options.ts';
import { clearedDraft, toLogDraft } from './lock-log-entry.ts';

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

export function lockLog({ door, record, store, clock, ownId }: LockLogParts): LockLog {
  const name = `lock-log:${door}` as const;
  // 0 is what was never kept, so that the number kept is one more than the line's.
  const next = (): number => store.number(name);
  let turn: Promise<unknown> = Promise.resolve();

  const takeNow = async (entries: readonly LogEntry[]): Promise<void> => {
    const first = next();
    const byIndex = new Map(entries.filter(({ index }) => index >= first).map((entry) => [entry.index, entry]));
    const fresh = [...byIndex.values()].sort((a, b) => a.index - b.index);
    for (let from = 0; from < fresh.length; from += atOnce) {
      const lines = fresh.slice(from, from + atOnce);
      const drafts = lines.map((entry) => toLogDraft(entry, { door, nowMs: clock.now(), ownId: ownId() }));
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
