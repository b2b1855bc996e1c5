import { createHmac, createSign, sign as cryptoSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, type JWK } from 'jose';
import t from 'tap';
import type { Verdict } from '../../wire/faults.ts';
import { peek, type SignKey, signDocument } from '../../wire/jws.ts';
import { newCast } from '../support/keys.ts';
import { type Specimen, specimens } from './forms.ts';

const cast = await newCast();
const all = specimens(cast);
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
/** Claims that may be left out. */
const optional: Readonly<Record<string, readonly string[]>> = {
  'approval+jwt': ['seen'],
  'alarm+jwt': ['door', 'notFor'],
  'videokey+jwt': ['visit', 'width', 'height'],
  'videohead+jwt': ['end', 'late'],
  'recoverypin+jwt': ['mark'],
  'stopreceipt+jwt': ['place'],
};
const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** A document with any header and payload, signed as they are. */
const signAnything = (header: object, payload: string | Uint8Array, key: SignKey): Promise<string> =>
  new CompactSign(typeof payload === 'string' ? Buffer.from(payload) : payload)
    .setProtectedHeader({ alg: key.alg, ...header })
    .sign(key.privateKey);

const headerOf = ({ form, signer }: Specimen): { typ: string; kid?: string; jwk?: JWK } => ({
  typ: form.typ,
  ...(form.key === 'kid' ? { kid: signer.kid } : { jwk: signer.jwk as JWK }),
});

