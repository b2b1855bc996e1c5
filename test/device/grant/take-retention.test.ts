import t, { type Test } from 'tap';
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { newId, signDocument } from '../../../wire/jws.ts';
import { ownerChangeForm } from '../../../wire/owner.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { type RetentionClaims, retentionForm } from '../../../wire/video.ts';
import { goodDocuments } from '../../support/decision.ts';
import { newCast, newHubId, newSealJwk, newSignKey } from '../../support/keys.ts';
import { type Disk, freshStore, onDisk } from '../../support/store.ts';

const cast = await newCast();
const { nowS, hubId } = cast;
const scene = { nowS };

/** A handed-over hub on a real store, and what it is after a restart. */
async function makeTrust(t: Test): Promise<{ trust: Trust; again: () => Promise<Trust>; disk: Disk }> {
  const store = freshStore(t, hubId);
  for (const [name, text] of Object.entries(await goodDocuments(cast)))
    store.trust.keepDocument(name as 'rootSet', text!);
  const disk: Disk = { is: 'good' };
  const { trust, grants } = onDisk(store, disk);
  const again = () => openTrust({ store: trust, grants, hubId, hubKey: cast.hub, hasHead: () => 'has' });
  return { trust: await again(), again, disk };
}

const settingOf = (change: Partial<RetentionClaims> = {}, key = cast.owner.sign): Promise<string> =>
  signDocument(retentionForm, { aud: hubId, version: 1, iat: nowS, keepHours: 48, keep: [newId()], ...change }, key);

t.test(
  'a setting is in force at once and after a restart; again it changes nothing, an older one is refused',
  async (t) => {
    const { trust, again } = await makeTrust(t);
    t.equal(trust.inForce().retention, undefined);
    const visit = newId();
    const text = await settingOf({ keep: [visit] });
    const took = { took: 'retention', version: 1, keepHours: 48, kept: 1 };
    t.same(await trust.take(text, scene), { ok: true, value: { ...took, changed: true } });
    t.same(await trust.take(text, scene), { ok: true, value: { ...took, changed: false } });
    for (const one of [trust, await again()]) {
      t.match(one.inForce().retention, { keepHours: 48, keep: [visit] });
      t.match(await one.take(text, scene), { ok: true, value: { changed: false } });
      t.match(await one.take(await settingOf({ keep: [] }), scene), { code: 'RETENTION_OLD' });
    }
    t.match(await trust.take(await settingOf({ version: 7, keep: [] }), scene), { ok: true });
    t.match((await again()).inForce().retention, { version: 7, keep: [] });
  },
);

t.test('it stays when the device that signed it goes: a lost phone ends no dispute', async (t) => {
  const { trust, again } = await makeTrust(t);
  const phone = { sign: await newSignKey('ES256'), seal: newSealJwk() };
  const base = { aud: hubId, iat: nowS };
  const add = { sign: phone.sign.jwk as EcJwk, seal: phone.seal };
  await trust.take(
    await signDocument(ownerChangeForm, { ...base, jti: newId(), version: 2, add }, cast.owner.sign),
    scene,
  );
  const visit = newId();
  t.match(await trust.take(await settingOf({ keep: [visit] }, phone.sign), scene), { ok: true });
  const gone = { ...base, jti: newId(), version: 3, remove: phone.sign.kid };
  t.match(await trust.take(await signDocument(ownerChangeForm, gone, cast.owner.sign), scene), { ok: true });
  for (const one of [trust, await again()]) {
    t.match(one.inForce().retention, { keep: [visit] });
    t.match(await one.take(await settingOf({ version: 9 }, phone.sign), scene), { code: 'RETENTION_KEY_UNKNOWN' });
  }
  t.match(
    await trust.take(await settingOf({ version: 2, keep: [] }), scene),
    { ok: true },
    'another device changes it',
  );
});

t.test('a new hand-over ends it, and the new owner counts from the beginning', async (t) => {
  const { trust, again } = await makeTrust(t);
  await trust.take(await settingOf({ version: 2 ** 40 }), scene);
  const phone = { sign: await newSignKey('ES256'), seal: newSealJwk() };
  await trust.pinOwner({ sign: phone.sign.jwk as EcJwk, seal: phone.seal }, nowS);
  for (const one of [trust, await again()]) t.equal(one.inForce().retention, undefined);
  t.match(await trust.take(await settingOf({ version: 0 }, phone.sign), scene), { ok: true });
  t.match((await again()).inForce().retention, { version: 0 });
});

t.test('without an owner nobody sets it, and a full disk changes nothing', async (t) => {
  const store = freshStore(t, hubId);
  const nobody = await openTrust({
    store: store.trust,
    grants: store.grants,
    hubId,
    hubKey: cast.hub,
    hasHead: () => 'has',
  });
  t.match(await nobody.take(await settingOf(), scene), { code: 'OWNER_MISSING' });
  const { trust, disk } = await makeTrust(t);
  disk.is = 'full';
  await t.rejects(trust.take(await settingOf(), scene), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(trust.inForce().retention, undefined);
});

t.test('what lies on the disk of another hub, or is none, counts for nothing', async (t) => {
  for (const text of ['', 'a.b.c', await settingOf({ aud: newHubId() })]) {
    const store = freshStore(t, hubId);
    store.trust.keepDocument('retention', text);
    const trust = await openTrust({
      store: store.trust,
      grants: store.grants,
      hubId,
      hubKey: cast.hub,
      hasHead: () => 'has',
    });
    t.equal(trust.inForce().retention, undefined);
  }
});
