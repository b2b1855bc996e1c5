/** The log of the lock, followed: every entry that is newer than the last one that was taken, in order, once. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import { command } from './command.ts';
import { FieldReader } from './fields.ts';
import type { Guarded, Page } from './guarded.ts';
import { pageEntries } from './list.ts';
import { decodeLogEntry, type LogEntry } from './log-entry.ts';
import { decodeLogCount, encodeLogRequest, type LogAsked } from './log-request.ts';
import type { Pin } from './pin.ts';

/** Where the log goes: the one who takes it keeps and journals it. */
export interface LogTaker {
  /**
   * Index of the last entry that was taken, kept over restarts; undefined before the first. After `cleared` 0, or that of an entry
   * taken since: not the highest one.
   */
  lastIndex(): number | undefined;
  /**
   * Where the log begins, told once where `lastIndex` was undefined: nothing at or before it is handed over. Whoever keeps it as
   * `lastIndex` loses nothing when the hub restarts before the first entry.
   */
  begin?(index: number): Promise<void>;
  /** The log was cleared, and counts from 1 again: told before what it holds since is handed over. As `take` when it is rejected. */
  cleared?(): Promise<void>;
  /** Takes some entries, in order. What is rejected is handed over again, later, from `lastIndex` on. */
  take(entries: readonly LogEntry[]): Promise<void>;
}

export type LogEvent =
  /** Entries wait in the lock: they could not be read, or were not taken. They are asked for again with the next question. */
  | { readonly on: 'log.late'; readonly code: FaultCode }
  /** Its entries are gone: a new firmware, a reset, or somebody who wants nothing to be read there. */
  | { readonly on: 'log.cleared' }
  /** The owner has switched the log of the lock off, or on again. */
  | { readonly on: 'log.switched'; readonly isLogging: boolean }
  /** An entry that is none was passed over. */
  | { readonly on: 'frame.dropped'; readonly code: FaultCode };

export interface LogReaderOptions {
  readonly guarded: Guarded;
  readonly pin: Pin;
  readonly taker: LogTaker;
  readonly onEvent: (event: LogEvent) => void;
}

/** So often is an entry asked for that does not come: on a line that loses one in ten, one in a million is given up. */
const gapTries = 6;

export class LogReader {
  readonly #options: LogReaderOptions;
  /** Of the last entry that was taken. */
  #last: number | undefined;
  #isLogging = true;
  #isWanted = false;
  #isReading = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  /** Something may be new in the log: it is read with the next `read`. */
  want(): void {
    this.#isWanted = true;
  }

  /** Reads what is wanted. Without a PIN that the lock takes, nothing. Never throws: what fails is wanted again. */
  async read(): Promise<void> {
    const { pin, onEvent } = this.#options;
    if (this.#isReading || !this.#isWanted || !pin.isFit) return;
    this.#isReading = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#catchUp();
      }
    } catch (cause) {
      this.#isWanted = true;
      onEvent({ on: 'log.late', code: cause instanceof Fault ? cause.code : 'INTERNAL' });
    } finally {
      this.#isReading = false;
    }
  }

  async #catchUp(): Promise<void> {
    const { taker, onEvent } = this.#options;
    const { newest, isLogging } = await this.#look();
    if (isLogging !== this.#isLogging) onEvent({ on: 'log.switched', isLogging });
    this.#isLogging = isLogging;
    this.#last ??= taker.lastIndex();
    // A log that is off may hide what it holds: nothing follows from its being empty.
    if (newest === undefined && !isLogging) return;
    const end = newest ?? 0;
    if (this.#last === undefined) {
      await taker.begin?.(end);
      this.#last = end;
      return;
    }
    // It was cleared, and counts from the beginning again.
    if (end < this.#last) {
      await taker.cleared?.();
      this.#last = 0;
      onEvent({ on: 'log.cleared' });
    }
    while (this.#last < end) {
      const { entries, lastIndex } = await this.#after(this.#last);
      if (entries.length > 0) await this.#hand(entries);
      this.#last = lastIndex;
    }
  }

  async #hand(entries: readonly LogEntry[]): Promise<void> {
    const { taker } = this.#options;
    try {
      await taker.take(entries);
    } catch (cause) {
      // It may have kept some of them.
      this.#last = taker.lastIndex() ?? this.#last;
      throw cause;
    }
  }

  /** Index of the newest entry, and whether the lock writes any more. */
  async #look(): Promise<{ readonly newest: number | undefined; readonly isLogging: boolean }> {
    const { count, entries } = await this.#page({ start: 0, count: 1, order: 'descending' });
    const told = count && decodeLogCount(count);
    const said = told?.ok ? told.value : undefined;
    const [newest] = entries;
    // Nothing came, and the lock did not say that it has nothing: the entry was lost on the way.
    const isLogging = said?.isLogging !== false;
    if (newest === undefined && isLogging && said?.count !== 0) throw new Fault('LOCK_SILENT', { why: 'no entry' });
    return { newest: newest && indexOf(newest), isLogging };
  }

  /**
   * The next entries after `last`, up to where one is missing: it is asked for again and again before it is believed that the lock has it
   * no longer. @throws Fault LOCK_SILENT when none comes
   */
  async #after(last: number): Promise<{ readonly entries: readonly LogEntry[]; readonly lastIndex: number }> {
    let fresh = await this.#freshAfter(last);
    for (let tries = 1; firstOf(fresh) !== last + 1 && tries < gapTries; tries += 1) {
      const again = await this.#freshAfter(last);
      if (firstOf(again) < firstOf(fresh)) fresh = again;
    }
    const newest = fresh.at(-1);
    if (newest === undefined) throw new Fault('LOCK_SILENT', { why: 'no entry' });
    const read: LogEntry[] = [];
    for (const one of fresh.map(decodeLogEntry)) {
      if (one.ok) read.push(one.value);
      else this.#options.onEvent({ on: 'frame.dropped', code: one.code });
    }
    return { entries: read, lastIndex: indexOf(newest) };
  }

  /** One page of them, in order and without a gap. */
  async #freshAfter(last: number): Promise<readonly Uint8Array[]> {
    const { entries } = await this.#page({ start: last, count: pageEntries, order: 'ascending' });
    const fresh = entries.filter((one) => indexOf(one) > last).toSorted((a, b) => indexOf(a) - indexOf(b));
    return fresh.filter((one, at) => indexOf(one) === firstOf(fresh) + at);
  }

  #page(asked: LogAsked): Promise<Page> {
    const order = { command: command.requestLog, body: encodeLogRequest(asked), needs: 'pin' } as const;
    return this.#options.guarded.page(order, { count: command.logCount, entry: command.logEntry });
  }
}

const firstOf = ([first]: readonly Uint8Array[]): number => (first === undefined ? Infinity : indexOf(first));
/** 0, which no entry has, where there is none. */
const indexOf = (payload: Uint8Array): number => new FieldReader(payload).u32();
