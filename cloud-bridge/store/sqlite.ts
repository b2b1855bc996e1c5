/** The store on SQLite: WAL, synchronous=FULL, one connection that writes and one that reads. The only file that knows SQLite. */
import { setTimeout } from 'node:timers/promises';
import Database, { type Statement } from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver } from 'kysely';
import { Fault } from '../../wire/faults.ts';
import { accountsOn } from './accounts.ts';
import { answersOn } from './answers.ts';
import { attemptsOn } from './attempts.ts';
import { challengesOn } from './challenges.ts';
import { clientsOn } from './clients.ts';
import { codesOn } from './codes.ts';
import { deliveriesOn } from './deliveries.ts';
import { disputesOn } from './disputes.ts';
import { documentsOn } from './documents.ts';
import { eventsOn } from './events.ts';
import { evidenceOn } from './evidence.ts';
import { grantsOn } from './grants.ts';
import { guestsOn } from './guests.ts';
import { hintsOn } from './hints.ts';
import { holdersOn } from './holders.ts';
import { homesOn } from './homes.ts';
import { hubsOn } from './hubs.ts';
import { journalsOn } from './journals.ts';
import { migrate } from './migrate.ts';
import { noticeDevicesOn } from './notice-devices.ts';
import { noticeFeedsOn } from './notice-feeds.ts';
import { noticesOn } from './notices.ts';
import { partiesOn } from './parties.ts';
import { photosOn } from './photos.ts';
import { playsOn } from './plays.ts';
import { proofsOn } from './proofs.ts';
import { recordingsOn } from './recordings.ts';
import { recoveriesOn } from './recoveries.ts';
import type { Schema } from './schema.ts';
import { sessionsOn } from './sessions.ts';
import { standingAlarmsOn } from './standing-alarms.ts';
import { stopsOn } from './stops.ts';
import type { Store, Tables } from './store.ts';
import { casePicturesOn, supportCasesOn, supportStaffOn } from './support.ts';
import { tasksOn } from './tasks.ts';
import { visitsOn } from './visits.ts';
import { webhooksOn } from './webhooks.ts';
import { wishBooksOn } from './wishes.ts';

/** Waits this long for another process that writes, ms. */
const busyMs = 5_000;
const maxStatements = 256;

const isBusy = (error: unknown): boolean => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');

/**
 * Begins as a writer at once: a transaction that reads first and writes later must not lose the race in between.
 * While another writes it waits without holding up this process, whose requests have nothing to do with it.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const end = performance.now() + busyMs;
    for (let waitMs = 1; ; waitMs = Math.min(20, waitMs * 2)) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
      }
      await setTimeout(waitMs);
    }
  }
}

class Dialect extends SqliteDialect {
  readonly #database: { close(): void; prepare(sql: string): Statement };
  constructor(database: Database.Database) {
    const statements = new Map<string, Statement>();
    const cached = {
      close: () => void database.close(),
      prepare: (sql: string): Statement => {
        const known = statements.get(sql);
        if (known !== undefined) return known;
        const statement = database.prepare(sql);
        if (statements.size < maxStatements) statements.set(sql, statement);
        return statement;
      },
    };
    super({ database: cached as never });
    this.#database = cached;
  }
  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database as never });
  }
}

/** @param waitMs  how long a statement may hold up the process for another's lock */
function open(path: string, waitMs: number): Kysely<Schema> {
  const database = new Database(path, { timeout: busyMs });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma(`busy_timeout = ${waitMs}`);
  return new Kysely<Schema>({ dialect: new Dialect(database) });
}

const tablesOn = (db: Kysely<Schema>, grown: (party: string) => void): Tables => ({
  homes: homesOn(db),
  hubs: hubsOn(db),
  parties: partiesOn(db),
  clients: clientsOn(db),
  documents: documentsOn(db),
  deliveries: deliveriesOn(db),
  wishBooks: wishBooksOn(db),
  attempts: attemptsOn(db),
  stops: stopsOn(db),
  tasks: tasksOn(db),
  grants: grantsOn(db),
  guests: guestsOn(db),
  visits: visitsOn(db),
  journals: journalsOn(db),
  events: eventsOn(db, grown),
  evidence: evidenceOn(db),
  webhooks: webhooksOn(db),
  plays: playsOn(db),
  answers: answersOn(db),
  proofs: proofsOn(db),
  hints: hintsOn(db),
  photos: photosOn(db),
  recordings: recordingsOn(db),
  noticeFeeds: noticeFeedsOn(db),
  noticeDevices: noticeDevicesOn(db),
  notices: noticesOn(db),
  standingAlarms: standingAlarmsOn(db),
  supportStaff: supportStaffOn(db),
  supportCases: supportCasesOn(db),
  casePictures: casePicturesOn(db),
  disputes: disputesOn(db),
  accounts: accountsOn(db),
  sessions: sessionsOn(db),
  challenges: challengesOn(db),
  recoveries: recoveriesOn(db),
  holders: holdersOn(db),
  codes: codesOn(db),
});

/**
 * Opens or creates the database and brings its tables up to date.
 * @param path  file; its folder exists
 * @throws Fault STORE_UNAVAILABLE
 */
export async function openSqliteStore(path: string): Promise<Store> {
  let writer: Kysely<Schema>;
  let reader: Kysely<Schema>;
  try {
    writer = open(path, 0);
    await migrate(writer);
    // Readers wait only where another process recovers or closes the log.
    reader = open(path, 1_000);
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('STORE_UNAVAILABLE', { path }, { cause });
  }
  const listeners = new Set<(party: string) => void>();
  return {
    read: tablesOn(reader, () => undefined),
    write: async (work) => {
      const grown = new Set<string>();
      const result = await writer.transaction().execute((db) => work(tablesOn(db, (party) => grown.add(party))));
      for (const party of grown) for (const listener of listeners) listener(party);
      return result;
    },
    onEvents: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      await reader.destroy();
      await writer.destroy();
    },
  };
}
