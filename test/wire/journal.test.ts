import fc from 'fast-check';
import t from 'tap';
import type { Verdict } from '../../wire/faults.ts';
import {
  type ChainHead,
  type Entry,
  type EntryKind,
  followChain,
  fromEntryText,
  genesisOf,
  journalHeadForm,
  kinds,
  maxEntryBytes,
  toEntryText,
  verifyJournalHead,
} from '../../wire/journal.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { newCast, newDoorId, newHubId } from '../support/keys.ts';

const hubId = newHubId();
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);

/** The texts of a chain of this length. */
function chainOf(length: number): string[] {
  const texts: string[] = [];
  let prev = genesisOf(hubId);
  for (let seq = 1; seq <= length; seq++) {
    const text = toEntryText({ seq, at: 1000 + seq, kind: 'hub.started', body: { n: seq }, prev });
    texts.push(text);
    prev = hashOf(text);
  }
  return texts;
}

/** Follows texts from the start. @returns the refusal that stops it, or `ok` */
function follow(texts: readonly string[]): string {
  let head: ChainHead = { seq: 0, hash: genesisOf(hubId) };
  for (const text of texts) {
    const next = followChain(head, text);
    if (!next.ok) return next.code;
    head = next.value.head;
  }
  return 'ok';
}

const bodies = fc.dictionary(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,31}$/),
  fc.oneof(
    fc.string({ maxLength: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  { maxKeys: 10 },
);

t.test('an entry is read back as it was written, and written again as the same text', async (t) => {
  fc.assert(
    fc.property(bodies, fc.constantFrom(...(Object.keys(kinds) as EntryKind[])), fc.boolean(), (body, kind, placed) => {
      const entry: Entry = {
        seq: 1,
        at: 5,
        ...(placed ? { door: newDoorId(), visit: newId() } : {}),
        kind,
        body: { ...body },
        prev: hashOf(''),
      };
      const text = toEntryText(entry);
      const read = fromEntryText(text);
      t.ok(read.ok && toEntryText(read.value) === text);
    }),
    { numRuns: 100 },
  );
});

t.test('a chain that hangs together is followed to its end', async (t) => {
  t.equal(follow(chainOf(20)), 'ok');
});

t.test('T07: a gap, an edit and a reordering each show, wherever they are', async (t) => {
  const chain = chainOf(6);
  for (let at = 0; at < 5; at++) {
    t.equal(follow(chain.filter((_, index) => index !== at)), 'JOURNAL_GAP', `without entry ${at + 1}`);
    const edited = chain.with(at, chain[at]!.replace('"n":', '"m":'));
    t.equal(follow(edited), 'JOURNAL_EDITED', `entry ${at + 1} edited`);
    const swapped = chain.with(at, chain[at + 1]!).with(at + 1, chain[at]!);
    t.match(follow(swapped), /JOURNAL_(GAP|REORDERED)/, `entry ${at + 1} swapped`);
    t.equal(follow([...chain.slice(0, at + 1), chain[at]!]), 'JOURNAL_REORDERED', `entry ${at + 1} twice`);
    t.equal(follow(chain.with(at, 'no entry')), 'JOURNAL_EDITED');
  }
});

t.test("another hub's chain does not begin here", async (t) => {
  const text = toEntryText({ seq: 1, at: 1, kind: 'hub.started', body: {}, prev: genesisOf(newHubId()) });
  t.equal(follow([text]), 'JOURNAL_EDITED');
});

t.test('what is no entry is refused', async (t) => {
  const good: Entry = { seq: 1, at: 1, kind: 'hub.started', body: {}, prev: hashOf('') };
  const read = (change: object) => code(fromEntryText(JSON.stringify({ ...good, ...change })));
  t.equal(read({}), 'ok');
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`a${index}`, 1]));
  const bad: readonly object[] = [
    { seq: 0 },
    { seq: 1.5 },
    { at: -1 },
    { door: 'x' },
    { visit: '' },
    { kind: 'door.exploded' },
    { body: [] },
    { body: { 'a b': 1 } },
    { body: { a: {} } },
    { body: { a: 'x'.repeat(3073) } },
    { body: many },
    { prev: 'x' },
    { extra: 1 },
  ];
  for (const change of bad) t.equal(read(change), 'MESSAGE_MALFORMED', JSON.stringify(change).slice(0, 60));
  t.equal(code(fromEntryText('{')), 'MESSAGE_MALFORMED');
  t.equal(code(fromEntryText(' '.repeat(maxEntryBytes + 1))), 'MESSAGE_TOO_BIG');
});

t.test('T13: no text at all makes the reader of entries throw', async (t) => {
  const head = { seq: 0, hash: genesisOf(hubId) };
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => !followChain(head, text).ok));
  t.pass('it did not');
});

t.test("a head is the hub's own", async (t) => {
  const cast = await newCast();
  const claims = { iss: cast.hubId, seq: 1, hash: hashOf(''), at: 1 };
  const verify = async (change: object, key = cast.hub) =>
    code(
      await verifyJournalHead(await signDocument(journalHeadForm, { ...claims, ...change }, key), cast.hub, cast.hubId),
    );
  t.equal(await verify({}), 'ok');
  t.equal(await verify({ iss: hubId }), 'JOURNAL_OTHER_HUB');
  t.equal(await verify({}, cast.issuer), 'JOURNAL_HEAD_NOT_GENUINE');
});
