import t, { type Test } from 'tap';
import { decideGrant } from '../../../device/grant/decide.ts';
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { accept, type Verdict } from '../../../wire/faults.ts';
import { hashOf, newId, type SignKey, signDocument } from '../../../wire/jws.ts';
import { clearanceForm, clockResetForm, ownerChangeForm } from '../../../wire/owner.ts';
import { retentionForm } from '../../../wire/video.ts';
import { goodDocuments } from '../../support/decision.ts';
import {
  approvalOf,
  bundleOf,
  carrierRule,
  guestRule,
  newCast,
  newSealJwk,
  newSignKey,
  ownerListOf,
  revocationOf,
  ruleBookOf,
} from '../../support/keys.ts';
import { type AssertionChange, newSoftPasskey } from '../../support/soft-passkey.ts';
import { freshStore } from '../../support/store.ts';

const cast = await newCast();
const { nowS, hubId, doorId: door } = cast;
const own = newSoftPasskey();
const device = { sign: cast.owner.sign.jwk as never, seal: cast.owner.seal, passkey: own.passkey };
const resetNonce = newId();
const scene = { nowS, resetNonce };
const base = () => ({ aud: hubId, jti: newId(), iat: nowS });
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);

interface Bench {
  readonly trust: Trust;
  readonly take: (text: string) => Promise<string>;
  /** The hub after a restart. */
  readonly again: () => Promise<Trust>;
}

/** A hub whose owner device is pinned with a passkey, on a real store. */
async function makeHub(t: Test): Promise<Bench> {
  const store = freshStore(t, hubId);
  const documents = await goodDocuments(cast, { ownerList: await ownerListOf(cast, { devices: [device] }) });
  for (const [name, text] of Object.entries(documents)) store.trust.keepDocument(name as 'rootSet', text!);
  const again = () =>
    openTrust({ store: store.trust, grants: store.grants, hubId, hubKey: cast.hub, hasHead: () => 'has' });
  const trust = await again();
  return { trust, again, take: async (text) => code(await trust.take(text, scene)) };
}

const newDevice = async () => ({ sign: (await newSignKey('ES256')).jwk as never, seal: newSealJwk() });
const change = (claims: object, key: SignKey = cast.owner.sign): Promise<string> =>
  signDocument(ownerChangeForm, { ...base(), version: 2, ...claims } as never, key);

/** Everything that lets somebody in who could not come in before, signed with the device's key. */
const widening: Readonly<Record<string, () => Promise<string>>> = {
  'a rule more': () => ruleBookOf(cast, { version: 2, rules: [carrierRule(cast), guestRule(cast, { id: 'rule-3' })] }),
  'a rule changed': () => ruleBookOf(cast, { version: 2, rules: [carrierRule(cast, { visits: 3 })] }),
  'an approval': async () => approvalOf(cast, (await bundleOf(cast)).grant),
  'a clearance': () => signDocument(clearanceForm, { ...base(), door, alarm: 7 }, cast.owner.sign),
  'a clock reset': () =>
    signDocument(clockResetForm, { aud: hubId, iat: nowS, nonce: resetNonce, mark: nowS }, cast.owner.sign),
  'a further device': async () => change({ add: { ...(await newDevice()), passkey: newSoftPasskey().passkey } }),
};

t.test('what widens access needs finger, face or PIN at the pinned passkey, over exactly this document', async (t) => {
  for (const [what, make] of Object.entries(widening)) {
    const { take } = await makeHub(t);
    const jws = await make();
    const confirmed = async (by: AssertionChange): Promise<string> => take(own.confirm(jws, by));
    t.equal(await take(jws), 'PASSKEY_MISSING', `${what}, signed silently by a script of the page`);
    t.equal(await take(`${jws}~`), 'PASSKEY_MALFORMED', `${what}, with nothing behind it`);
    t.equal(await take(newSoftPasskey().confirm(jws)), 'PASSKEY_NOT_GENUINE', `${what}, another passkey`);
    t.equal(await confirmed({ over: await make() }), 'PASSKEY_NOT_GENUINE', `${what}, a replay of another one`);
    t.equal(await confirmed({ rp: 'evil.example' }), 'PASSKEY_NOT_GENUINE', `${what}, another relying party`);
    t.equal(await confirmed({ flags: 0x01 }), 'PASSKEY_NOT_VERIFIED', `${what}, touched without a finger`);
    t.equal(await confirmed({ flags: 0x04 }), 'PASSKEY_NOT_VERIFIED', `${what}, nobody there`);
    t.equal(await confirmed({}), 'ok', what);
  }
});

