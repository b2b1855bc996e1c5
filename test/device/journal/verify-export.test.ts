import fc from 'fast-check';
import t, { type Test } from 'tap';
import { exportJournal } from '../../../device/journal/export.ts';
import type { HubStore } from '../../../device/journal/journal.ts';
import { verifyExport } from '../../../device/journal/verify-export.ts';
import { fill, hubId, makeSignKey, makeStore, signWitness, startMs } from './made.ts';

const hubKey = await makeSignKey();
const issuer = await makeSignKey();
const known = { hubId, hubKid: hubKey.kid, witnessKeys: [issuer] };
const signer = { key: hubKey, now: () => startMs };

async function linesOf(store: HubStore, range = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportJournal(store, signer, range)) lines.push(line);
  return lines;
}

async function exported(t: Test, count: number, witnessAt?: number): Promise<string[]> {
  const store = makeStore(t);
  fill(store, count);
  if (witnessAt !== undefined) {
    const head = { seq: witnessAt, hash: store.journal.hashAt(witnessAt)! };
    store.trust.keepDocument('witness', await signWitness(issuer, head));
  }
  return linesOf(store);
}

const edit = (line: string): string => line.replace(/"n":(\d)/, (_, digit) => `"n":${(Number(digit) % 9) + 1}`);

t.test('an export verifies without the hub', async (t) => {
  const lines = await exported(t, 600, 400);
  t.equal(lines.length, 601);
  t.match(await verifyExport(lines, known), { ok: true, value: { hub: hubId, from: 1, to: 600, witness: 'matches' } });
  t.match(await verifyExport(lines), { ok: true, value: { witness: 'unchecked' } });
  t.match(await verifyExport([...lines, '']), { ok: true });
});

t.test('a part of a journal verifies, and says when it was meant as a part', async (t) => {
  const store = makeStore(t);
  fill(store, 50);
  store.trust.keepDocument('witness', await signWitness(issuer, store.journal.head()));
  const end = await linesOf(store, { from: 30 });
  t.match(await verifyExport(end, known), { ok: true, value: { from: 30, to: 50, witness: 'matches' } });
  const middle = await linesOf(store, { from: 10, to: 20 });
  t.match(await verifyExport(middle, known), { ok: false, code: 'JOURNAL_BEHIND', detail: { seq: 20, witness: 50 } });
  t.match(await verifyExport(middle, { ...known, isPart: true }), { ok: true, value: { from: 10, to: 20 } });
  const old = await signWitness(issuer, { seq: 5, hash: store.journal.hashAt(5)! });
  t.match(await verifyExport(middle, { ...known, witness: old }), { ok: true, value: { witness: 'outside' } });
  t.match(await verifyExport(await linesOf(store, { from: 51 }), known), { ok: true, value: { from: 51, to: 50 } });
});

t.test('a range that is not there is refused', async (t) => {
  const store = makeStore(t);
  fill(store, 10);
  await t.rejects(linesOf(store, { from: 12 }), { code: 'USAGE' });
  await t.rejects(linesOf(store, { from: 8, to: 3 }), { code: 'USAGE' });
  store.trust.keepNumber('acked', 5);
  store.retention.prune(1, 0);
  await t.rejects(linesOf(store, { from: 2 }), { code: 'JOURNAL_GAP', detail: { from: 2, to: 5 } });
  t.match(await verifyExport(await linesOf(store), known), { ok: true, value: { from: 6, to: 10 } });
});

