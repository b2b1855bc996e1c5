/** What the hub notes about itself: entries, alarms of no single door, and counted refusals. Best effort: nothing waits for it. */
import type { AlarmCode } from '../wire/alarms.ts';
import { Fault, type FaultCode } from '../wire/faults.ts';
import { type RefusalCounter, refusalCounter } from './bus/refusals.ts';
import type { Clock } from './clock/clock.ts';
import type { Draft, Journal } from './journal/journal.ts';
import type { Recorder } from './journal/record.ts';
import type { Log } from './log.ts';

export type RefusalKind = 'message.refused' | 'document.refused' | 'grant.refused' | 'knock.refused';

export interface Notes {
  /** Resolves when it is on disk, or could not be written. @returns whether it is */
  write(draft: Draft): Promise<boolean>;
  note(kind: Draft['kind'], body: Draft['body'], door?: string): void;
  /** Written down, or told past the journal when it cannot be. */
  alarm(code: AlarmCode, body?: Draft['body']): void;
  /** The first refusal of a kind, code and door is written at once, more of them once a minute with their count. */
  refused(kind: RefusalKind, code: FaultCode, door?: string): void;
  /** Passes on what `work` brings. A journal that fails in it is told past the journal, once until it works again. */
  watch<T>(work: Promise<T>): Promise<T>;
  /** Writes what is counted and not written yet; what is refused from then on waits for nothing. */
  close(): void;
}

export interface NotesParts {
  readonly record: Recorder['record'];
  readonly journal: Pick<Journal, 'onAppended'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells an alarm past the journal. */
  readonly tell: (code: AlarmCode) => void;
}

export function makeNotes({ record, journal, clock, log, tell }: NotesParts): Notes {
  const counters = new Map<string, RefusalCounter>();
  let isFailing = false;
  let isClosed = false;
  journal.onAppended(() => {
    isFailing = false;
  });
  const watch: Notes['watch'] = async (work) => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof Fault && error.code.startsWith('JOURNAL_') && !isFailing) {
        isFailing = true;
        tell('JOURNAL_FAILED');
      }
      throw error;
    }
  };
  const write = async (draft: Draft): Promise<boolean> => {
    try {
      await watch(record([draft]));
      return true;
    } catch {
      log.journalFailed({ kind: draft.kind });
      return false;
    }
  };
  const note: Notes['note'] = (kind, body, door) =>
    void write({ at: clock.now(), kind, body, ...(door === undefined ? {} : { door }) });
  return {
    write,
    watch,
    note,
    alarm: (code, body = {}) => {
      log.alarm({ code });
      const draft: Draft = { at: clock.now(), kind: 'alarm.raised', body: { code, ...body } };
      void write(draft).then((isWritten) => {
        if (!isWritten) tell(code);
      });
    },
    refused: (kind, code, door) => {
      if (isClosed) return note(kind, { code, count: 1 }, door);
      const name = `${kind} ${door ?? ''}`;
      const counter =
        counters.get(name) ?? refusalCounter(clock, (one, count) => note(kind, { code: one, count }, door));
      counters.set(name, counter);
      counter.count(code);
    },
    close: () => {
      isClosed = true;
      for (const counter of counters.values()) counter.close();
    },
  };
}
