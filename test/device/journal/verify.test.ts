import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { HubStore } from '../../../device/journal/journal.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { verifyStore } from '../../../device/journal/verify.ts';
import { compareWitness } from '../../../device/journal/witness.ts';
import { fromEntryText, toEntryText } from '../../../wire/journal.ts';
import { hashOf } from '../../../wire/jws.ts';
import { draft, fill, hubId, makeFolder, makeSignKey, makeStore, signWitness } from './made.ts';

const count = 300;
const key = await makeSignKey();
const witnessKeys = [key];

/** A journal of 300 entries whose file was changed behind the hub's back, as somebody with the disk in hand can. */
function tampered(t: Test, change: (raw: Sqlite.Database) => void): HubStore {
  const store = makeStore(t);
  fill(store, count);
  store.close();
  const raw = new Sqlite(store.path);
  raw.exec('DROP TRIGGER journal_is_never_changed; DROP TRIGGER journal_is_kept; DROP TRIGGER floor_only_rises');
  change(raw);
  raw.close();
  const reader = openHubStore(store.path, hubId, { readonly: true });
  t.teardown(() => reader.close());
  return reader;
}

const textAt = (raw: Sqlite.Database, seq: number): string =>
  raw.prepare<[number], { text: string }>('SELECT text FROM journal WHERE seq = ?').get(seq)!.text;
const setText = (raw: Sqlite.Database, seq: number, text: string): void => {
  raw.prepare('UPDATE journal SET text = ?, hash = ? WHERE seq = ?').run(text, hashOf(text), seq);
};
/** Changes one byte of one fact. */
const edit = (text: string): string => text.replace(/"n":(\d)/, (_, digit) => `"n":${(Number(digit) % 9) + 1}`);

t.test('an untouched journal verifies, from its floor on', async (t) => {
  const store = makeStore(t);
  t.match(await verifyStore(store), { ok: true, value: { hub: hubId, from: 1, to: 0, witness: 'none' } });
  fill(store, 900);
  store.trust.keepNumber('acked', 500);
  store.retention.prune(1, 0);
  const hash = store.journal.head().hash;
  t.same(await verifyStore(store), { ok: true, value: { hub: hubId, from: 501, to: 900, hash, witness: 'none' } });
});

t.test('an edited entry is named', async (t) => {
  for (const seq of [1, 2, 150, 256, 257, count - 1]) {
    const store = tampered(t, (raw) => setText(raw, seq, edit(textAt(raw, seq))));
    t.same(await verifyStore(store), { ok: false, code: 'JOURNAL_EDITED', detail: { seq } });
  }
});

t.test('an edited last entry is named by the hash beside it', async (t) => {
  const store = tampered(t, (raw) => {
    raw.prepare('UPDATE journal SET text = ? WHERE seq = ?').run(edit(textAt(raw, count)), count);
  });
  t.same(await verifyStore(store), { ok: false, code: 'JOURNAL_EDITED', detail: { seq: count } });
});

t.test('an entry that is no entry any more is named', async (t) => {
  const store = tampered(t, (raw) => setText(raw, 20, textAt(raw, 20).replace('door.opened', 'door.vanished')));
  t.same(await verifyStore(store), { ok: false, code: 'JOURNAL_EDITED', detail: { seq: 20 } });
});

t.test('missing entries are named', async (t) => {
  const store = tampered(t, (raw) => raw.exec('DELETE FROM journal WHERE seq BETWEEN 100 AND 104'));
  t.same(await verifyStore(store), { ok: false, code: 'JOURNAL_GAP', detail: { from: 100, to: 104 } });
  const first = tampered(t, (raw) => raw.exec('DELETE FROM journal WHERE seq < 3'));
  t.same(await verifyStore(first), { ok: false, code: 'JOURNAL_GAP', detail: { from: 1, to: 2 } });
});

t.test('entries that changed places are named', async (t) => {
  for (const [a, b, found] of [
    [10, 11, 10],
    [10, 290, 11],
  ] as const) {
    const store = tampered(t, (raw) => {
      const [first, second] = [textAt(raw, a), textAt(raw, b)];
      setText(raw, a, second);
      setText(raw, b, first);
    });
    t.same(await verifyStore(store), { ok: false, code: 'JOURNAL_REORDERED', detail: { seq: found, after: b } });
  }
});