t.test('each way of changing an export has its code', async (t) => {
  const lines = await exported(t, 40, 30);
  const [header = '', ...texts] = lines;
  const judge = (changed: readonly string[]) => verifyExport([header, ...changed], known);

  t.match(await judge(texts.with(9, edit(texts[9]!))), { code: 'JOURNAL_EDITED', detail: { seq: 10 } }, 'edited');
  t.match(await judge(texts.with(39, edit(texts[39]!))), { code: 'JOURNAL_EDITED', detail: { seq: 40 } }, 'last one');
  t.match(await judge(texts.with(29, edit(texts[29]!))), { code: 'JOURNAL_EDITED', detail: { seq: 30 } }, 'witnessed');
  t.match(await judge(texts.toSpliced(9, 2)), { code: 'JOURNAL_GAP', detail: { from: 10, to: 11 } }, 'taken out');
  t.match(await judge(texts.slice(1)), { code: 'JOURNAL_GAP', detail: { from: 1, to: 1 } }, 'first one taken out');
  const swapped = texts.with(9, texts[10]!).with(10, texts[9]!);
  t.match(await judge(swapped), { code: 'JOURNAL_REORDERED', detail: { seq: 10 } }, 'swapped');
  t.match(await judge(texts.toSpliced(9, 0, texts[8]!)), { code: 'JOURNAL_REORDERED', detail: { seq: 9 } }, 'doubled');
  t.match(await judge(texts.slice(0, 35)), { code: 'JOURNAL_BEHIND', detail: { seq: 35, head: 40 } }, 'cut off');
});

t.test('an export that the hub itself signed anew is found by the countersigned head', async (t) => {
  const honest = makeStore(t);
  fill(honest, 20);
  const witness = await signWitness(issuer, honest.journal.head());
  const other = makeStore(t);
  fill(other, 20, 2);
  t.match(await verifyExport(await linesOf(other), known), { ok: true });
  t.match(await verifyExport(await linesOf(other), { ...known, witness }), {
    code: 'JOURNAL_FORKED',
    detail: { seq: 20 },
  });
  const short = makeStore(t);
  fill(short, 15);
  t.match(await verifyExport(await linesOf(short), { ...known, witness }), {
    code: 'JOURNAL_BEHIND',
    detail: { seq: 15, witness: 20 },
  });
});

t.test('a header that does not belong is refused', async (t) => {
  const lines = await exported(t, 5, 5);
  const header = JSON.parse(lines[0]!) as Record<string, unknown>;
  const judge = (change: object, what = known) =>
    verifyExport([JSON.stringify({ ...header, ...change }), ...lines.slice(1)], what);
  const stranger = await makeSignKey();

  t.match(await verifyExport([]), { code: 'MESSAGE_MALFORMED' });
  t.match(await verifyExport(['no header']), { code: 'MESSAGE_MALFORMED' });
  t.match(await judge({ surplus: 1 }), { code: 'MESSAGE_MALFORMED' });
  t.match(await judge({}, { ...known, hubId: 'hub-zzzzzzzzzzzzzzzzzzzz' }), { code: 'JOURNAL_OTHER_HUB' });
  t.match(await judge({ before: 'A'.repeat(43) }), { code: 'JOURNAL_OTHER_HUB' });
  t.match(await judge({}, { ...known, hubKid: stranger.kid }), { code: 'JOURNAL_HEAD_NOT_GENUINE' });
  t.match(await judge({ hubKey: stranger.jwk }), { code: 'JOURNAL_HEAD_NOT_GENUINE' });
  t.match(await judge({ to: 4 }), { code: 'JOURNAL_HEAD_NOT_GENUINE' });
  const forged = await signWitness(stranger, { seq: 5, hash: 'A'.repeat(43) });
  t.match(await judge({ witness: forged }), { code: 'WITNESS_KEY_UNKNOWN' });
});

t.test('no change of one character goes unseen', async (t) => {
  const store = makeStore(t);
  fill(store, 6);
  const lines = await linesOf(store);
  const witness = await signWitness(issuer, store.journal.head());
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      fc.integer({ min: 32, max: 126 }),
      async (line, at, code) => {
        const text = lines[line]!;
        const changed = `${text.slice(0, at % text.length)}${String.fromCharCode(code)}${text.slice((at % text.length) + 1)}`;
        const verdict = await verifyExport(lines.with(line, changed), { ...known, witness });
        return verdict.ok === (changed === text);
      },
    ),
    { numRuns: 400 },
  );
});
