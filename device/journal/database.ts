/** One SQLite file on a disk that may fill up, fail and come back. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Fault } from '../../wire/faults.ts';
import { migrations } from './migrations/all.ts';

export type Value = string | number | null;

/** Statements of one open connection; each text is prepared once. */
export interface Sql {
  run(text: string, ...values: Value[]): { readonly changes: number };
  get<Row>(text: string, ...values: Value[]): Row | undefined;
  all<Row>(text: string, ...values: Value[]): Row[];
}

export interface DatabaseOptions {
  /** Reads a file that another process writes: it is neither made nor changed. */
  readonly readonly?: boolean;
}

interface Connection extends Sql {
  readonly sqlite: Sqlite.Database;
  /** Device and inode of the file that is open. */
  readonly inode: string;
}

const pragmas = ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 1000', 'trusted_schema = OFF'];

/**
 * Runs work on the file and turns what SQLite throws into faults. After a failure the connection is dropped: the next call
 * opens the file afresh, so that a disk that came back is used again, and nothing in memory outlives a commit that failed.
 */
export class Database {
  readonly readonly: boolean;
  readonly #path: string;
  readonly #onOpened: (sql: Sql) => void;
  #connection: Connection | undefined;
  #isClosed = false;
  #isInPlace = false;
  /** Once open, the file is expected to be there: a disk that went away must not be answered with an empty journal. */
  #mustExist: boolean;

  /**
   * Opens nothing yet.
   * @param onOpened  called on each new connection before anything else uses it; what it throws, the caller gets
   */
  constructor(path: string, onOpened: (sql: Sql) => void, options: DatabaseOptions = {}) {
    this.#path = path;
    this.readonly = options.readonly ?? false;
    this.#mustExist = this.readonly;
    this.#onOpened = onOpened;
  }

  /** @throws Fault JOURNAL_UNAVAILABLE (full, gone, read only), JOURNAL_CORRUPT */
  read<T>(work: (sql: Sql) => T): T {
    return this.#guard(() => work(this.#connect()));
  }

  /**
   * Runs `work` in one transaction, durable when this returns (synchronous=FULL). All or nothing.
   * @throws Fault as `read`; what `work` itself throws rolls back and is thrown on
   */
  write<T>(work: (sql: Sql) => T): T {
    return this.#guard(() => {
      const connection = this.#connect();
      this.#checkInPlace(connection);
      connection.run('BEGIN IMMEDIATE');
      try {
        const result = work(connection);
        connection.run('COMMIT');
        return result;
      } catch (error) {
        if (connection.sqlite.inTransaction) connection.run('ROLLBACK');
        throw error;
      }
    });
  }

  /** Closes the file for good. */
  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #drop(): void {
    const sqlite = this.#connection?.sqlite;
    this.#connection = undefined;
    this.#isInPlace = false;
    try {
      sqlite?.close();
    } catch {
      // A disk that is gone cannot be closed properly; whatever was committed is committed.
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const failure = toFault(error);
      if (failure instanceof Fault && failure.code.startsWith('JOURNAL_')) this.#drop();
      throw failure;
    }
  }

  /** A file that was moved away or deleted would take writes and lose them. Once in each turn of the event loop is enough. */
  #checkInPlace(connection: Connection): void {
    if (this.#isInPlace) return;
    if (inodeOf(this.#path) !== connection.inode) throw new Fault('JOURNAL_UNAVAILABLE', { why: 'file moved' });
    this.#isInPlace = true;
    setImmediate(() => {
      this.#isInPlace = false;
    }).unref();
  }

  #connect(): Connection {
    if (this.#connection !== undefined) return this.#connection;
    if (this.#isClosed) throw new Fault('JOURNAL_UNAVAILABLE', { why: 'closed' });
    if (!existsSync(dirname(this.#path))) throw new Fault('JOURNAL_UNAVAILABLE', { why: 'no folder' });
    const sqlite = new Sqlite(this.#path, { readonly: this.readonly, fileMustExist: this.#mustExist });
    const prepared = new Map<string, Sqlite.Statement>();
    const prepare = (text: string): Sqlite.Statement => {
      let statement = prepared.get(text);
      if (statement === undefined) {
        statement = sqlite.prepare(text);
        prepared.set(text, statement);
      }
      return statement;
    };
    try {
      if (!this.readonly) {
        for (const pragma of pragmas) sqlite.pragma(pragma);
        migrate(sqlite);
      }
      const connection: Connection = {
        sqlite,
        inode: inodeOf(this.#path),
        run: (text, ...values) => prepare(text).run(...values),
        get: <Row>(text: string, ...values: Value[]) => prepare(text).get(...values) as Row | undefined,
        all: <Row>(text: string, ...values: Value[]) => prepare(text).all(...values) as Row[],
      };
      this.#onOpened(connection);
      this.#connection = connection;
      this.#mustExist = true;
      return connection;
    } catch (error) {
      sqlite.close();
      throw error;
    }
  }
}

function inodeOf(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return 'gone';
  }
}

function migrate(sqlite: Sqlite.Database): void {
  const version = sqlite.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length)
    throw new Fault('JOURNAL_UNAVAILABLE', { why: 'written by newer software', version });
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    sqlite.transaction(() => {
      sqlite.exec(step);
      sqlite.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** SQLite result code -> fault. What is not known to be damage counts as a disk that cannot be written: the safe side (R7). */
function toFault(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const sqlite = error.code;
  const damaged = sqlite.startsWith('SQLITE_CORRUPT') || sqlite.startsWith('SQLITE_NOTADB');
  return new Fault(damaged ? 'JOURNAL_CORRUPT' : 'JOURNAL_UNAVAILABLE', { sqlite }, { cause: error });
}
