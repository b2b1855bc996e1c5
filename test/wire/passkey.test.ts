import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';
import { refuse, type Verdict } from '../../wire/faults.ts';
import { proveHandover, verifyHandover } from '../../wire/handover.ts';
import { proveInvitation, verifyInvited } from '../../wire/invitation.ts';
import { newId } from '../../wire/jws.ts';
import {
  maxAssertionChars,
  Passkey,
  readAssertion,
  splitAsserted,
  verifyAssertion,
  withAssertion,
} from '../../wire/passkey.ts';
import { type Rule, widens } from '../../wire/rule-book.ts';
import type { EcJwk } from '../../wire/shapes.ts';
import { approvalOf, carrierRule, grantOf, guestRule, newCast, newSealJwk } from '../support/keys.ts';
import { type AssertionChange, newSoftPasskey } from '../support/soft-passkey.ts';

const cast = await newCast();
const own = newSoftPasskey();
const jws = await approvalOf(cast, await grantOf(cast));
const { assertion: good = '' } = splitAsserted(own.confirm(jws));
const outcome = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const checked = async (change: AssertionChange): Promise<string> =>
  outcome(await verifyAssertion(jws, splitAsserted(own.confirm(jws, change)).assertion ?? '', own.passkey));

t.test('an assertion over this document by the pinned passkey holds', async (t) => {
  t.equal(await checked({}), 'ok');
  t.equal(await checked({ flags: 0x05 }), 'ok', 'not synced');
  t.equal(await checked({ origin: 'https://home.app.example:8443' }), 'ok', 'a page below the RP ID');
  t.same(splitAsserted(jws), { jws, assertion: undefined });
});

t.test('whatever else an authenticator signs is not genuine', async (t) => {
  const wrong: readonly [AssertionChange, string][] = [
    [{ type: 'webauthn.create' }, 'another ceremony'],
    [{ over: await approvalOf(cast, await grantOf(cast)) }, 'a replay for another document'],
    [{ over: `${jws}~` }, 'a text that only begins alike'],
    [{ rp: 'evil.example' }, 'another relying party'],
    [{ origin: 'https://evil.example' }, 'a page of somebody else'],
    [{ origin: 'https://evilapp.example' }, 'a name that only ends alike'],
    [{ origin: 'null' }, 'a page without an origin'],
    [{ crossOrigin: true }, 'a frame in a page of somebody else'],
  ];
  for (const [change, says] of wrong) t.equal(await checked(change), 'PASSKEY_NOT_GENUINE', says);
  const other = splitAsserted(newSoftPasskey().confirm(jws)).assertion ?? '';
  t.equal(outcome(await verifyAssertion(jws, other, own.passkey)), 'PASSKEY_NOT_GENUINE', 'another passkey');
  const offCurve = { ...own.passkey, jwk: { ...own.passkey.jwk, x: 'A'.repeat(43), y: 'A'.repeat(43) } };
  t.equal(outcome(await verifyAssertion(jws, good, offCurve)), 'PASSKEY_NOT_GENUINE', 'a key off its curve');
});

t.test(
  'without user presence or user verification it is not verified, and no flag can be set afterwards',
  async (t) => {
    for (const flags of [0x00, 0x01, 0x04, 0x19, 0x18])
      t.equal(await checked({ flags }), 'PASSKEY_NOT_VERIFIED', `${flags}`);
    const parts = own.assert(jws, { flags: 0x01 });
    parts.authenticatorData[32] = 0x05;
    const { assertion = '' } = splitAsserted(withAssertion(jws, parts));
    t.equal(outcome(await verifyAssertion(jws, assertion, own.passkey)), 'PASSKEY_NOT_GENUINE');
  },
);

t.test('every flipped bit of an assertion is refused', async (t) => {
  const { authenticatorData, clientDataJson, signature } = own.assert(jws);
  for (const part of [authenticatorData, clientDataJson, signature]) {
    for (let at = 0; at < part.length; at += 1) {
      part[at]! ^= 1 << (at % 8);
      const { assertion = '' } = splitAsserted(withAssertion(jws, { authenticatorData, clientDataJson, signature }));
      if ((await verifyAssertion(jws, assertion, own.passkey)).ok) t.fail(`byte ${at} of ${part.length}`);
      part[at]! ^= 1 << (at % 8);
    }
  }
  t.equal(outcome(await verifyAssertion(jws, good, own.passkey)), 'ok', 'as it was');
});

t.test('T13: what is no assertion is malformed', async (t) => {
  const [data = '', client = '', signature = ''] = good.split('.');
  const der = (hex: string): string => `${data}.${client}.${Buffer.from(hex, 'hex').toString('base64url')}`;
  const one = '01'.repeat(32);
  const texts = [
    '',
    '.',
    '..',
    good.slice(0, -1),
    `${good}.`,
    `${good}.x`,
    `${good}~${good}`,
    `${data}.${client}`,
    `${data}=.${client}.${signature}`,
    `${data.slice(0, 48)}.${client}.${signature}`,
    `${data}.${'A'.repeat(maxAssertionChars)}.${signature}`,
    der(''),
    der('30'),
    der('3006020101020101ff'),
    der('3007020101020101'),
    der('3106020101020101'),
    der('3006030101020101'),
    der('3006020181020101'),
    der('300702020001020101'),
    der('30050200020101'),
    der(`30260221${one}0101020101`),
    der(`302702220000${one}020101`),
    der('30800201010201010000'),
    der('3003020101'),
  ];
  for (const text of texts) t.equal(outcome(readAssertion(text)), 'PASSKEY_MALFORMED', text.slice(0, 40));
  t.ok(readAssertion(der('3006020101020101')).ok, 'the shortest');
  const text = (json: string): string => `${data}.${Buffer.from(json).toString('base64url')}.${signature}`;
  for (const json of ['', '{', 'null', '[]', '{"type":"webauthn.get"}', '{"type":7,"challenge":"","origin":""}']) {
    t.equal(outcome(await verifyAssertion(jws, text(json), own.passkey)), 'PASSKEY_MALFORMED', json);
  }
});

