import fc from 'fast-check';
import { GeneralSign } from 'jose';
import t from 'tap';
import type { Verdict } from '../../wire/faults.ts';
import {
  claimedIssuerSetVersion,
  type RootKeys,
  rootSetHash,
  verifyFirstRootSet,
  verifyIssuerSet,
  verifyNextRootSet,
} from '../../wire/issuer-set.ts';
import { hashOf, type SignKey } from '../../wire/jws.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import { issuerSetOf, newCast, newSignKey, rootSetOf } from '../support/keys.ts';

const cast = await newCast();
const { nowS, roots } = cast;
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const [one, two, three] = roots as [SignKey, SignKey, SignKey];

async function pinned(): Promise<RootKeys> {
  const verdict = await verifyFirstRootSet(await rootSetOf(cast), nowS);
  if (!verdict.ok) throw new RangeError(verdict.code);
  return verdict.value;
}

/** A set with any header and payload, signed as they are. */
async function signAnything(header: object, payload: string, keys: readonly SignKey[]): Promise<string> {
  const jws = new GeneralSign(Buffer.from(payload));
  for (const key of keys)
    jws.addSignature(key.privateKey).setProtectedHeader({ alg: 'EdDSA', kid: key.kid, ...header });
  return JSON.stringify(await jws.sign());
}

t.test('a root set needs a threshold of its own keys', async (t) => {
  for (const [signers, expected] of [
    [[one, two, three], 'ok'],
    [[one, three], 'ok'],
    [[two], 'ROOT_SET_NOT_GENUINE'],
    [[cast.stranger.ed, cast.issuer], 'ROOT_SET_NOT_GENUINE'],
    [[one, cast.stranger.ed], 'ROOT_SET_NOT_GENUINE'],
  ] as const) {
    t.equal(code(await verifyFirstRootSet(await rootSetOf(cast, {}, [...signers]), nowS)), expected);
  }
});

t.test('one key that signs twice counts once', async (t) => {
  t.equal(code(await verifyFirstRootSet(await rootSetOf(cast, {}, [one, one]), nowS)), 'ROOT_SET_NOT_GENUINE');
  const twice = one.jwk as OkpJwk;
  const doubled = await rootSetOf(cast, { keys: [twice, twice], threshold: 2 }, [one, one]);
  t.equal(code(await verifyFirstRootSet(doubled, nowS)), 'ROOT_SET_NOT_GENUINE', 'even if it is listed twice');
  t.equal(
    code(await verifyIssuerSet(await issuerSetOf(cast, {}, [one, one]), await pinned(), 0, nowS)),
    'ISSUER_SET_NOT_GENUINE',
  );
});

t.test('a bad signature does not spoil the good ones, and does not count', async (t) => {
  const set = JSON.parse(await rootSetOf(cast, {}, [one, two, three]));
  set.signatures[0].signature = set.signatures[1].signature;
  t.equal(code(await verifyFirstRootSet(JSON.stringify(set), nowS)), 'ok');
  set.signatures[2].signature = 'AAAA';
  t.equal(code(await verifyFirstRootSet(JSON.stringify(set), nowS)), 'ROOT_SET_NOT_GENUINE');
});

t.test('a threshold above the number of keys can never be met', async (t) => {
  t.equal(code(await verifyFirstRootSet(await rootSetOf(cast, { threshold: 4 }), nowS)), 'ROOT_SET_NOT_GENUINE');
});

t.test('a root set and an issuer set end at their expiry', async (t) => {
  const exp = nowS + 10;
  const rootText = await rootSetOf(cast, { exp });
  t.equal(code(await verifyFirstRootSet(rootText, exp - 1)), 'ok');
  t.equal(code(await verifyFirstRootSet(rootText, exp)), 'ROOT_SET_EXPIRED');
  const issuerText = await issuerSetOf(cast, { exp });
  t.equal(code(await verifyIssuerSet(issuerText, await pinned(), 0, exp - 1)), 'ok');
  t.equal(code(await verifyIssuerSet(issuerText, await pinned(), 0, exp)), 'ISSUER_SET_EXPIRED');
  t.equal(code(await verifyIssuerSet(issuerText, { ...(await pinned()), exp }, 0, exp)), 'ROOT_SET_EXPIRED');
});

