import Sqlite from 'better-sqlite3';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import t from 'tap';
import { makeRecorder } from '../../../device/journal/record.ts';
import { openSealed } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { draft, makeStore } from './made.ts';

async function makeSealKey(): Promise<{ jwk: EcJwk; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  return { jwk: (await exportJWK(publicKey)) as EcJwk, privateKey };
}

const moved = (n: number) => draft(n, { kind: 'door.moved', body: { n, bolt: 'unlocked' } });

t.test('what is the household’s own can be read by every owner device and by nobody else', async (t) => {
  const store = makeStore(t);
  const keys = await Promise.all(Array.from({ length: 3 }, makeSealKey));
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys.map((key) => key.jwk) });
  await recorder.record([draft(1), moved(2)]);
  const [sealed, open] = store.journal.recent({}, 2);
  t.same(open?.body, { n: 1 });
  t.same(Object.keys(sealed!.body), ['sealed']);
  for (const { privateKey } of keys) {
    const bytes = await openSealed(String(sealed?.body.sealed), privateKey);
    t.same(JSON.parse(Buffer.from(bytes).toString()), { n: 2, bolt: 'unlocked' });
  }
  await t.rejects(openSealed(String(sealed?.body.sealed), (await makeSealKey()).privateKey));
  t.notMatch(store.journal.read(1, 10).join(), 'unlocked');
});

t.test('before an owner is pinned it says only that something happened', async (t) => {
  const store = makeStore(t);
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [] });
  await recorder.record([moved(1)]);
  t.match(store.journal.recent({}, 1), [{ kind: 'door.moved', body: {} }]);
  t.same(Object.keys(store.journal.recent({}, 1)[0]!.body), []);
});

t.test('more devices than one entry has room for get further entries', async (t) => {
  const store = makeStore(t);
  const keys = await Promise.all(Array.from({ length: 16 }, makeSealKey));
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys.map((key) => key.jwk) });
  const written = await recorder.record([moved(1)]);
  t.equal(written.length, 4);
  for (const [index, { privateKey }] of keys.entries()) {
    const bytes = await openSealed(String(written[Math.floor(index / 4)]?.entry.body.sealed), privateKey);
    t.same(JSON.parse(Buffer.from(bytes).toString()), { n: 1, bolt: 'unlocked' });
  }
});

t.test('what cannot be sealed is recorded without its facts', async (t) => {
  const store = makeStore(t);
  const { jwk } = await makeSealKey();
  const noPoint = { ...jwk, x: 'A'.repeat(43) };
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [noPoint] });
  await recorder.record([moved(1)]);
  t.same(store.journal.recent({}, 1)[0]?.body, { unsealed: true });
});

t.test('T07: with nothing sealed ahead of it a record is on disk before the call returns', async (t) => {
  const store = makeStore(t);
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [] });
  const other = new Sqlite(store.path, { readonly: true });
  t.teardown(() => other.close());
  const recorded = recorder.record([draft(1, { kind: 'visit.unlock' })], {
    grant: 'g',
    grantExp: 10,
    rule: 'r',
    firstOfVisit: true,
  });
  t.same(other.prepare('SELECT seq, kind FROM journal').all(), [{ seq: 1, kind: 'visit.unlock' }]);
  t.same(other.prepare('SELECT uses FROM grant_use').all(), [{ uses: 1 }]);
  t.equal((await recorded)[0]?.entry.seq, 1);
});

t.test('the chain has the order of the calls, however long sealing takes', async (t) => {
  const store = makeStore(t);
  const { jwk } = await makeSealKey();
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [jwk] });
  const calls = Array.from({ length: 60 }, (_, n) => recorder.record([n % 3 === 0 ? moved(n) : draft(n)]));
  const written = await Promise.all(calls);
  t.same(
    written.map((one) => [one[0]?.entry.seq, one[0]?.entry.at]),
    calls.map((_, n) => [n + 1, draft(n).at]),
  );
  t.same(
    written.map((one) => one[0]?.entry.kind),
    calls.map((_, n) => (n % 3 === 0 ? 'door.moved' : 'door.opened')),
  );
});

t.test('a call that fails fails alone', async (t) => {
  const store = makeStore(t);
  const { jwk } = await makeSealKey();
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [jwk] });
  const results = await Promise.allSettled([
    recorder.record([moved(1)]),
    recorder.record([draft(2, { at: -1 })]),
    recorder.record([draft(3)]),
  ]);
  t.match(results, [
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'MESSAGE_MALFORMED' } },
    { status: 'fulfilled', value: [{ entry: { seq: 2 } }] },
  ]);
  await t.rejects(recorder.record([draft(4, { at: -1 })]), { code: 'MESSAGE_MALFORMED' });
});
