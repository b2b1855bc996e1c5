/** The journal's rows: each entry takes its place behind the last one, in the same commit as the use that it tells of. */
import { Fault } from '../../wire/faults.ts';
import {
  type ChainHead,
  type Entry,
  followChain,
  fromEntryText,
  genesisOf,
  maxEntryBytes,
  toEntryText,
} from '../../wire/journal.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Database, Sql, Value } from './database.ts';
import type { Draft, Journal, NumberKept, Rows, StoredRow, Use, Written } from './journal.ts';
import { isReadable } from './readable.ts';
import { keepNumber } from './trust.ts';

/** How many of the last entries are checked when the file is opened. */
const tailLength = 64;
/** Rows that one query of `read` takes. */
const pageLength = 256;

const selectFloor = 'SELECT seq, hash FROM floor';
const insertOne = 'INSERT INTO journal (seq, text, hash) VALUES (?, ?, ?)';
/** Rows that one statement inserts where there are that many: it costs a third less than one by one. */
const rowsAtOnce = 10;
const insertTen = insertOne + ', (?, ?, ?)'.repeat(rowsAtOnce - 1);
const selectRows = 'SELECT seq, text, hash FROM journal WHERE seq >= ? ORDER BY seq LIMIT ?';
const selectHash = 'SELECT hash FROM journal WHERE seq = ?';
const selectLast = 'SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1';

/** Where a new file starts. @throws Fault JOURNAL_OTHER_HUB for the file of another hub */
export function openFloor(sql: Sql, hubId: string, readonly: boolean): void {
  const floor = sql.get<{ hub: string }>('SELECT hub FROM floor');
  if (floor === undefined && !readonly) {
    sql.run('INSERT INTO floor (one, hub, seq, hash) VALUES (1, ?, 0, ?)', hubId, genesisOf(hubId));
  } else if (floor?.hub !== hubId) throw new Fault('JOURNAL_OTHER_HUB');
}

export class Chain implements Journal {
  readonly #database: Database;
  readonly #count: (sql: Sql, use: Use) => void;
  readonly #listeners = new Set<(written: readonly Written[]) => void>();
  #head: ChainHead | undefined;

  /** @param count  counts a use, in the transaction of the entries */
  constructor(database: Database, count: (sql: Sql, use: Use) => void) {
    this.#database = database;
    this.#count = count;
  }

  /**
   * Finds the head on a new connection and follows the last entries up to it.
   * @throws Fault JOURNAL_CORRUPT when they do not hang together, or when this file ends before what was written through it
   */
  reopen(sql: Sql): void {
    const floor = sql.get<ChainHead>(selectFloor);
    if (floor === undefined) throw new Fault('JOURNAL_CORRUPT', { why: 'no floor' });
    const last = lastIn(sql);
    const from = Math.max(floor.seq, last.seq - tailLength);
    let head: ChainHead | undefined =
      from === floor.seq ? floor : { seq: from, hash: sql.get<{ hash: string }>(selectHash, from)?.hash ?? '' };
    for (const row of sql.all<StoredRow>(selectRows, from + 1, tailLength)) {
      const followed = followChain(head, row.text);
      if (!followed.ok) throw new Fault('JOURNAL_CORRUPT', { why: followed.code, seq: row.seq });
      head = followed.value.head;
    }
    if (head.seq !== last.seq || head.hash !== last.hash) throw new Fault('JOURNAL_CORRUPT', { why: 'tail' });
    const known = this.#head;
    if (known !== undefined && hashIn(sql, known.seq) !== known.hash) {
      throw new Fault('JOURNAL_CORRUPT', { why: 'ends before what was written', seq: known.seq });
    }
    this.#head = head;
  }