t.test('what narrows, and what only keeps things as they are, needs none', async (t) => {
  const { take } = await makeHub(t);
  const quiet: Readonly<Record<string, string>> = {
    'the lease renewed': await ruleBookOf(cast, { version: 2, iat: nowS, exp: nowS + 86_400 }),
    'a rule less': await ruleBookOf(cast, { version: 3, rules: [carrierRule(cast)] }),
    'a stop': await revocationOf(cast, { kind: 'visit', id: newId() }),
    'an epoch': await revocationOf(cast, { kind: 'epoch', epoch: 1 }),
    'how long recordings stay': await signDocument(
      retentionForm,
      { aud: hubId, version: 1, iat: nowS, keepHours: 24, keep: [] },
      cast.owner.sign,
    ),
    'a device that goes': await change({ remove: cast.courier.kid }),
  };
  for (const [what, text] of Object.entries(quiet)) t.equal(await take(text), 'ok', what);
  const back = await ruleBookOf(cast, { version: 4 });
  t.equal(await take(back), 'PASSKEY_MISSING', 'a rule that was given up is a new one');
  const wrong = await ruleBookOf(cast, { version: 4, rules: [] });
  t.equal(await take(own.confirm(wrong, { flags: 0 })), 'PASSKEY_NOT_VERIFIED', 'what is shown has to hold');
});

t.test('a renewed book counts after a restart, and what was confirmed stays confirmed', async (t) => {
  const { take, again } = await makeHub(t);
  const rules = [carrierRule(cast, { id: 'rule-new' })];
  t.equal(await take(own.confirm(await ruleBookOf(cast, { version: 2, rules }))), 'ok');
  t.match((await again()).inForce().rules, { claims: { version: 2, rules: [{ id: 'rule-new' }] } });
  t.equal(await take(await ruleBookOf(cast, { version: 3, rules })), 'ok', 'the lease is renewed without a word');
  const renewed = await again();
  t.match(renewed.inForce(), {
    rules: { claims: { version: 3, rules: [{ id: 'rule-new' }] } },
    floors: { ruleBook: 3 },
  });
  t.equal(code(await renewed.take(await ruleBookOf(cast, { version: 4 }), scene)), 'PASSKEY_MISSING');
});

t.test('a confirmed yes opens nothing but its own grant', async (t) => {
  const { trust } = await makeHub(t);
  const rules = [carrierRule(cast, { consent: 'ask' })];
  await trust.take(own.confirm(await ruleBookOf(cast, { version: 2, rules })), scene);
  const bundle = await bundleOf(cast);
  const yes = await approvalOf(cast, bundle.grant);
  const decided = async (approval: string): Promise<string> =>
    code(
      await decideGrant(
        { ...bundle, approval },
        {
          ...trust.reads(),
          ...{ standing: undefined, now: accept(nowS * 1000), hasDoor: (one: string) => one === door },
        },
      ),
    );
  t.equal(await decided(yes), 'PASSKEY_MISSING', 'the cloud leaves the assertion out');
  t.equal(await decided(own.confirm(yes, { flags: 0x01 })), 'PASSKEY_NOT_VERIFIED');
  const another = own.confirm(await approvalOf(cast, 'another grant'));
  t.equal(await decided(`${yes}${another.slice(another.indexOf('~'))}`), 'PASSKEY_NOT_GENUINE');
  t.equal(await decided(own.confirm(yes)), 'ok');
  t.match(await trust.take(own.confirm(yes), scene), { value: { took: 'approval', grantHash: hashOf(bundle.grant) } });
});

t.test('a device with a passkey brings in no device without one; a device without one signs as before', async (t) => {
  const { trust, take } = await makeHub(t);
  const plain = await newDevice();
  t.equal(await take(own.confirm(await change({ add: plain }))), 'OWNER_CHANGE_NO_PASSKEY');
  const offCurve = { ...own.passkey, jwk: { ...own.passkey.jwk, y: 'A'.repeat(43) } };
  const broken = await change({ add: { ...plain, passkey: offCurve } });
  t.equal(await take(own.confirm(broken)), 'OWNER_CHANGE_MALFORMED', 'a passkey that nobody could ever use');
  const again = { ...device, passkey: undefined };
  t.equal(await take(own.confirm(await change({ add: again }))), 'OWNER_CHANGE_NO_PASSKEY', 'not even itself');

  const phone = await newSignKey('ES256');
  await trust.pinOwner({ sign: phone.jwk as never, seal: newSealJwk() }, nowS);
  t.equal(await take(await ruleBookOf(cast, { version: 2 }, phone)), 'ok');
  const assured = await ruleBookOf(cast, { version: 3 }, phone);
  t.equal(await take(own.confirm(assured)), 'PASSKEY_NOT_GENUINE', 'an assertion that nobody pinned says nothing');
});

t.test(
  'a device that was pinned without a passkey signs itself in once more, with one, and needs it from then on',
  async (t) => {
    const { trust, take } = await makeHub(t);
    const phone = await newSignKey('ES256');
    const bare = { sign: phone.jwk as never, seal: newSealJwk() };
    await trust.pinOwner(bare, nowS);
    const version = trust.inForce().owners!.version + 1;
    t.equal(await take(await change({ version, add: { ...bare, passkey: own.passkey } }, phone)), 'ok');
    t.match(trust.inForce().owners, { devices: [{ ...bare, passkey: own.passkey }], version });
    const book = await ruleBookOf(cast, { version: 2 }, phone);
    t.equal(await take(book), 'PASSKEY_MISSING');
    t.equal(await take(own.confirm(book)), 'ok');
    t.equal(
      await take(await change({ version: version + 1, add: bare }, phone)),
      'OWNER_CHANGE_NO_PASSKEY',
      'and not back',
    );
  },
);