for (const specimen of all) {
  const { form, claims, signer, stranger, unknown, verify } = specimen;
  const resign = (change: object, key = signer, header: object = {}) =>
    signAnything({ ...headerOf(specimen), ...header }, JSON.stringify({ ...claims, ...change }), key);

  t.test(`${form.typ}: what is signed is what is read`, async (t) => {
    const jws = await signDocument(form, claims, signer);
    t.same(await verify(jws), { ok: true, value: claims });
    t.ok(jws.length < form.maxBytes);
    t.same(JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString()), {
      alg: signer.alg,
      ...headerOf(specimen),
    });
  });

  t.test(`${form.typ}: nobody signs what nobody would accept`, async (t) => {
    await t.rejects(signDocument(form, { ...claims, extra: 1 }, signer));
  });

  t.test(
    `${form.typ}: a claim too many, one too few, or of another type is malformed, however well it is signed`,
    async (t) => {
      t.equal(code(await verify(await resign({}))), 'ok');
      t.equal(code(await verify(await resign({ role: 'owner' }))), form.malformed);
      t.equal(code(await verify(await resign({ constructor: 'x' }))), form.malformed);
      const text = JSON.stringify(claims);
      const proto = `${text.slice(0, -1)},"__proto__":{"admin":true}}`;
      t.equal(code(await verify(await signAnything(headerOf(specimen), proto, signer))), form.malformed);
      for (const name of Object.keys(claims)) {
        const expected = optional[form.typ]?.includes(name) ? 'ok' : form.malformed;
        t.equal(code(await verify(await resign({ [name]: undefined }))), expected, `without ${name}`);
        // A JWE is any text of its length, until it is opened.
        const text = name === 'sealed' ? 'x'.repeat(20_000) : 'x'.repeat(70);
        for (const value of [null, {}, [null], '', -1, 2 ** 60, text]) {
          t.equal(
            code(await verify(await resign({ [name]: value }))),
            form.malformed,
            `${name}: ${JSON.stringify(value)}`,
          );
        }
      }
      for (const payload of ['', 'null', '[]', '"x"', '{', '1', '\u0000']) {
        t.equal(code(await verify(await signAnything(headerOf(specimen), payload, signer))), form.malformed, payload);
      }
    },
  );

  t.test(`${form.typ}: T21: a header of any other kind is malformed`, async (t) => {
    const other = (header: object) =>
      signAnything({ ...headerOf(specimen), ...header }, JSON.stringify(claims), signer);
    t.equal(code(await verify(await other({ typ: 'jwt' }))), form.malformed, 'another type');
    t.equal(code(await verify(await other({ typ: undefined }))), form.malformed, 'no type');
    t.equal(code(await verify(await other({ kid: undefined, jwk: undefined }))), form.malformed, 'no key');
    t.equal(code(await verify(await other({ kid: signer.kid, jwk: signer.jwk }))), form.malformed, 'two keys');
    t.equal(code(await verify(await other({ jku: 'https://example.org' }))), form.malformed, 'an extra member');
    t.equal(code(await verify(await other({ cty: 'x' }))), form.malformed, 'another extra member');
  });

  t.test(`${form.typ}: T21: crit, none, HMAC and a private key in the header are malformed`, async (t) => {
    const payload = part(claims);
    const unsigned = (header: object, signature = ''): string =>
      `${part({ alg: signer.alg, ...headerOf(specimen), ...header })}.${payload}.${signature}`;
    const good = await resign({});
    const signature = good.split('.')[2]!;
    t.equal(code(await verify(unsigned({ crit: ['exp'], exp: 1 }, signature))), form.malformed);
    t.equal(code(await verify(unsigned({ crit: ['b64'], b64: false }, signature))), form.malformed);
    for (const alg of ['none', 'None', 'NONE', '', null]) {
      t.equal(code(await verify(unsigned({ alg }))), form.malformed, `alg ${alg}`);
    }
    const hmacInput = unsigned({ alg: 'HS256' }).slice(0, -1);
    const secret = Buffer.from(JSON.stringify(signer.jwk));
    const hmac = createHmac('sha256', secret).update(hmacInput).digest('base64url');
    t.equal(code(await verify(`${hmacInput}.${hmac}`)), form.malformed, 'HS256 with the public key as its secret');
    t.equal(code(await verify(unsigned({ jwk: { ...signer.jwk, d: 'A'.repeat(43) } }, signature))), form.malformed);
  });

  t.test(`${form.typ}: another key, another algorithm and a changed byte are not genuine`, async (t) => {
    t.equal(code(await verify(await signDocument(form, claims, stranger))), unknown, 'a stranger in its own name');
    const forged = await signAnything(headerOf(specimen), JSON.stringify(claims), stranger);
    t.equal(code(await verify(forged)), form.notGenuine, 'a stranger in the name of the signer');
    const good = await resign({});
    const [header, payload, signature] = good.split('.') as [string, string, string];
    t.equal(code(await verify(`${header}.${payload}.`)), form.notGenuine, 'no signature');
    t.equal(code(await verify(`${header}.${payload}.AAAA`)), form.notGenuine, 'a short signature');
    t.equal(code(await verify(`${header}.${payload}.${'A'.repeat(signature.length)}`)), form.notGenuine, 'zeros');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[5]! ^= 1;
    t.equal(code(await verify(`${header}.${payload}.${bytes.toString('base64url')}`)), form.notGenuine, 'a bit');
    if (signer.alg === 'ES256') {
      // the same signature as DER, as other libraries write it (RFC 7518 section 3.4 wants r and s side by side)
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const der = createSign('sha256').update(`${header}.${payload}`).sign(privateKey).toString('base64url');
      t.equal(code(await verify(`${header}.${payload}.${der}`)), form.notGenuine, 'DER');
    } else {
      const { privateKey } = generateKeyPairSync('ed25519');
      const other = cryptoSign(null, Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
      t.equal(code(await verify(`${header}.${payload}.${other}`)), form.notGenuine, 'another Ed25519 key');
    }
  });

  t.test(`${form.typ}: what is too long or has not three parts is malformed before anything is read`, async (t) => {
    const good = await resign({});
    t.match(await verify(good + 'A'.repeat(form.maxBytes)), { code: form.malformed, detail: { why: 'size' } });
    for (const text of ['', '.', '..', '...', 'a.b', `${good}.x`, good.replaceAll('.', '')]) {
      t.equal(code(await verify(text)), form.malformed, text.slice(0, 20));
    }
    t.equal(code(await verify(undefined as never)), form.malformed);
  });

  t.test(`${form.typ}: T13: no text at all makes the reader throw`, async (t) => {
    const good = await resign({});
    const never = (text: string): boolean => {
      const verdict = peek(form, text);
      return verdict.ok || verdict.code === form.malformed;
    };
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: 'binary' }), never), { numRuns: 200 });
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (header, payload) => never(`${part(header)}.${part(payload)}.AA`)),
      { numRuns: 200 },
    );
    const spliced = fc
      .tuple(fc.nat(good.length), fc.nat(20), fc.string({ maxLength: 10 }))
      .map(([at, cut, text]) => good.slice(0, at) + text + good.slice(at + cut));
    fc.assert(fc.property(spliced, never), { numRuns: 300 });
    t.pass('it did not');
  });
}

t.test('no two forms share a type', async (t) => {
  t.equal(new Set(all.map(({ form }) => form.typ)).size, all.length);
});

t.test('a document of one type is malformed as any other', async (t) => {
  for (const { form, claims, signer } of all) {
    const jws = await signDocument(form, claims, signer);
    for (const other of all.filter((one) => one.form !== form)) {
      t.equal(code(await other.verify(jws)), other.form.malformed, `${form.typ} as ${other.form.typ}`);
    }
  }
});
