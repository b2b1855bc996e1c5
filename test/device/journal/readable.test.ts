import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';
import type { Draft } from '../../../device/journal/journal.ts';
import { isReadable } from '../../../device/journal/readable.ts';
import { Entry } from '../../../wire/journal.ts';
import { door, draft, visit } from './made.ts';

const schemaSays = (one: Draft): boolean => v.is(Entry, { seq: 1, ...one, prev: 'A'.repeat(43) });

const name = fc.oneof(fc.constantFrom('n', 'to', 'a1', 'A'.repeat(32)), fc.string({ maxLength: 40 }));
const fact = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('x'.repeat(256), 'x'.repeat(257), 'x'.repeat(3072), 'x'.repeat(3073), undefined, {}, [], 1n),
);
const body = fc.oneof(
  { weight: 8, arbitrary: fc.dictionary(name, fact, { maxKeys: 4 }) },
  fc.integer({ min: 0, max: 30 }).map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))),
  fc.constantFrom([], [1], null, 'text', 7),
);
const drafts = fc.record(
  {
    at: fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1.5, 2 ** 50, 2 ** 50 + 1, Number.NaN)),
    door: fc.constantFrom(door, 'kitchen', ''),
    visit: fc.constantFrom(visit, 'short'),
    kind: fc.constantFrom('door.opened', 'door.vanished', 'toString', 'visit.unlock'),
    body,
  },
  { requiredKeys: ['at', 'kind', 'body'] },
) as unknown as fc.Arbitrary<Draft>;

t.test('the short way and the schema never disagree', async (t) => {
  const counts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(drafts, (one) => {
      counts[schemaSays(one) ? 'yes' : 'no'] += 1;
      return isReadable(one) === schemaSays(one);
    }),
    { numRuns: 20_000 },
  );
  t.ok(counts.yes > 100 && counts.no > 100, JSON.stringify(counts));
});

t.test('a name stays accepted however many others come', async (t) => {
  const all = Array.from({ length: 3_000 }, (_, n) => draft(n, { body: { [`k${n}`]: 1, again: true } }));
  t.ok(all.every(isReadable));
  t.notOk(isReadable(draft(1, { body: { 'k 1': 1 } })));
});