  head(): ChainHead {
    if (this.#database.readonly) return this.#database.read(lastIn);
    if (this.#head === undefined) this.#database.read(() => undefined);
    return this.#head!;
  }

  append(drafts: readonly Draft[], use?: Use, number?: NumberKept): readonly Written[] {
    const written = this.#database.write((sql) => {
      const placed = place(drafts, this.head());
      insertAll(sql, placed);
      if (use !== undefined) this.#count(sql, use);
      if (number !== undefined) keepNumber(sql, number);
      return placed;
    });
    const last = written.at(-1);
    if (last === undefined) return written;
    // Only now: a head in memory that ran ahead of the disk would break the chain for ever.
    this.#head = { seq: last.entry.seq, hash: last.hash };
    for (const listener of this.#listeners) tell(listener, written);
    return written;
  }

  read(seq: number, limit: number, maxBytes = Number.POSITIVE_INFINITY): readonly string[] {
    return this.#database.read((sql) => {
      const texts: string[] = [];
      let bytes = 0;
      for (let next = seq; texts.length < limit; ) {
        const page = sql.all<StoredRow>(selectRows, next, Math.min(pageLength, limit - texts.length));
        for (const row of page) {
          bytes += Buffer.byteLength(row.text);
          if (texts.length > 0 && bytes > maxBytes) return texts;
          texts.push(row.text);
        }
        if (page.length === 0) break;
        next = page.at(-1)!.seq + 1;
      }
      return texts;
    });
  }

  hashAt(seq: number): string | undefined {
    return this.#database.read((sql) => hashIn(sql, seq));
  }

  recent(filter: Parameters<Journal['recent']>[0], limit: number): readonly Entry[] {
    const { door, visit, kinds } = filter;
    const where = ['TRUE'];
    const values: string[] = [];
    const add = (condition: string, value: string | undefined): void => {
      if (value === undefined) return;
      where.push(condition);
      values.push(value);
    };
    add('visit = ?', visit);
    add('door = ?', door);
    add('kind IN (SELECT value FROM json_each(?))', kinds && JSON.stringify(kinds));
    const query = `SELECT text FROM journal WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`;
    return this.#database.read((sql) => sql.all<{ text: string }>(query, ...values, limit).map(toEntry));
  }

  onAppended(listener: (written: readonly Written[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The rows as they lie there, for those who check them. */
export const makeRows = (database: Database): Rows => ({
  floor: () => database.read((sql) => sql.get<ChainHead>(selectFloor)!),
  from: (seq, limit) => database.read((sql) => sql.all<StoredRow>(selectRows, seq, limit)),
});

const hashIn = (sql: Sql, seq: number): string | undefined =>
  sql.get<{ hash: string }>(selectHash, seq)?.hash ??
  sql.get<{ hash: string }>('SELECT hash FROM floor WHERE seq = ?', seq)?.hash;

const lastIn = (sql: Sql): ChainHead => sql.get<ChainHead>(selectLast) ?? sql.get<ChainHead>(selectFloor)!;

/** A listener that throws must not make a commit look like a failure. */
function tell(listener: (written: readonly Written[]) => void, written: readonly Written[]): void {
  try {
    listener(written);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function insertAll(sql: Sql, placed: readonly Written[]): void {
  for (let at = 0; at < placed.length; ) {
    const count = placed.length - at < rowsAtOnce ? 1 : rowsAtOnce;
    const values: Value[] = [];
    for (const { entry, text, hash } of placed.slice(at, at + count)) values.push(entry.seq, text, hash);
    sql.run(count === 1 ? insertOne : insertTen, ...values);
    at += count;
  }
}

function place(drafts: readonly Draft[], head: ChainHead): Written[] {
  const placed: Written[] = [];
  for (const draft of drafts) {
    // An entry that the other end refuses would hold up every entry behind it.
    if (!isReadable(draft)) throw new Fault('MESSAGE_MALFORMED', { kind: draft.kind });
    const entry: Entry = { seq: head.seq + 1, ...draft, prev: head.hash };
    const text = toEntryText(entry);
    if (text.length > maxEntryBytes) throw new Fault('MESSAGE_TOO_BIG', { kind: draft.kind, chars: text.length });
    const hash = hashOf(text);
    placed.push({ entry, text, hash });
    head = { seq: entry.seq, hash };
  }
  return placed;
}

function toEntry({ text }: { readonly text: string }): Entry {
  const read = fromEntryText(text);
  if (!read.ok) throw new Fault('JOURNAL_CORRUPT', { why: read.code });
  return read.value;
}
