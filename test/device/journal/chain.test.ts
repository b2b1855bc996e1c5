import Sqlite from 'better-sqlite3';
import t from 'tap';
import type { Draft, Written } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { followChain, genesisOf } from '../../../wire/journal.ts';
import { hashOf } from '../../../wire/jws.ts';
import { door, draft, fill, hubId, makeStore, startMs, visit } from './made.ts';

t.test('a new journal stands at the genesis hash of its hub', async (t) => {
  const store = makeStore(t);
  t.same(store.journal.head(), { seq: 0, hash: genesisOf(hubId) });
  t.equal(store.journal.hashAt(0), genesisOf(hubId));
  t.equal(store.journal.hashAt(1), undefined);
  t.same(store.journal.read(1, 10), []);
});

t.test('each entry carries the hash of the text before it', async (t) => {
  const store = makeStore(t);
  fill(store, 3);
  const written = store.journal.append([draft(4), draft(5)]);
  let head = { seq: 0, hash: genesisOf(hubId) };
  for (const text of store.journal.read(1, 100)) {
    const followed = followChain(head, text);
    if (!followed.ok) return t.fail(followed.code);
    head = followed.value.head;
    t.equal(store.journal.hashAt(head.seq), hashOf(text));
  }
  t.equal(head.seq, 5);
  t.same(store.journal.head(), head);
  t.same(
    written.map((one) => [one.entry.seq, one.hash]),
    [
      [4, store.journal.hashAt(4)],
      [5, head.hash],
    ],
  );
});

t.test('a reopened journal goes on where it ended', async (t) => {
  const store = makeStore(t);
  fill(store, 200);
  const head = store.journal.head();
  store.close();
  const again = makeStore(t, store.path);
  t.same(again.journal.head(), head);
  const [next] = again.journal.append([draft(201)]);
  t.equal(next?.entry.seq, 201);
  t.equal(next?.entry.prev, head.hash);
});

t.test('a draft that nobody could read back leaves nothing of its call behind', async (t) => {
  const store = makeStore(t);
  fill(store, 2);
  const head = store.journal.head();
  const use = { grant: 'g', grantExp: 10, rule: 'r', firstOfVisit: true };
  const bad: readonly [string, Draft][] = [
    ['MESSAGE_MALFORMED', draft(3, { at: 1.5 })],
    ['MESSAGE_MALFORMED', draft(3, { door: 'kitchen' })],
    ['MESSAGE_MALFORMED', draft(3, { body: { 'not a name': 1 } })],
    ['MESSAGE_TOO_BIG', draft(3, { body: { a: 'x'.repeat(3000), b: 'x'.repeat(3000) } })],
  ];
  for (const [code, one] of bad) t.throws(() => store.journal.append([draft(3), one], use), { code });
  t.same(store.journal.head(), head);
  t.equal(store.journal.read(1, 10).length, 2);
  t.equal(store.grants.usesOf('g'), 0);
  t.equal(store.journal.append([draft(3)])[0]?.entry.seq, 3, 'and the next one takes the place');
});

t.test('a use is counted in the commit of its entry', async (t) => {
  const store = makeStore(t);
  const use = { grant: 'g', grantExp: 10, rule: 'r' };
  store.journal.append([draft(1)], { ...use, firstOfVisit: true });
  store.journal.append([draft(2)], { ...use, firstOfVisit: false });
  t.equal(store.grants.usesOf('g'), 2);
  t.equal(store.grants.visitsOf('r'), 1);
});

t.test('rows cannot be changed, taken out or overtaken', async (t) => {
  const store = makeStore(t);
  fill(store, 3);
  const raw = new Sqlite(store.path);
  t.teardown(() => raw.close());
  t.throws(() => raw.exec("UPDATE journal SET text = '{}' WHERE seq = 2"), { code: 'SQLITE_CONSTRAINT_TRIGGER' });
  t.throws(() => raw.exec('DELETE FROM journal WHERE seq = 2'), { code: 'SQLITE_CONSTRAINT_TRIGGER' });
  t.throws(() => raw.exec("UPDATE floor SET hub = 'other'"), { code: 'SQLITE_CONSTRAINT_TRIGGER' });
  t.equal(store.journal.read(1, 10).length, 3);
});

t.test('reading stops at the number and at the bytes, and gives at least one', async (t) => {
  const store = makeStore(t);
  fill(store, 600);
  const bytes = Buffer.byteLength(store.journal.read(1, 1)[0]!);
  t.equal(store.journal.read(1, 1000).length, 600);
  t.equal(store.journal.read(500, 64).length, 64);
  t.equal(store.journal.read(590, 64).length, 11);
  t.equal(store.journal.read(1, 10, 1).length, 1);
  t.equal(store.journal.read(1, 10, bytes * 3).length, 3);
  t.same(store.journal.read(601, 10), []);
});

t.test('recent finds the newest of a visit, a door and some kinds, newest first', async (t) => {
  const store = makeStore(t);
  const other = 'door-dddddddddddddddddddd';
  store.journal.append([
    draft(1, { visit }),
    draft(2, { visit, kind: 'door.closed' }),
    draft(3),
    draft(4, { door: other, visit: 'visit-eeeeeeeeeeeeeeee' }),
    { at: startMs, kind: 'hub.started', body: {} },
    draft(6, { visit }),
  ]);
  const seqs = (...args: Parameters<typeof store.journal.recent>): number[] =>
    store.journal.recent(...args).map((entry) => entry.seq);
  t.same(seqs({}, 2), [6, 5]);
  t.same(seqs({ visit }, 10), [6, 2, 1]);
  t.same(seqs({ visit }, 1), [6]);
  t.same(seqs({ door }, 10), [6, 3, 2, 1]);
  t.same(seqs({ door, kinds: ['door.closed'] }, 10), [2]);
  t.same(seqs({ kinds: ['hub.started', 'door.closed'] }, 10), [5, 2]);
  t.same(seqs({ visit, door: other }, 10), []);
});

t.test('listeners hear of each commit once, until they stop', async (t) => {
  const store = makeStore(t);
  const heard: number[][] = [];
  const stop = store.journal.onAppended((written: readonly Written[]) => heard.push(written.map((o) => o.entry.seq)));
  fill(store, 2);
  t.throws(() => store.journal.append([draft(3, { at: -1 })]), { code: 'MESSAGE_MALFORMED' });
  store.journal.append([]);
  store.journal.append([draft(3)]);
  stop();
  store.journal.append([draft(4)]);
  t.same(heard, [[1, 2], [3]]);
});

t.test('the file of another hub is refused', async (t) => {
  const store = makeStore(t);
  fill(store, 1);
  store.close();
  const other = openHubStore(store.path, 'hub-zzzzzzzzzzzzzzzzzzzz');
  t.throws(() => other.journal.head(), { code: 'JOURNAL_OTHER_HUB' });
  t.throws(() => other.journal.append([draft(2)]), { code: 'JOURNAL_OTHER_HUB' });
});

t.test('a reader follows a writer and writes nothing', async (t) => {
  const store = makeStore(t);
  fill(store, 1);
  const reader = openHubStore(store.path, hubId, { readonly: true });
  t.teardown(() => reader.close());
  t.equal(reader.journal.head().seq, 1);
  fill(store, 1, 2);
  t.equal(reader.journal.head().seq, 2);
  t.throws(() => reader.journal.append([draft(3)]), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(store.journal.head().seq, 2);
});