t.test('the next root set is signed by the pinned keys and by its own, and is newer', async (t) => {
  const old = await pinned();
  const fresh = [await newSignKey('EdDSA'), await newSignKey('EdDSA')];
  const keys = fresh.map(({ jwk }) => jwk as OkpJwk);
  const next = (version: number, signers: SignKey[]) => rootSetOf(cast, { version, keys }, signers);
  t.equal(code(await verifyNextRootSet(await next(2, [one, two, ...fresh]), old, nowS)), 'ok');
  t.equal(
    code(await verifyNextRootSet(await next(2, [one, two]), old, nowS)),
    'ROOT_SET_NOT_GENUINE',
    'without its own',
  );
  t.equal(code(await verifyNextRootSet(await next(2, fresh), old, nowS)), 'ROOT_SET_NOT_GENUINE', 'without the pinned');
  t.equal(code(await verifyNextRootSet(await next(1, [one, two, ...fresh]), old, nowS)), 'ROOT_SET_OLD');
  const over = await rootSetOf(cast, { version: 2, keys, exp: nowS }, [one, two, ...fresh]);
  t.equal(code(await verifyNextRootSet(over, old, nowS)), 'ROOT_SET_EXPIRED');
});

t.test('an issuer set of an older version is refused', async (t) => {
  const text = await issuerSetOf(cast, { version: 4 });
  t.equal(code(await verifyIssuerSet(text, await pinned(), 4, nowS)), 'ok');
  t.match(await verifyIssuerSet(text, await pinned(), 5, nowS), { code: 'ISSUER_SET_OLD', detail: { has: 5 } });
  t.equal(claimedIssuerSetVersion(text), 4);
  t.equal(claimedIssuerSetVersion('x'), -1);
});

t.test('a set of any other form is malformed', async (t) => {
  const old = await pinned();
  const good = JSON.parse(await issuerSetOf(cast));
  const payload = JSON.parse(Buffer.from(good.payload, 'base64url').toString());
  const headed = (header: object) => signAnything(header, JSON.stringify(payload), [one, two]);
  const claimed = (change: object) =>
    signAnything({ typ: 'issuerset+jwt' }, JSON.stringify({ ...payload, ...change }), [one, two]);
  const key = payload.keys[0];
  const texts = [
    '',
    '[]',
    'null',
    '{"payload":"","signatures":[]}',
    JSON.stringify({ ...good, extra: 1 }),
    JSON.stringify({ ...good, signatures: [] }),
    JSON.stringify({ ...good, signatures: Array(11).fill(good.signatures[0]) }),
    JSON.stringify({ ...good, signatures: [{ ...good.signatures[0], header: { kid: 'x' } }] }),
    await headed({ typ: 'rootset+jwt' }),
    await headed({}),
    await headed({ typ: 'issuerset+jwt', jku: 'https://example.org' }),
    await claimed({ extra: 1 }),
    await claimed({ version: -1 }),
    await claimed({ keys: [] }),
    await claimed({ keys: Array(17).fill(key) }),
    await claimed({ keys: [{ ...key, jwk: { ...key.jwk, d: 'A'.repeat(43) } }] }),
    await claimed({ keys: [{ ...key, jwk: cast.carrier.jwk }] }),
    await claimed({ issuer: 'a b' }),
    'x'.repeat(16_385),
    JSON.stringify(good) + ' '.repeat(16_384),
  ];
  for (const text of texts) {
    t.equal(code(await verifyIssuerSet(text, old, 0, nowS)), 'ISSUER_SET_MALFORMED', text.slice(0, 60));
    t.equal(code(await verifyFirstRootSet(text, nowS)), 'ROOT_SET_MALFORMED');
  }
});

t.test('no text at all makes the reader of sets throw', async (t) => {
  const old = await pinned();
  const good = await issuerSetOf(cast);
  const spliced = fc
    .tuple(fc.nat(good.length), fc.nat(20), fc.string({ maxLength: 10 }))
    .map(([at, cut, text]) => good.slice(0, at) + text + good.slice(at + cut));
  await fc.assert(
    fc.asyncProperty(fc.oneof(spliced, fc.json()), async (text) => {
      const verdict = await verifyIssuerSet(text, old, 0, nowS);
      return verdict.ok || verdict.code.startsWith('ISSUER_SET_');
    }),
    { numRuns: 300 },
  );
  t.pass('it did not');
});

t.test('the hash of a root set is what an installer compares', async (t) => {
  const text = await rootSetOf(cast);
  t.equal(rootSetHash(text), hashOf(text));
});
