/** A cloud for a benchmark, on the disk of the working folder: a database in memory would make nothing durable. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Test } from 'tap';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import { openSqliteStore } from '../../cloud-bridge/store/sqlite.ts';
import type { Store } from '../../cloud-bridge/store/store.ts';
import { makeHub, type ScriptedHub } from '../cloud-bridge/support/hub.ts';
import { makeWorld, type World } from '../cloud-bridge/support/world.ts';

export interface CloudStage {
  readonly world: World;
  readonly store: Store;
  readonly hub: ScriptedHub;
}

/** What `makeWorld` needs of a test. */
type Ends = Pick<Test, 'teardown'>;

/** Runs `work` and cleans up after it. */
export async function onStage<T>(name: string, work: (folder: string, ends: Test) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.cwd(), `.bench-${name}-`));
  const [after, tmp]: [(() => unknown)[], string | undefined] = [[], process.env.TMPDIR];
  process.env.TMPDIR = folder;
  const ends: Ends = { teardown: (end) => void after.push(end as () => unknown) };
  try {
    return await work(folder, ends as Test);
  } finally {
    for (const end of after.reverse()) await end();
    if (tmp === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = tmp;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One home whose scripted hub is enrolled and connected. */
export async function openCloud(ends: Test): Promise<CloudStage> {
  const world = await makeWorld(ends);
  const hub = await makeHub(world);
  ends.teardown(() => hub.leave());
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  ends.teardown(() => store.close());
  return { world, store, hub };
}

/** Inserts rows of this size, so many in a transaction, into a bare table with the settings of the cloud's database. @returns rows a second */
export function bareInserts(
  folder: string,
  { rows, group, bytes }: { rows: number; group: number; bytes: number },
): number {
  const sqlite = new Sqlite(join(folder, 'bare.sqlite'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) sqlite.pragma(pragma);
  sqlite.exec('CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, party TEXT NOT NULL, text TEXT NOT NULL)');
  const insert = sqlite.prepare('INSERT INTO bare (party, text) VALUES (?, ?)');
  const text = 'x'.repeat(bytes);
  const start = performance.now();
  for (let done = 0; done < rows; done += group) {
    sqlite.transaction(() => {
      for (let n = 0; n < Math.min(group, rows - done); n += 1) insert.run('home:one', text);
    })();
  }
  const rate = (rows * 1000) / (performance.now() - start);
  sqlite.close();
  return rate;
}