t.test('T13: no text at all makes it throw, and every signature of a real key is read', async (t) => {
  const odd = fc.array(fc.string({ unit: fc.constantFrom(...'AZaz09-_~.='), maxLength: 90 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        odd.map((parts) => parts.join('.')),
      ),
      async (text) => {
        const verdict = await verifyAssertion(jws, text, own.passkey);
        return !verdict.ok && verdict.code.startsWith('PASSKEY_');
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 37, maxLength: 80 }), fc.uint8Array({ maxLength: 60 }), (data, client) => {
      const parts = { ...own.assert(jws), authenticatorData: data, clientDataJson: client };
      const read = readAssertion(splitAsserted(withAssertion(jws, parts)).assertion ?? '');
      return read.ok && Buffer.compare(read.value.authenticatorData, data) === 0 && read.value.signature.length === 64;
    }),
  );
  t.pass('it did not');
});

t.test('a passkey is a credential id, a key and a name that pages are served from', async (t) => {
  const fits = (change: object): boolean => v.is(Passkey, { ...own.passkey, ...change });
  for (const rp of ['localhost', 'app.doorward.example', 'a-b.c']) t.ok(fits({ rp }), rp);
  for (const rp of [
    '',
    '-a',
    'a-',
    'A.example',
    'a..b',
    'a.b.',
    'https://a',
    'a'.repeat(254),
    `${'a.'.repeat(126)}aa`,
  ]) {
    t.notOk(fits({ rp }), rp.slice(0, 30));
  }
  for (const id of ['', 'short', 'A'.repeat(345), `${'A'.repeat(22)}=`]) t.notOk(fits({ id }), id.slice(0, 30));
  t.notOk(fits({ jwk: { ...own.passkey.jwk, d: 'A'.repeat(43) } }), 'a private key');
  t.notOk(fits({ more: 1 }));
});

t.test('both proofs hold for this passkey and for no other; without one they are as they were', async (t) => {
  const plain = { sign: cast.owner.sign.jwk as EcJwk, seal: newSealJwk() };
  const device = { ...plain, passkey: own.passkey };
  const others = [
    plain,
    { ...plain, passkey: newSoftPasskey().passkey },
    { ...plain, passkey: { ...own.passkey, rp: 'evil.example' } },
    { ...plain, passkey: { ...own.passkey, id: newSoftPasskey().passkey.id } },
  ];
  const code = { hub: cast.hubId, key: cast.hub.kid, secret: newId() };
  const handed = await proveHandover('phone', code, device);
  const invited = await proveInvitation(code.secret, device);
  t.same(await verifyHandover('phone', code, device, handed), { ok: true, value: device });
  t.same(await verifyInvited(code.secret, { ...device, proof: invited }), {
    ok: true,
    value: { ...device, proof: invited },
  });
  for (const other of others) {
    t.same(await verifyHandover('phone', code, other, handed), refuse('HANDOVER_NOT_GENUINE'));
    t.same(await verifyInvited(code.secret, { ...other, proof: invited }), refuse('HANDOVER_NOT_GENUINE'));
  }
  const offCurve = { ...device, passkey: { ...own.passkey, jwk: { ...own.passkey.jwk, y: 'A'.repeat(43) } } };
  const proof = await proveHandover('phone', code, offCurve);
  t.same(await verifyHandover('phone', code, offCurve, proof), refuse('HANDOVER_NOT_GENUINE', { why: 'key' }));
});

t.test('a rule that is not in force word for word widens; the same or fewer do not', async (t) => {
  const [carrier, guest] = [carrierRule(cast), guestRule(cast)];
  t.equal(widens([], []), false);
  t.equal(widens([carrier], []), true);
  t.equal(widens([], [carrier]), false);
  t.equal(widens([carrier], [carrier, guest]), false);
  t.equal(widens([guest, carrier], [carrier, guest]), false, 'in any order');
  const turned = Object.fromEntries(Object.entries(carrier).reverse()) as unknown as Rule;
  t.equal(widens([turned], [carrier]), false, 'members in any order');
  const changes: readonly Partial<Rule>[] = [
    { id: 'rule-2' },
    { door: `door-${'a'.repeat(20)}` },
    { until: carrier.until + 1 },
    { from: carrier.from - 1 },
    { visits: carrier.visits + 1 },
    { entries: 1 },
    { camera: 'off' },
    { consent: 'ask' },
    { party: { ...carrier.party, id: 'somebody' } as Rule['party'] },
    { recurs: { zone: 'Europe/Berlin', start: '2026-11-24T09:00', seconds: 3600, freq: 'daily' } },
  ];
  for (const change of changes) t.equal(widens([{ ...carrier, ...change }], [carrier]), true, JSON.stringify(change));
});

t.test('it runs in a browser: nothing of Node is imported', async (t) => {
  for (const file of ['passkey', 'owner-device', 'media', 'shapes', 'faults']) {
    t.notMatch(readFileSync(new URL(`../../wire/${file}.ts`, import.meta.url), 'utf8'), /from '(node:|\.\/jws)/, file);
  }
});
