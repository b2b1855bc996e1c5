import t, { type Test } from 'tap';
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import type { Verdict } from '../../../wire/faults.ts';
import { newId, type SignKey, signDocument, toVerifyKey } from '../../../wire/jws.ts';
import { maxOwnerDevices, ownerChangeForm, verifyOwnerList } from '../../../wire/owner.ts';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import {
  deriveRecovery,
  maxRecoveryVetoes,
  type RecoveryClaims,
  type RecoveryMark,
  recoveryCodeForm,
  recoveryForm,
} from '../../../wire/recovery.ts';
import type { EcJwk, OkpJwk } from '../../../wire/shapes.ts';
import { verifyRecoveryPin } from '../../../wire/verify-recovery.ts';
import { goodDocuments } from '../../support/decision.ts';
import { type Cast, newCast, newHubId, newSealJwk, newSignKey, revocationOf, ruleBookOf } from '../../support/keys.ts';
import { newSoftPasskey } from '../../support/soft-passkey.ts';
import { type Disk, freshStore, onDisk } from '../../support/store.ts';

const cast = await newCast();
const { nowS, hubId } = cast;
const scene = { nowS };
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);

const newPhone = async (): Promise<OwnerDevice> => ({
  sign: (await newSignKey('ES256')).jwk as EcJwk,
  seal: newSealJwk(),
});
const phoneOf = ({ owner }: Cast): OwnerDevice => ({ sign: owner.sign.jwk as EcJwk, seal: owner.seal });

async function newCode(fill: number): Promise<{ mark: RecoveryMark; key: SignKey }> {
  const { jwk, privateKey } = await deriveRecovery(new Uint8Array(16).fill(fill));
  return { mark: { key: jwk, note: 'n'.repeat(43) }, key: { ...(await toVerifyKey(jwk)), privateKey } };
}
const printed = await newCode(1);
const phone = await newPhone();
const recoveryOf = (change: Partial<RecoveryClaims> = {}, key = printed.key): Promise<string> =>
  signDocument(recoveryForm, { aud: hubId, jti: newId(), iat: nowS, device: phone, ...change }, key);
const codeOf = (version: number, mark: RecoveryMark, key = cast.owner.sign): Promise<string> =>
  signDocument(recoveryCodeForm, { aud: hubId, jti: newId(), iat: nowS, version, mark }, key);

/** A hub that was handed over with a printed code, on a real store. */
async function makeTrust(
  t: Test,
  mark: RecoveryMark | undefined,
): Promise<{ trust: Trust; disk: Disk; again: () => Promise<Trust> }> {
  const store = freshStore(t, hubId);
  const documents = await goodDocuments(cast, { ownerList: '' });
  for (const [name, text] of Object.entries(documents)) store.trust.keepDocument(name as 'rootSet', text!);
  const disk: Disk = { is: 'good' };
  const { trust, grants } = onDisk(store, disk);
  const again = () => openTrust({ store: trust, grants, hubId, hubKey: cast.hub, hasHead: () => 'has' });
  const first = await again();
  await first.pinOwner(phoneOf(cast), nowS, mark);
  return { disk, again, trust: first };
}

t.test('the code that was pinned at the hand-over asks for a device, which waits, also after a restart', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  const jti = newId();
  const text = await recoveryOf({ jti });
  t.match(await trust.take(text, scene), { ok: true, value: { took: 'recovery', id: jti, changed: true } });
  t.match(await trust.take(text, scene), { ok: true, value: { changed: false } }, 'the same again is harmless');
  for (const one of [trust, await again()]) {
    t.equal(one.inForce().recovery.pending?.jti, jti);
    t.same(one.inForce().owners?.devices, [phoneOf(cast)], 'nobody is added yet');
    t.equal(code(await one.take(await recoveryOf(), scene)), 'RECOVERY_PENDING', 'one at a time');
  }
});

t.test('another code, another hub, a hub without a code', async (t) => {
  const { trust } = await makeTrust(t, printed.mark);
  const other = await newCode(2);
  t.equal(code(await trust.take(await recoveryOf({}, other.key), scene)), 'RECOVERY_KEY_UNKNOWN');
  t.equal(
    code(await trust.take(await recoveryOf({}, { ...other.key, kid: printed.key.kid }), scene)),
    'RECOVERY_NOT_GENUINE',
  );
  t.equal(code(await trust.take(await recoveryOf({ aud: newHubId() }), scene)), 'RECOVERY_WRONG_HUB');
  const { trust: bare } = await makeTrust(t, undefined);
  t.equal(bare.inForce().recovery.key, undefined);
  t.equal(code(await bare.take(await recoveryOf(), scene)), 'RECOVERY_KEY_UNKNOWN');
});

