import t from 'tap';
import { openJournal } from '../../../../cloud-bridge/pages/owner/home/journal.ts';
import { type Entry, genesisOf, journalHeadForm, toEntryText } from '../../../../wire/journal.ts';
import { hashOf, signDocument } from '../../../../wire/jws.ts';
import { sealFor } from '../../../../wire/seal.ts';
import { newEcJwk, newSignKey } from '../../support/keys.ts';

const hub = 'hub-aaaaaaaaaaaaaaaaaaaa';
const door = 'door-aaaaaaaaaaaaaaaaaaaa';

async function setUp() {
  const key = await newSignKey('Ed25519');
  const device = await newSealKey();
  const home = { hub, hubKey: key, owners: [], seal: { kid: 'x'.repeat(43), privateKey: device.privateKey } };
  const texts: string[] = [];
  let head = { seq: 0, hash: genesisOf(hub) };
  const write = (kind: Entry['kind'], more: Partial<Entry> = {}): string => {
    const text = toEntryText({ seq: head.seq + 1, at: 1_000 + head.seq, kind, body: {}, ...more, prev: head.hash });
    head = { seq: head.seq + 1, hash: hashOf(text) };
    texts.push(text);
    return text;
  };
  const sign = (seq = head.seq, hash = head.hash, iss = hub) =>
    signDocument(journalHeadForm, { iss, seq, hash, at: 2_000 }, key);
  return { home, texts, write, sign, device };
}

async function newSealKey() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return { privateKey: pair.privateKey, jwk: { kty, crv, x, y } as Awaited<ReturnType<typeof newEcJwk>> };
}

t.test('what the hub has signed, from any place on; older entries have to lead there', async (t) => {
  const { home, texts, write, sign } = await setUp();
  for (let n = 0; n < 8; n += 1) write('hub.started', { body: { n } });
  const journal = openJournal(home, undefined);
  t.match(await journal.take(texts.slice(4)), { ok: true });
  t.match(await journal.confirm(await sign()), { ok: true, value: { seq: 8 } });
  t.equal(journal.diary.isWhole, false);
  t.match(await journal.takeBefore(texts.slice(0, 4)), { ok: true });
  t.equal(journal.diary.isWhole, true);
  t.same(
    journal.diary.entries.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
  t.match(await journal.take(texts), { ok: true }, 'the same again changes nothing');
  t.equal(journal.diary.entries.length, 8);
  t.same(journal.diary.breaks, []);
});

t.test('R9: a gap, an edit, a fork and a foreign hub are named, and the chain is not bridged over', async (t) => {
  const { home, texts, write, sign } = await setUp();
  for (let n = 0; n < 4; n += 1) write('hub.started', { body: { n } });
  const gap = openJournal(home, undefined);
  t.match(await gap.take([texts[0]!, texts[2]!, texts[3]!]), { ok: false, code: 'JOURNAL_GAP' });
  t.same(
    gap.diary.entries.map(({ seq }) => seq),
    [1],
  );
  const edited = openJournal(home, undefined);
  t.match(await edited.take([texts[0]!.replace('"n":0', '"n":7'), texts[1]!]), { ok: false, code: 'JOURNAL_EDITED' });
  const forked = openJournal(home, undefined);
  await forked.take(texts);
  t.match(await forked.take([texts[3]!.replace('"n":3', '"n":7')]), { ok: false, code: 'JOURNAL_FORKED' });
  t.match(await forked.confirm(await sign(4, 'x'.repeat(43))), { ok: false, code: 'JOURNAL_FORKED' });
  const older = openJournal(home, undefined);
  await older.take(texts.slice(2));
  t.match(
    await older.takeBefore([texts[0]!]),
    { ok: false, code: 'JOURNAL_FORKED' },
    'older entries that lead elsewhere',
  );
  const foreign = openJournal(home, undefined);
  await foreign.take(texts);
  t.match(await foreign.confirm(await sign(4, hashOf(texts[3]!), 'hub-bbbbbbbbbbbbbbbbbbbb')), {
    code: 'JOURNAL_OTHER_HUB',
  });
  t.match(await foreign.confirm(`${await sign()}x`), { ok: false });
  t.match(
    await foreign.confirm(await sign(9, 'y'.repeat(43))),
    { code: 'JOURNAL_BEHIND' },
    'not read so far: no accusation',
  );
  for (const one of [gap, edited, forked, older]) t.equal(one.diary.breaks.length > 0, true);
});

t.test('after a restart it goes on where it was; another history shows', async (t) => {
  const { home, texts, write, sign } = await setUp();
  for (let n = 0; n < 3; n += 1) write('hub.started', { body: { n } });
  const before = openJournal(home, undefined);
  await before.take(texts);
  await before.confirm(await sign());
  const saved = before.save();
  write('hub.stopped');
  const again = openJournal(home, saved);
  t.match(await again.take(texts.slice(3)), { ok: true });
  t.match(await again.takeBefore(texts.slice(0, 3)), { ok: true }, 'and reads back what it had');
  t.equal(again.diary.isWhole, true);
  const other = await setUp();
  for (let n = 0; n < 5; n += 1) other.write('hub.started', { body: { other: n } });
  const fooled = openJournal(home, saved);
  t.match(await fooled.take(other.texts.slice(3)), { ok: false, code: 'JOURNAL_EDITED' });
});

t.test(
  'S048: what is sealed for this device is opened, what is not stays shut; alarms stand until they are over',
  async (t) => {
    const { home, texts, write, device } = await setUp();
    const seal = async (note: object, jwk = device.jwk) => ({
      sealed: await sealFor([jwk], new TextEncoder().encode(JSON.stringify(note))),
    });
    const forced = { kind: 'alarm.private', at: 7_000, door, body: { code: 'DOOR_FORCED_OPEN' } };
    write('household', { body: await seal(forced) });
    write('household', { body: await seal({ kind: 'door.moved', at: 8_000, door, body: {} }, await newEcJwk()) });
    const journal = openJournal(home, undefined);
    await journal.take(texts);
    t.match(journal.diary.entries, [
      { seal: 'opened', kind: 'alarm.private', at: 7_000, door, seq: 1 },
      { seal: 'shut', kind: 'household', seq: 2 },
    ]);
    t.match(
      journal.diary.alarms,
      [{ code: 'DOOR_FORCED_OPEN', door, seq: 1, atMs: 7_000 }],
      'a clearance names entry 1',
    );
    await journal.take([write('household', { body: await seal(forced) })]);
    t.match(journal.diary.alarms, [{ seq: 1 }], 'told again, it is the same alarm');
    await journal.take([write('door.secured', { door })]);
    t.same(journal.diary.alarms, []);
  },
);