t.test('a journal written anew hangs together and is found by its countersigned head', async (t) => {
  const honest = makeStore(t);
  fill(honest, count);
  const witness = await signWitness(key, { seq: 200, hash: honest.journal.hashAt(200)! });
  t.match(await verifyStore(honest, { witness, witnessKeys }), { ok: true, value: { witness: 'matches' } });

  const rewritten = tampered(t, (raw) => {
    let prev = hashOf(textAt(raw, 149));
    for (let seq = 150; seq <= count; seq += 1) {
      const read = fromEntryText(textAt(raw, seq));
      if (!read.ok) return t.fail(read.code);
      const text = toEntryText({
        ...read.value,
        body: seq === 150 ? { n: 'nothing happened' } : read.value.body,
        prev,
      });
      setText(raw, seq, text);
      prev = hashOf(text);
    }
  });
  t.match(await verifyStore(rewritten), { ok: true }, 'by itself it looks well');
  t.same(await verifyStore(rewritten, { witness, witnessKeys }), {
    ok: false,
    code: 'JOURNAL_FORKED',
    detail: { seq: 200 },
  });
});

t.test('a journal whose end was cut off is found by its countersigned head', async (t) => {
  const honest = makeStore(t);
  fill(honest, count);
  const witness = await signWitness(key, honest.journal.head());
  const cut = tampered(t, (raw) => raw.exec('DELETE FROM journal WHERE seq > 250'));
  t.match(await verifyStore(cut), { ok: true }, 'by itself it looks well');
  t.same(await verifyStore(cut, { witness, witnessKeys }), {
    ok: false,
    code: 'JOURNAL_BEHIND',
    detail: { seq: 250, witness: count },
  });
});

t.test('a countersigned head of somebody else counts for nothing', async (t) => {
  const store = makeStore(t);
  fill(store, 3);
  const forged = await signWitness(await makeSignKey(), store.journal.head());
  t.match(await verifyStore(store, { witness: forged, witnessKeys }), { ok: false, code: 'WITNESS_KEY_UNKNOWN' });
  const foreign = await signWitness(key, store.journal.head(), 'hub-zzzzzzzzzzzzzzzzzzzz');
  t.match(await verifyStore(store, { witness: foreign, witnessKeys }), { ok: false, code: 'WITNESS_WRONG_HUB' });
  t.match(await verifyStore(store, { witness: forged }), { ok: true, value: { witness: 'unchecked' } });
});

t.test('a hub does not open a journal whose end is broken', async (t) => {
  const reader = tampered(t, (raw) => raw.exec(`DELETE FROM journal WHERE seq = ${count - 5}`));
  t.match(await verifyStore(reader), { code: 'JOURNAL_GAP' });
  const store = makeStore(t);
  fill(store, 10);
  store.close();
  const raw = new Sqlite(store.path);
  raw.exec('DROP TRIGGER journal_is_never_changed');
  setText(raw, 5, edit(textAt(raw, 5)));
  raw.close();
  const hub = openHubStore(store.path, hubId);
  t.teardown(() => hub.close());
  t.throws(() => hub.journal.append([draft(11)]), { code: 'JOURNAL_CORRUPT', detail: { why: 'JOURNAL_EDITED' } });
});

t.test('T45: a restored old copy of the file is behind its witness, and forked once it has gone on', async (t) => {
  const folder = makeFolder(t);
  const store = makeStore(t, join(folder, 'journal.db'));
  fill(store, 10);
  store.close();
  copyFileSync(store.path, join(folder, 'last-week.db'));
  const running = makeStore(t, store.path);
  fill(running, 10, 11);
  const witness = running.journal.head();
  t.equal(compareWitness(running.journal, witness), 'fine');

  const restored = makeStore(t, join(folder, 'last-week.db'));
  t.match(await verifyStore(restored), { ok: true }, 'by itself it looks well');
  t.equal(compareWitness(restored.journal, witness), 'behind');
  fill(restored, 10, 100);
  t.equal(compareWitness(restored.journal, witness), 'forked');
  t.equal(compareWitness(restored.journal, { seq: 10, hash: restored.journal.hashAt(10)! }), 'fine');
});