t.test('after its wait it is added to the devices that are there then', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  const jti = newId();
  const text = await recoveryOf({ jti });
  await trust.take(text, scene);
  await trust.take(await ruleBookOf(cast, { version: 2 }), scene);
  const second = await newPhone();
  const change = { aud: hubId, jti: newId(), iat: nowS, version: 2, add: second };
  await trust.take(await signDocument(ownerChangeForm, change, cast.owner.sign), scene);
  const added = await trust.addRecovered(jti, nowS);
  const list = added.ok ? await verifyOwnerList(added.value, cast.hub) : added;
  t.match(list, { ok: true, value: { version: 3, devices: [phoneOf(cast), second, phone] } });
  for (const one of [trust, await again()]) {
    t.equal(one.inForce().owners?.devices.length, 3);
    t.equal(one.inForce().recovery.pending, undefined);
    t.equal(code(await one.addRecovered(jti, nowS)), 'RECOVERY_OVER');
    t.equal(
      code(await one.take(text, scene)),
      'RECOVERY_OVER',
      'it is used up, for the time after its device is removed',
    );
    t.equal(one.inForce().rules?.claims.version, 2, 'what the others allow stands');
  }
});

t.test('a veto ends it for ever, before or after it came', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  const [jti, early] = [newId(), newId()];
  const text = await recoveryOf({ jti });
  await trust.take(text, scene);
  const veto = await revocationOf(cast, { kind: 'recovery', id: jti });
  t.match(await trust.take(veto, scene), { ok: true, value: { took: 'revocation', changed: true, durable: true } });
  t.match(await trust.take(veto, scene), { ok: true, value: { changed: false } });
  await trust.take(await revocationOf(cast, { kind: 'recovery', id: early }), scene);
  for (const one of [trust, await again()]) {
    t.equal(one.inForce().recovery.pending, undefined);
    t.equal(code(await one.addRecovered(jti, nowS)), 'RECOVERY_OVER');
    t.equal(code(await one.take(text, scene)), 'RECOVERY_OVER');
    t.equal(code(await one.take(await recoveryOf({ jti: early }), scene)), 'RECOVERY_OVER');
  }
});

t.test('neither the issuer nor a stranger vetoes', async (t) => {
  const { trust } = await makeTrust(t, printed.mark);
  const jti = newId();
  await trust.take(await recoveryOf({ jti }), scene);
  const by = async (key: SignKey) =>
    code(await trust.take(await revocationOf(cast, { kind: 'recovery', id: jti }, key), scene));
  t.equal(await by(cast.issuer), 'REVOCATION_NOT_YOURS');
  t.equal(await by(cast.stranger.ec), 'REVOCATION_KEY_UNKNOWN');
  t.equal(trust.inForce().recovery.pending?.jti, jti);
});

t.test('a veto that the disk refuses counts, says so, and is written down when it comes again', async (t) => {
  const { trust, disk, again } = await makeTrust(t, printed.mark);
  const jti = newId();
  await trust.take(await recoveryOf({ jti }), scene);
  const veto = await revocationOf(cast, { kind: 'recovery', id: jti });
  disk.is = 'full';
  t.match(await trust.take(veto, scene), { ok: true, value: { durable: false } });
  t.equal(trust.inForce().recovery.pending, undefined);
  disk.is = 'good';
  t.match(await trust.take(veto, scene), { ok: true, value: { durable: true } });
  t.equal((await again()).inForce().recovery.pending, undefined);
});

t.test('a disk that refuses it has taken no recovery and added nobody', async (t) => {
  const { trust, disk } = await makeTrust(t, printed.mark);
  disk.is = 'full';
  await t.rejects(trust.take(await recoveryOf(), scene), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(trust.inForce().recovery.pending, undefined);
  disk.is = 'good';
  const jti = newId();
  await trust.take(await recoveryOf({ jti }), scene);
  disk.is = 'full';
  await t.rejects(trust.addRecovered(jti, nowS), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(trust.inForce().owners?.devices.length, 1);
  t.equal(trust.inForce().recovery.pending?.jti, jti, 'it waits on');
});

t.test('a code is spent after three vetoes, until a new one is pinned', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  for (let times = 0; times < maxRecoveryVetoes; times += 1) {
    const jti = newId();
    t.equal(code(await trust.take(await recoveryOf({ jti }), scene)), 'ok');
    await trust.take(await revocationOf(cast, { kind: 'recovery', id: jti }), scene);
  }
  for (const one of [trust, await again()]) t.equal(code(await one.take(await recoveryOf(), scene)), 'RECOVERY_SPENT');
  const fresh = await newCode(3);
  t.equal(code(await trust.take(await codeOf(1, fresh.mark), scene)), 'ok');
  t.equal(code(await trust.take(await recoveryOf({}, fresh.key), scene)), 'ok');
});

t.test('a new code puts the one of before out, with what was asked with it, and none comes back', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  const jti = newId();
  await trust.take(await recoveryOf({ jti }), scene);
  const fresh = await newCode(3);
  const text = await codeOf(1, fresh.mark);
  const taken = await trust.take(text, scene);
  t.match(taken, { ok: true, value: { took: 'recoveryCode', version: 1 } });
  const pin = taken.ok && taken.value.took === 'recoveryCode' ? taken.value.recoveryPin : '';
  t.match(await verifyRecoveryPin(pin, cast.hub, hubId), { ok: true, value: { version: 1, mark: fresh.mark } });
  for (const one of [trust, await again()]) {
    t.equal(one.inForce().recovery.pending, undefined);
    t.equal(code(await one.addRecovered(jti, nowS)), 'RECOVERY_OVER');
    t.equal(code(await one.take(await recoveryOf(), scene)), 'RECOVERY_KEY_UNKNOWN');
    t.equal(code(await one.take(text, scene)), 'RECOVERY_CODE_OLD', 'no pin twice');
  }
  t.equal(code(await trust.take(await codeOf(2, printed.mark, cast.stranger.ec), scene)), 'RECOVERY_CODE_KEY_UNKNOWN');
  const forged = { ...cast.stranger.ec, kid: cast.owner.sign.kid };
  t.equal(code(await trust.take(await codeOf(2, printed.mark, forged), scene)), 'RECOVERY_CODE_NOT_GENUINE');
  const claims = { aud: newHubId(), jti: newId(), iat: nowS, version: 2, mark: printed.mark };
  const elsewhere = await signDocument(recoveryCodeForm, claims, cast.owner.sign);
  t.equal(code(await trust.take(elsewhere, scene)), 'RECOVERY_CODE_WRONG_HUB');
  const noPoint = { ...printed.mark, key: { ...printed.mark.key, x: '_'.repeat(43) } as OkpJwk };
  t.not(code(await trust.take(await codeOf(3, noPoint), scene)), 'ok');
});

