/** What the lock remembers: who did what, and how it went (reference 12). */
import { Fields } from './bytes.ts';
import { logTypes } from './codes.ts';

export interface LogEntry {
  /** Counts up by one, from 1. */
  readonly index: number;
  readonly atMs: number;
  /** 0 where nobody with an authorization did it. */
  readonly authorizationId: number;
  readonly name: string;
  readonly type: number;
  readonly data: readonly number[];
}

export type NewEntry = Partial<Pick<LogEntry, 'authorizationId' | 'name'>> & Pick<LogEntry, 'type' | 'data'>;

/** Kept; the oldest give way. */
const maxEntries = 500;

export class LogBook {
  #entries: LogEntry[];
  #index: number;
  #isOn: boolean;

  /** @param kept  what was in it before it lost its power */
  constructor(kept?: Pick<LogBook, 'entries' | 'index' | 'isOn'>) {
    this.#entries = [...(kept?.entries ?? [])];
    this.#index = kept?.index ?? 0;
    this.#isOn = kept?.isOn ?? true;
  }

  /** Of the entry that was written last; 0 before the first. */
  get index(): number {
    return this.#index;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** @returns whether it was written down */
  add({ authorizationId = 0, name = '', type, data }: NewEntry, atMs: number): boolean {
    if (!this.#isOn && type !== logTypes.logging) return false;
    this.#index += 1;
    this.#entries.push({ index: this.#index, atMs, authorizationId, name, type, data });
    this.#entries = this.#entries.slice(-maxEntries);
    return true;
  }

  /** All entries are gone, and the next one is the first again. */
  clear(): void {
    this.#entries = [];
    this.#index = 0;
  }

  switch(isOn: boolean): void {
    this.#isOn = isOn;
  }

  /** @param start  only older (descending) or newer ones (ascending) than this; 0 from the end that comes first */
  page(start: number, count: number, descending: boolean): readonly LogEntry[] {
    const ordered = descending ? this.#entries.toReversed() : this.#entries;
    const isBeyond = ({ index }: LogEntry): boolean => start === 0 || (descending ? index < start : index > start);
    return ordered.filter(isBeyond).slice(0, count);
  }
}

/** Payload of a Log Entry, 48 bytes and its data. */
export const logEntryBytes = (entry: LogEntry): Uint8Array =>
  new Fields()
    .u32(entry.index)
    .time(entry.atMs)
    .u32(entry.authorizationId)
    .text(entry.name, 32)
    .u8(entry.type)
    .raw(entry.data)
    .bytes();
