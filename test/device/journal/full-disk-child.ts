/**
 * Fills the disk under a journal and frees it again. Arguments: `tmpfs` (the folder is a small disk of its own) or `limit`
 * (this process may write no file past a size), folder, hub. Prints what happened as JSON.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { verifyStore } from '../../../device/journal/verify.ts';
import { Fault } from '../../../wire/faults.ts';
import { startMs } from './made.ts';

const [, , how = '', folder = '', hub = ''] = process.argv;
const path = join(folder, 'journal.db');
const ballast = join(folder, 'ballast');
const use = { grant: 'g', grantExp: 10, rule: 'r', firstOfVisit: true };
const big = (n: number): Draft => ({ at: startMs + n, kind: 'visit.unlock', body: { n, text: 'x'.repeat(2000) } });

function fillDisk(): void {
  if (how === 'limit') {
    limitFiles('65536:');
    return;
  }
  const file = openSync(ballast, 'w');
  const bytes = Buffer.alloc(4096, 1);
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

function freeDisk(): void {
  if (how === 'limit') {
    limitFiles('unlimited:');
    return;
  }
  rmSync(ballast);
  fsyncSync(openSync(folder, 'r'));
}

function limitFiles(limit: string): void {
  const done = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`]);
  if (done.status !== 0) throw new Fault('INTERNAL', { stderr: String(done.stderr) });
}

const store = openHubStore(path, hub);
for (let n = 1; n <= 5; n += 1) store.journal.append([big(n)], use);
fillDisk();
const refusals: unknown[] = [];
// On a full disk the first may still fit into a page that is there.
let acknowledged = 5;
for (let n = 6; refusals.length < 3 && n < 200; n += 1) {
  try {
    store.journal.append([big(n), big(n), big(n)], use);
    acknowledged += 3;
  } catch (error) {
    refusals.push(error instanceof Fault ? { code: error.code, ...error.detail } : String(error));
  }
}
const whileFull = { head: store.journal.head().seq, uses: store.grants.usesOf('g') };
freeDisk();
store.journal.append([big(1000)], use);
const verdict = await verifyStore(store);
const result = {
  acknowledged,
  refusals,
  whileFull,
  after: { head: store.journal.head().seq, uses: store.grants.usesOf('g'), verdict },
};
store.close();
process.stdout.write(JSON.stringify(result));
