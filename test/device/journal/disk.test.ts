import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { typescript } from '../../support/node.ts';
import { draft, fill, hubId, makeFolder, makeStore } from './made.ts';

const child = join(import.meta.dirname, 'full-disk-child.ts');
const node = [process.execPath, typescript, child];

/** The file is looked for once in each turn of the event loop. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

interface Outcome {
  acknowledged: number;
  refusals: { code: string; sqlite: string }[];
  whileFull: { head: number; uses: number };
  after: { head: number; uses: number; verdict: { ok: boolean } };
}

const check = (t: Test, outcome: Outcome): void => {
  t.equal(outcome.refusals.length, 3);
  for (const refusal of outcome.refusals) t.equal(refusal.code, 'JOURNAL_UNAVAILABLE', refusal.sqlite);
  const calls = 5 + (outcome.acknowledged - 5) / 3;
  t.same(outcome.whileFull, { head: outcome.acknowledged, uses: calls }, 'what failed left nothing behind');
  t.same(outcome.after, {
    head: outcome.acknowledged + 1,
    uses: calls + 1,
    verdict: outcome.after.verdict,
  });
  t.ok(outcome.after.verdict.ok, 'and the chain hangs together once there is room again');
};

const onSmallDisk = (folder: string, command: string) =>
  spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=384k none "${folder}" && ${command}`], {
    encoding: 'utf8',
  });
const noSmallDisk = onSmallDisk(tmpdir(), 'true').status !== 0 && 'this machine gives no small disk (unshare, mount)';
const noLimit = spawnSync('prlimit', ['--version']).status !== 0 && 'this machine has no prlimit';

t.test(
  'a full disk refuses whole calls, and the journal goes on when there is room',
  { skip: noSmallDisk },
  async (t) => {
    const folder = makeFolder(t);
    const run = onSmallDisk(folder, [...node, 'tmpfs', `"${folder}"`, hubId].join(' '));
    t.equal(run.status, 0, run.stderr);
    const outcome = JSON.parse(run.stdout) as Outcome;
    t.match(outcome.refusals[0], { sqlite: /^SQLITE_(FULL|IOERR)/ });
    check(t, outcome);
  },
);

t.test('a disk that takes no more bytes refuses whole calls, until it does again', { skip: noLimit }, async (t) => {
  const [command = '', ...args] = [...node, 'limit', makeFolder(t), hubId];
  const run = spawnSync(command, args, { encoding: 'utf8' });
  t.equal(run.status, 0, run.stderr);
  const outcome = JSON.parse(run.stdout) as Outcome;
  t.match(outcome.refusals[0], { sqlite: /^SQLITE_IOERR/ });
  check(t, outcome);
});

t.test('a disk that goes away and comes back is used again', async (t) => {
  const folder = join(makeFolder(t), 'disk');
  mkdirSync(folder);
  const store = makeStore(t, join(folder, 'journal.db'));
  fill(store, 2);
  const head = store.journal.head();
  await nextTurn();
  renameSync(folder, `${folder}-away`);
  t.throws(() => store.journal.append([draft(3)]), { code: 'JOURNAL_UNAVAILABLE' });
  t.throws(() => store.trust.keepNumber('mark', 1), { code: 'JOURNAL_UNAVAILABLE' });
  t.throws(() => store.journal.read(1, 1), { code: 'JOURNAL_UNAVAILABLE' });
  t.same(store.journal.head(), head, 'the head is known without the disk');
  renameSync(`${folder}-away`, folder);
  t.equal(store.journal.append([draft(3)])[0]?.entry.prev, head.hash);
});

t.test('an empty disk in place of the old one is not taken for a new journal', async (t) => {
  const folder = join(makeFolder(t), 'disk');
  mkdirSync(folder);
  const store = makeStore(t, join(folder, 'journal.db'));
  fill(store, 2);
  await nextTurn();
  renameSync(folder, `${folder}-away`);
  mkdirSync(folder);
  for (let again = 0; again < 2; again += 1) {
    t.throws(() => store.journal.append([draft(3)]), { code: 'JOURNAL_UNAVAILABLE' });
  }
  t.notOk(existsSync(store.path), 'nothing is made there');
});

t.test('an old copy put under a running hub is refused', async (t) => {
  const folder = makeFolder(t);
  const store = makeStore(t, join(folder, 'journal.db'));
  fill(store, 2);
  store.close();
  copyFileSync(store.path, join(folder, 'copy.db'));
  const running = makeStore(t, store.path);
  fill(running, 2, 3);
  await nextTurn();
  for (const end of ['', '-wal', '-shm']) rmSync(`${store.path}${end}`, { force: true });
  renameSync(join(folder, 'copy.db'), store.path);
  t.throws(() => running.journal.append([draft(5)]), { code: 'JOURNAL_UNAVAILABLE' });
  t.throws(() => running.journal.append([draft(5)]), { code: 'JOURNAL_CORRUPT', detail: { seq: 4 } });
});

t.test('a hub comes up without a disk and uses it when it is there', async (t) => {
  const folder = join(makeFolder(t), 'disk');
  const store = makeStore(t, join(folder, 'journal.db'));
  t.throws(() => store.journal.head(), { code: 'JOURNAL_UNAVAILABLE' });
  t.throws(() => store.journal.append([draft(1)]), { code: 'JOURNAL_UNAVAILABLE' });
  mkdirSync(folder);
  t.equal(store.journal.append([draft(1)])[0]?.entry.seq, 1);
});

t.test('a damaged file is named as that, not as a disk that is gone', async (t) => {
  const path = join(makeFolder(t), 'journal.db');
  writeFileSync(path, 'this is no database, whatever its name says '.repeat(100));
  const store = openHubStore(path, hubId);
  t.teardown(() => store.close());
  t.throws(() => store.journal.head(), { code: 'JOURNAL_CORRUPT', detail: { sqlite: 'SQLITE_NOTADB' } });
});

t.test('a closed store stays closed', async (t) => {
  const store = makeStore(t);
  fill(store, 1);
  store.close();
  t.throws(() => store.journal.append([draft(2)]), { code: 'JOURNAL_UNAVAILABLE' });
});
