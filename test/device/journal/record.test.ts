import Sqlite from 'better-sqlite3';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import t, { type Test } from 'tap';
import type { Draft } from '../../../device/journal/journal.ts';
import { makeRecorder } from '../../../device/journal/record.ts';
import { fromHouseholdText, type Note } from '../../../wire/household.ts';
import type { Entry } from '../../../wire/journal.ts';
import { openSealed } from '../../../wire/seal.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { draft, makeStore, startMs, visit } from './made.ts';

async function makeSealKey(): Promise<{ jwk: EcJwk; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  return { jwk: (await exportJWK(publicKey)) as EcJwk, privateKey };
}

async function unseal(entry: Entry | undefined, key: CryptoKey): Promise<Note> {
  const note = fromHouseholdText(Buffer.from(await openSealed(String(entry?.body.sealed), key)).toString());
  if (!note.ok) throw new TypeError(note.code);
  return note.value;
}

const dayMs = startMs - (startMs % 86_400_000);
const moved = (n: number) => draft(n, { kind: 'door.moved', body: { n, bolt: 'unlocked' } });

t.test('what is the household’s own can be read by every owner device and by nobody else', async (t) => {
  const store = makeStore(t);
  const keys = await Promise.all(Array.from({ length: 3 }, makeSealKey));
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys.map((key) => key.jwk) });
  await recorder.record([draft(1), moved(2)]);
  const [sealed, open] = store.journal.recent({}, 2);
  t.same(open?.body, { n: 1 });
  t.same(Object.keys(sealed!.body), ['sealed']);
  for (const { privateKey } of keys) t.same(await unseal(sealed, privateKey), moved(2));
  await t.rejects(openSealed(String(sealed?.body.sealed), (await makeSealKey()).privateKey));
  t.notMatch(store.journal.read(1, 10).join(), 'unlocked');
});

/** A day as the cloud holds it, once what is sealed is gone from it. */
async function dayInClear(t: Test, drafts: readonly Draft[]): Promise<object[]> {
  const store = makeStore(t);
  const keys = await Promise.all([makeSealKey(), makeSealKey()]);
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys.map(({ jwk }) => jwk) });
  for (const one of drafts) await recorder.record([one]);
  return store.journal.read(1, 100).map((text) => {
    const { prev: _, body, ...clear } = JSON.parse(text) as Entry;
    return { ...clear, body: typeof body.sealed === 'string' ? body.sealed.length : body };
  });
}

t.test('S048: two days look alike to the cloud but for how often the door moved', async (t) => {
  const nine = 9 * 3_600_000;
  const leaving: Draft[] = [
    draft(1, { kind: 'hub.started' }),
    draft(nine, { kind: 'door.moved', body: { bolt: 'locked', contact: 'open' } }),
    draft(nine + 9, { kind: 'alarm.private', body: { code: 'DOOR_FORCED_OPEN' } }),
    draft(nine + 99, { kind: 'door.secured', body: { bolt: 'locked', contact: 'closed', report: 7 } }),
  ];
  const comingAtAnotherDoor: Draft[] = [
    draft(1, { kind: 'hub.started' }),
    draft(2, {
      kind: 'alarm.private',
      door: `door-${'z'.repeat(20)}`,
      visit,
      body: { code: 'BOLT_MOVED', over: true },
    }),
    draft(3, { kind: 'door.secured', body: { bolt: 'locked', contact: 'closed', report: 70_000 } }),
    draft(4, { kind: 'door.moved', body: {} }),
  ];
  const seen = await dayInClear(t, leaving);
  t.same(await dayInClear(t, comingAtAnotherDoor), seen);
  t.match(seen[0], { kind: 'hub.started', at: startMs + 1 });
  for (const [index, one] of seen.slice(1).entries()) {
    t.same(Object.keys(one).sort(), ['at', 'body', 'kind', 'seq']);
    t.match(one, { seq: index + 2, at: dayMs, kind: 'household', body: Number });
  }
});

t.test('R6: what proves the end of a visit stays in clear', async (t) => {
  const store = makeStore(t);
  const { jwk } = await makeSealKey();
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [jwk] });
  const secured = draft(1, { kind: 'door.secured', visit, body: { proof: 'secured' } });
  await recorder.record([secured]);
  t.match(store.journal.recent({ visit }, 1), [secured]);
});

t.test('before an owner is pinned it says only that something happened', async (t) => {
  const store = makeStore(t);
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => [] });
  await recorder.record([moved(1)]);
  t.match(store.journal.recent({}, 1), [{ kind: 'household', at: dayMs, door: undefined, body: {} }]);
  t.same(Object.keys(store.journal.recent({}, 1)[0]!.body), []);
});

t.test('more devices than one entry has room for get further entries', async (t) => {
  const store = makeStore(t);
  const keys = await Promise.all(Array.from({ length: 16 }, makeSealKey));
  const recorder = makeRecorder({ journal: store.journal, ownerSealKeys: () => keys.map((key) => key.jwk) });
  const written = await recorder.record([moved(1)]);
  t.equal(written.length, 4);
  for (const [index, { privateKey }] of keys.entries()) {
    t.same(await unseal(written[Math.floor(index / 4)]?.entry, privateKey), moved(1));
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
    calls.map((_, n) => [n + 1, n % 3 === 0 ? dayMs : draft(n).at]),
  );
  t.same(
    written.map((one) => one[0]?.entry.kind),
    calls.map((_, n) => (n % 3 === 0 ? 'household' : 'door.opened')),
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