t.test('a hand-over in person ends a recovery and its code', async (t) => {
  const { trust, again } = await makeTrust(t, printed.mark);
  await trust.take(await recoveryOf(), scene);
  const fresh = await newCode(4);
  const { recoveryPin } = await trust.pinOwner(await newPhone(), nowS, fresh.mark);
  t.match(await verifyRecoveryPin(recoveryPin, cast.hub, hubId), { ok: true, value: { version: 1, mark: fresh.mark } });
  for (const one of [trust, await again()]) {
    t.equal(one.inForce().recovery.pending, undefined);
    t.equal(code(await one.take(await recoveryOf(), scene)), 'RECOVERY_KEY_UNKNOWN');
  }
  await trust.pinOwner(await newPhone(), nowS);
  for (const one of [trust, await again()]) {
    t.equal(
      code(await one.take(await recoveryOf({}, fresh.key), scene)),
      'RECOVERY_KEY_UNKNOWN',
      'no code was printed',
    );
  }
});

t.test('no seventeenth device comes in by a code', async (t) => {
  const { trust } = await makeTrust(t, printed.mark);
  const jti = newId();
  await trust.take(await recoveryOf({ jti }), scene);
  for (let version = 2; version <= maxOwnerDevices; version += 1) {
    const change = { aud: hubId, jti: newId(), iat: nowS, version, add: await newPhone() };
    t.equal(code(await trust.take(await signDocument(ownerChangeForm, change, cast.owner.sign), scene)), 'ok');
  }
  t.equal(code(await trust.addRecovered(jti, nowS)), 'OWNER_CHANGE_FULL');
  t.equal(trust.inForce().recovery.pending, undefined);
  t.equal(code(await trust.take(await recoveryOf(), scene)), 'OWNER_CHANGE_FULL');
});

t.test(
  'a home whose devices have passkeys takes no device without one, and no new code without finger, face or PIN',
  async (t) => {
    const { trust } = await makeTrust(t, printed.mark);
    const [own, other] = [newSoftPasskey(), newSoftPasskey()];
    await trust.pinOwner({ ...phoneOf(cast), passkey: own.passkey }, nowS, printed.mark);
    t.equal(code(await trust.take(await recoveryOf(), scene)), 'OWNER_CHANGE_NO_PASSKEY');
    const fresh = await codeOf(2, (await newCode(5)).mark);
    t.equal(code(await trust.take(fresh, scene)), 'PASSKEY_MISSING');
    t.equal(code(await trust.take(other.confirm(fresh), scene)), 'PASSKEY_NOT_GENUINE');
    const jti = newId();
    const asked = await recoveryOf({ jti, device: { ...phone, passkey: other.passkey } });
    t.equal(code(await trust.take(asked, scene)), 'ok');
    t.equal(
      code(await trust.take(await revocationOf(cast, { kind: 'recovery', id: jti }), scene)),
      'ok',
      'a veto needs none',
    );
    t.equal(code(await trust.take(own.confirm(fresh), scene)), 'ok');
  },
);

t.test('a pin on the disk that the hub did not sign counts for nothing', async (t) => {
  const stranger = await newCast();
  const store = freshStore(t, hubId);
  const parts = { store: store.trust, grants: store.grants, hubId, hasHead: () => 'has' as const };
  await (await openTrust({ ...parts, hubKey: stranger.hub })).pinOwner(phoneOf(cast), nowS, printed.mark);
  const trust = await openTrust({ ...parts, hubKey: cast.hub });
  t.equal(trust.inForce().recovery.key, undefined);
});
