import fc from 'fast-check';
import t from 'tap';
import type { EvidencePack } from '../../wire/evidence.ts';
import type { Verdict } from '../../wire/faults.ts';
import { rootSetHash } from '../../wire/issuer-set.ts';
import { hashOf } from '../../wire/jws.ts';
import { verifyEvidence } from '../../wire/verify-evidence.ts';
import { evidenceOf } from '../support/evidence.ts';
import { issuerSetOf, newCast, rootSetOf } from '../support/keys.ts';

const cast = await newCast();
const pack = await evidenceOf(cast);
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const check = async (one: object, known = {}): Promise<string> =>
  code(await verifyEvidence(JSON.stringify(one), known));
const without = (name: keyof EvidencePack): object => ({ ...pack, [name]: undefined });

t.test('S086: whoever has the file checks it without asking anybody', async (t) => {
  const root = rootSetHash(pack.roots[0]!);
  const verdict = await verifyEvidence(JSON.stringify(pack), { root });
  t.match(verdict, {
    ok: true,
    value: {
      receipt: { end: 'handed-over', contents: 'not-checked' },
      seal: { saw: { presence: 'felt' } },
      visit: { proof: 'secured' },
      acts: [{ act: 'arrive' }, { act: 'ring' }, { act: 'hand-over', typedBy: 'recipient' }],
      assignment: { iss: cast.carrierId },
      keys: { cloud: cast.issuer.kid, hub: cast.hub.kid, carrier: cast.carrier.kid },
      rootHash: root,
    },
  });
  t.equal(await check(pack, { root: rootSetHash('another') }), 'EVIDENCE_OTHER_ROOT');
});

t.test('what is missing is told as missing; what has to be there is refused without', async (t) => {
  for (const name of ['seal', 'visit', 'assignment'] as const) {
    const verdict = await verifyEvidence(JSON.stringify(without(name)));
    t.equal(code(verdict), 'ok', name);
    if (verdict.ok) t.equal(verdict.value[name], undefined);
  }
  for (const name of ['roots', 'issuers', 'receipt', 'hubKey', 'acts'] as const) {
    t.equal(await check(without(name)), 'EVIDENCE_MALFORMED', name);
  }
  t.equal(await check({ ...pack, acts: pack.acts.slice(1) }), 'EVIDENCE_ALTERED', 'an act less');
  t.equal(await check({ ...pack, acts: [...pack.acts].reverse() }), 'EVIDENCE_ALTERED', 'acts in another order');
  t.equal(await check({ ...pack, more: 1 }), 'EVIDENCE_MALFORMED', 'something more');
  const [first, ...rest] = pack.acts;
  const shortened = await verifyEvidence(JSON.stringify({ ...pack, acts: [hashOf(first!), ...rest] }));
  t.match(shortened, { ok: true, value: { acts: [{ act: 'ring' }, { act: 'hand-over' }] } }, 'kept no more');
  t.equal(await check({ ...pack, acts: [hashOf(''), ...rest] }), 'EVIDENCE_ALTERED', 'the hash of another');
  for (const text of ['', '{', '[]', 'null', '"evidence-1"', 'x'.repeat(500_000)]) {
    t.equal(code(await verifyEvidence(text)), 'EVIDENCE_MALFORMED', text.slice(0, 12));
  }
});

t.test('parts of other evidence do not fit', async (t) => {
  const other = await evidenceOf({ ...cast, delivery: (await newCast()).delivery });
  const foreign = await evidenceOf(await newCast());
  for (const [from, one] of Object.entries({ other, foreign })) {
    for (const name of ['receipt', 'seal', 'visit', 'acts', 'assignment'] as const) {
      t.not(await check({ ...pack, [name]: one[name] }), 'ok', `${name} of ${from} evidence`);
    }
  }
  for (const name of ['roots', 'issuers', 'hubKey'] as const) {
    t.not(await check({ ...pack, [name]: foreign[name] }), 'ok', `${name} of foreign evidence`);
  }
  const noDoor = await evidenceOf(cast, { visit: undefined });
  t.equal(await check({ ...noDoor, visit: pack.visit }), 'EVIDENCE_ALTERED', 'a visit where there was none');
  const otherDevice = await evidenceOf(cast, { handover: { presence: 'said', endedAt: 1, jkt: cast.owner.sign.kid } });
  t.equal(await check(otherDevice), 'EVIDENCE_ALTERED', 'handed over by another device than the one that acted');
});

t.test('old evidence holds after its root keys were changed, and not before they were there', async (t) => {
  const next = await newCast(cast.nowS);
  const second = await rootSetOf(next, { version: 2 }, [...cast.roots, ...next.roots]);
  const issuers = await issuerSetOf(cast, {}, next.roots.slice(0, 2));
  t.equal(await check({ ...pack, roots: [...pack.roots, second], issuers }), 'ok');
  t.equal(await check({ ...pack, roots: [second, ...pack.roots], issuers }), 'ROOT_SET_NOT_GENUINE');
  const ended = await rootSetOf(cast, { exp: cast.nowS });
  t.equal(await check({ ...pack, roots: [ended] }), 'ROOT_SET_EXPIRED', 'signed after its root keys had ended');
});

t.test('wherever one character of it is another, it is found', async (t) => {
  const leaves: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === 'string') leaves.push(path);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) walk(one, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(pack, []);
  t.ok(leaves.length >= 14);
  const root = rootSetHash(pack.roots[0]!);
  const letters = 'ABCXYZabcxyz0189-_.{}"';
  const property = fc.asyncProperty(
    fc.constantFrom(...leaves),
    fc.nat(),
    fc.constantFrom(...letters),
    async (path, place, letter) => {
      const copy = structuredClone(pack) as unknown as Record<string | number, never>;
      let parent: Record<string | number, unknown> = copy;
      for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
      const last = path.at(-1)!;
      const text = parent[last] as string;
      const at = place % text.length;
      fc.pre(text[at] !== letter);
      // The last letter of a signature has bits that mean nothing.
      fc.pre(text.length < 16 || (at < text.length - 1 && text[at + 1] !== '"'));
      parent[last] = text.slice(0, at) + letter + text.slice(at + 1);
      return (await check(copy, { root })) !== 'ok';
    },
  );
  await t.resolves(fc.assert(property, { numRuns: 400 }));
});
