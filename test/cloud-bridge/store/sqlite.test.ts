import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { toCarrier } from '../../../cloud-bridge/events/tell.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { Fault } from '../../../wire/faults.ts';

async function path(t: { teardown(work: () => unknown): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-store-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'cloud.sqlite');
}

const home = (id: string) => ({ id, created_at: 1 });
const told = (type: string) => ({ party: 'home:a', type, data: {}, at: 1 }) as const;

t.test('a transaction is whole or not at all', async (t) => {
  const store = await openSqliteStore(await path(t));
  t.teardown(() => store.close());
  await t.rejects(
    store.write(async (tables) => {
      await tables.homes.add(home('a'));
      await tables.events.add([told('x')]);
      throw new Fault('INTERNAL');
    }),
    { code: 'INTERNAL' },
  );
  t.equal(await store.read.homes.find('a'), undefined);
  t.equal(await store.read.events.last('home:a'), 0);
  await store.write((tables) => tables.homes.add(home('a')));
  t.match(await store.read.homes.find('a'), home('a'));
});

t.test('events are numbered for each party without a hole, and listeners hear after the commit', async (t) => {
  const store = await openSqliteStore(await path(t));
  t.teardown(() => store.close());
  const heard: string[] = [];
  const unlisten = store.onEvents((party) => heard.push(party));
  await store.write(({ events }) => events.add([told('x'), told('y'), toCarrier('b', 'task.dead', {}, 1)]));
  await store
    .write(async ({ events }) => {
      await events.add([told('lost')]);
      throw new Fault('INTERNAL');
    })
    .catch(() => undefined);
  await store.write(({ events }) => events.add([told('w')]));
  t.same(
    (await store.read.events.after('home:a', 0, 10)).map((one) => [one.seq, one.type]),
    [
      [1, 'x'],
      [2, 'y'],
      [3, 'w'],
    ],
  );
  t.same(heard, ['home:a', 'carrier:b', 'home:a']);
  unlisten();
  await store.write(({ events }) => events.add([told('v')]));
  t.equal(heard.length, 3);
});

t.test('two instances that read and then write do not lose each other', async (t) => {
  const file = await path(t);
  const stores = [await openSqliteStore(file), await openSqliteStore(file)];
  t.teardown(() => Promise.all(stores.map((store) => store.close())));
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => stores[index % 2]!.write(({ events }) => events.add([told(`${index}`)]))),
  );
  const all = await stores[0]!.read.events.after('home:a', 0, 100);
  t.same(
    all.map((one) => one.seq),
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

t.test('while another process writes, reading goes on and writing waits its turn', async (t) => {
  const file = await path(t);
  const store = await openSqliteStore(file);
  t.teardown(() => store.close());
  const other = new Database(file);
  other.exec('begin immediate');
  let done = false;
  const writing = store
    .write((tables) => tables.homes.add(home('a')))
    .then(() => {
      done = true;
    });
  t.equal(await store.read.homes.find('a'), undefined);
  t.equal(done, false);
  other.exec('commit');
  other.close();
  await writing;
  t.match(await store.read.homes.find('a'), home('a'));
});

t.test('what is committed is durable: write-ahead log, synced in full', async (t) => {
  const file = await path(t);
  const store = await openSqliteStore(file);
  t.teardown(() => store.close());
  const database = new Database(file, { readonly: true });
  t.equal(database.pragma('journal_mode', { simple: true }), 'wal');
  database.close();
  await store.write((tables) => tables.homes.add(home('a')));
  const other = new Database(file, { readonly: true });
  t.same(other.prepare('select id from home').all(), [{ id: 'a' }], 'seen by another process at once');
  other.close();
});

t.test('a file that is no database, or a folder that is not there, is refused', async (t) => {
  const file = await path(t);
  await writeFile(file, 'this is no database, whatever its name says'.repeat(100));
  await t.rejects(openSqliteStore(file), { code: 'STORE_UNAVAILABLE' });
  await t.rejects(openSqliteStore('/nowhere/at/all.sqlite'), { code: 'STORE_UNAVAILABLE' });
});

t.test('opening twice changes nothing', async (t) => {
  const file = await path(t);
  const first = await openSqliteStore(file);
  await first.write((tables) => tables.homes.add(home('a')));
  await first.close();
  const second = await openSqliteStore(file);
  t.teardown(() => second.close());
  t.match(await second.read.homes.find('a'), home('a'));
});

t.test('the database never refuses a rule book for its age: the highest version of these signers counts', async (t) => {
  const store = await openSqliteStore(await path(t));
  t.teardown(() => store.close());
  const document = (version: number, kid: string) => ({
    hub: 'h',
    hash: `${kid}${version}`,
    typ: 'rulebook+jwt',
    kid,
    version,
    about: null,
    text: `${kid}${version}`,
    exp_s: null,
    at: 1,
  });
  await store.write(async ({ documents }) => {
    for (const [version, kid] of [
      [3, 'old'],
      [1, 'new'],
      [2, 'new'],
    ] as const)
      await documents.add(document(version, kid));
    await documents.settle('h', 3, 'RULE_BOOK_EARLY');
  });
  const newest = async (...kids: string[]) => (await store.read.documents.newest('h', 'rulebook+jwt', kids))?.version;
  t.equal(await newest('old', 'new'), 3);
  t.equal(await newest('new'), 1, 'one that the hub has refused does not count');
  t.equal(await newest(), undefined);
});
