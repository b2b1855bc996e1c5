/** The hub's store in one SQLite file: WAL, `synchronous=FULL`, entries and counts in the same commit. */
import { Fault } from '../../wire/faults.ts';
import { Chain, makeRows, openFloor } from './chain.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { countUse, makeGrantStore } from './grants.ts';
import type { HubStore } from './journal.ts';
import { makeRetention } from './retention.ts';
import { makeTrustStore } from './trust.ts';

/**
 * Opens the store of one hub and makes the file if there is none. Its end is checked: the last 64 entries must hang together.
 *
 * Never throws: a hub has to come up and lock its doors without a disk (R7). While the file cannot be used each call throws
 * - JOURNAL_UNAVAILABLE, JOURNAL_CORRUPT, JOURNAL_OTHER_HUB -, and the first one after the disk is back opens it again.
 *
 * Beside `<path>` lie `<path>-wal` and `<path>-shm`; the three belong together.
 * @param options.readonly  to look at the file of a hub that runs; it must exist
 */
export function openHubStore(path: string, hubId: string, options: DatabaseOptions = {}): HubStore {
  const readonly = options.readonly ?? false;
  const database: Database = new Database(
    path,
    (sql) => {
      openFloor(sql, hubId, readonly);
      // Whoever only looks wants to see what is wrong rather than be told that something is.
      if (!readonly) chain.reopen(sql);
    },
    options,
  );
  const chain = new Chain(database, countUse);
  try {
    chain.head();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return {
    hubId,
    journal: chain,
    grants: makeGrantStore(database),
    trust: makeTrustStore(database),
    retention: makeRetention(database),
    rows: makeRows(database),
    close: () => database.close(),
  };
}
