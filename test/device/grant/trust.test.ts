import t, { type Test } from 'tap';
import { decideGrant } from '../../../device/grant/decide.ts';
import { type HeadCheck, headCheck } from '../../../device/grant/standing.ts';
import { openTrust, type Trust } from '../../../device/grant/trust.ts';
import { maxDocumentBytes } from '../../../wire/document.ts';
import { accept, type Verdict } from '../../../wire/faults.ts';
import { hashOf, newId, signDocument } from '../../../wire/jws.ts';
import {
  clearanceForm,
  clockResetForm,
  type OwnerChangeClaims,
  ownerChangeForm,
  verifyOwnerList,
} from '../../../wire/owner.ts';
import { maxEpochStep } from '../../../wire/revocation.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { goodDocuments } from '../../support/decision.ts';
import {
  approvalOf,
  bundleOf,
  type Cast,
  carrierRule,
  grantOf,
  issuerSetOf,
  newCast,
  newHubId,
  newSealJwk,
  newSignKey,
  revocationOf,
  rootSetOf,
  ruleBookOf,
  witnessOf,
} from '../../support/keys.ts';
import { type Disk, freshStore, onDisk } from '../../support/store.ts';

const cast = await newCast();
const { nowS, hubId } = cast;
const scene = { nowS };

interface Bench {
  readonly disk: Disk;
  readonly trust: Trust;
  /** The hub after a restart. */
  readonly again: () => Promise<Trust>;
}

/** An enrolled and handed-over hub on a real store. */
async function makeTrust(t: Test, of: Cast = cast, hasHead: HeadCheck = () => 'has'): Promise<Bench> {
  const store = freshStore(t, of.hubId);
  for (const [name, text] of Object.entries(await goodDocuments(of)))
    store.trust.keepDocument(name as 'rootSet', text!);
  const disk: Disk = { is: 'good' };
  const { trust, grants } = onDisk(store, disk);
  const again = () => openTrust({ store: trust, grants, hubId: of.hubId, hubKey: of.hub, hasHead });
  return { disk, again, trust: await again() };
}

const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const decided = async (trust: Trust, bundle: Awaited<ReturnType<typeof bundleOf>>): Promise<string> =>
  code(
    await decideGrant(bundle, {
      ...trust.reads(),
      standing: undefined,
      now: accept(nowS * 1000),
      hasDoor: (door) => door === cast.doorId,
    }),
  );
const ownerChange = (change: Partial<OwnerChangeClaims>, key = cast.owner.sign): Promise<string> =>
  signDocument(ownerChangeForm, { aud: hubId, jti: newId(), iat: nowS, version: 2, ...change }, key);

t.test('everything in force is verified again after a restart', async (t) => {
  const { again } = await makeTrust(t);
  const inForce = (await again()).inForce();
  t.equal(inForce.roots?.version, 1);
  t.equal(inForce.issuers?.version, 1);
  t.equal(inForce.owners?.keys[0]?.kid, cast.owner.sign.kid);
  t.equal(inForce.rules?.rules.size, 2);
});

t.test('documents on the disk that others signed count for nothing', async (t) => {
  const stranger = await newCast();
  const store = freshStore(t, hubId);
  const forged = await goodDocuments(cast, {
    issuerSet: await issuerSetOf(stranger),
    ownerList: (await goodDocuments(stranger)).ownerList,
  });
  for (const [name, text] of Object.entries(forged)) store.trust.keepDocument(name as 'rootSet', text!);
  const trust = await openTrust({
    store: store.trust,
    grants: store.grants,
    hubId,
    hubKey: cast.hub,
    hasHead: () => 'has',
  });
  t.match(trust.inForce(), { issuers: undefined, owners: undefined, rules: undefined });
});

t.test('the document in force comes again and changes nothing; a newer one does, and stays', async (t) => {
  const { trust, again } = await makeTrust(t);
  const documents: [string, string | undefined, () => Promise<string>][] = [
    ['rootSet', trust.inForce().texts.rootSet, () => rootSetOf(cast, { version: 2 })],
    ['issuerSet', trust.inForce().texts.issuerSet, () => issuerSetOf(cast, { version: 2 })],
    ['ruleBook', trust.inForce().texts.ruleBook, () => ruleBookOf(cast, { version: 2 })],
  ];
  for (const [took, same, newer] of documents) {
    t.match(await trust.take(same!, scene), { ok: true, value: { took, version: 1, changed: false } });
    t.match(await trust.take(await newer(), scene), { ok: true, value: { took, version: 2, changed: true } });
    t.match(await trust.take(same!, scene), { ok: false, code: /_OLD$/ }, `an older ${took}`);
  }
  const after = (await again()).inForce();
  t.match(after, { roots: { version: 2 }, issuers: { version: 2 }, rules: { claims: { version: 2 } } });
});

t.test('what is no document a hub takes is refused by name', async (t) => {
  const { trust } = await makeTrust(t);
  t.equal(code(await trust.take('x'.repeat(maxDocumentBytes + 1), scene)), 'DOCUMENT_TOO_BIG');
  t.equal(code(await trust.take('{"a":1}', scene)), 'DOCUMENT_MALFORMED');
  t.equal(code(await trust.take('a.b.c', scene)), 'DOCUMENT_MALFORMED');
  t.equal(code(await trust.take(await grantOf(cast), scene)), 'DOCUMENT_TYPE_UNKNOWN');
});

t.test('of two rule books that come at once the newer one stays, in whichever order', async (t) => {
  for (const order of [
    [5, 6],
    [6, 5],
  ]) {
    const { trust } = await makeTrust(t);
    const books = await Promise.all(order.map((version) => ruleBookOf(cast, { version })));
    await Promise.all(books.map((book) => trust.take(book, scene)));
    t.equal(trust.inForce().rules?.claims.version, 6);
  }
});

t.test('new root keys put an issuer set out that they did not sign, and no older one comes back', async (t) => {
  const { trust, again } = await makeTrust(t);
  const next = await newCast();
  const keys = next.roots.map(({ jwk }) => jwk) as never;
  const roots = await rootSetOf(cast, { version: 2, keys }, [...cast.roots, ...next.roots]);
  t.match(await trust.take(roots, scene), { ok: true, value: { took: 'rootSet', version: 2 } });
  t.equal(trust.inForce().issuers, undefined);
  t.equal((await again()).inForce().issuers, undefined);
  const renewed = (version: number) => issuerSetOf(cast, { version }, next.roots.slice(0, 2));
  t.equal(code(await trust.take(await renewed(1), scene)), 'ISSUER_SET_OLD');
  t.equal(code(await trust.take(await renewed(2), scene)), 'ok');
});

t.test('each kind of end ends what it names, now and after a restart', async (t) => {
  const { trust, again } = await makeTrust(t);
  const jti = newId();
  const bundle = await bundleOf(cast, { jti });
  t.equal(await decided(trust, bundle), 'ok');
  const visit = newId();
  const stop = await revocationOf(cast, { kind: 'visit', id: visit });
  t.match(await trust.take(stop, scene), {
    ok: true,
    value: { took: 'revocation', ends: { kind: 'visit', id: visit }, by: 'owner', changed: true, durable: true },
  });
  t.match(await trust.take(stop, scene), { ok: true, value: { changed: false, durable: true } });
  t.ok((await again()).reads().uses.isEnded('visit', visit));

  await trust.take(await revocationOf(cast, { kind: 'grant', id: jti }, cast.issuer), scene);
  t.equal(await decided(trust, bundle), 'GRANT_REVOKED');
  t.equal(await decided(await again(), bundle), 'GRANT_REVOKED');
  await trust.take(await revocationOf(cast, { kind: 'rule', id: 'rule-carrier' }), scene);
  t.equal(await decided(await again(), await bundleOf(cast)), 'RULE_REVOKED');
  await trust.take(await revocationOf(cast, { kind: 'epoch', epoch: 3 }), scene);
  t.equal(trust.inForce().epoch, 3);
  t.equal(await decided(await again(), await bundleOf(cast)), 'GRANT_EPOCH_DEAD');
  t.match(await trust.take(await revocationOf(cast, { kind: 'epoch', epoch: 2 }), scene), {
    ok: true,
    value: { changed: false },
  });
  t.equal(trust.inForce().epoch, 3, 'an older epoch narrows nothing, and widens nothing');
});

t.test('a revoked rule does not come back with a newer rule book', async (t) => {
  const { trust } = await makeTrust(t);
  await trust.take(await revocationOf(cast, { kind: 'rule', id: 'rule-carrier' }), scene);
  await trust.take(await ruleBookOf(cast, { version: 2 }), scene);
  t.equal(await decided(trust, await bundleOf(cast)), 'RULE_REVOKED');
});

t.test('the issuer may narrow what it issued, and nothing of the owner', async (t) => {
  const { trust } = await makeTrust(t);
  const by = async (ends: Parameters<typeof revocationOf>[1], key = cast.issuer, change = {}) =>
    code(await trust.take(await revocationOf(cast, ends, key, change), scene));
  t.equal(await by({ kind: 'rule', id: 'rule-carrier' }), 'REVOCATION_NOT_YOURS');
  t.equal(await by({ kind: 'guest', id: cast.guestId }), 'REVOCATION_NOT_YOURS');
  t.equal(await by({ kind: 'epoch', epoch: maxEpochStep + 1 }), 'REVOCATION_EPOCH_JUMP');
  t.equal(await by({ kind: 'visit', id: newId() }), 'ok');
  t.equal(await by({ kind: 'visit', id: newId() }, cast.stranger.ec), 'REVOCATION_KEY_UNKNOWN');
  t.equal(await by({ kind: 'visit', id: newId() }, cast.issuer, { aud: newHubId() }), 'REVOCATION_WRONG_HUB');
});

t.test('a stop counts although the disk is full, says so, and is written down when it comes again', async (t) => {
  const { trust, disk, again } = await makeTrust(t);
  const [visit, jti] = [newId(), newId()];
  const stop = await revocationOf(cast, { kind: 'visit', id: visit });
  const grantEnd = await revocationOf(cast, { kind: 'grant', id: jti });
  const epoch = await revocationOf(cast, { kind: 'epoch', epoch: 1 });
  disk.is = 'full';
  for (const text of [stop, grantEnd, epoch]) {
    t.match(await trust.take(text, scene), { ok: true, value: { changed: true, durable: false } });
  }
  t.ok(trust.reads().uses.isEnded('visit', visit));
  t.equal(trust.inForce().epoch, 1);
  disk.is = 'good';
  t.notOk((await again()).reads().uses.isEnded('visit', visit), 'it is not on the disk yet');
  for (const text of [stop, grantEnd, epoch]) {
    t.match(await trust.take(text, scene), { ok: true, value: { changed: false, durable: true } });
  }
  const after = await again();
  t.ok(after.reads().uses.isEnded('visit', visit) && after.reads().uses.isEnded('grant', jti));
  t.equal(after.inForce().epoch, 1);
});

t.test('a full disk takes no document that widens anything', async (t) => {
  const { trust, disk } = await makeTrust(t);
  disk.is = 'full';
  const before = trust.inForce();
  await t.rejects(trust.take(await ruleBookOf(cast, { version: 2 }), scene), { code: 'JOURNAL_UNAVAILABLE' });
  await t.rejects(trust.take(await issuerSetOf(cast, { version: 2 }), scene), { code: 'JOURNAL_UNAVAILABLE' });
  t.equal(trust.inForce(), before);
});

t.test('a disk that cannot be read leaves nobody trusted until it can', async (t) => {
  const { disk, again } = await makeTrust(t);
  disk.is = 'gone';
  const trust = await again();
  t.equal(await decided(trust, await bundleOf(cast)), 'ISSUER_SET_MISSING');
  const stop = await revocationOf(cast, { kind: 'epoch', epoch: 1 });
  await t.rejects(trust.take(stop, scene), { code: 'JOURNAL_UNAVAILABLE' });
  disk.is = 'good';
  t.match(await trust.take(stop, scene), { ok: true, value: { durable: true } });
  t.equal(trust.inForce().rules?.rules.size, 2);
});

t.test('approvals are kept for their grants, the oldest goes first', async (t) => {
  const { trust } = await makeTrust(t);
  await trust.take(await ruleBookOf(cast, { version: 2, rules: [carrierRule(cast, { consent: 'ask' })] }), scene);
  const bundle = await bundleOf(cast);
  t.equal(await decided(trust, bundle), 'APPROVAL_MISSING');
  const approval = await approvalOf(cast, bundle.grant);
  t.match(await trust.take(approval, scene), {
    ok: true,
    value: { took: 'approval', grantHash: hashOf(bundle.grant), door: cast.doorId, changed: true },
  });
  t.match(await trust.take(approval, scene), { ok: true, value: { changed: false } });
  t.equal(await decided(trust, bundle), 'ok');
  for (let index = 0; index < 256; index++) await trust.take(await approvalOf(cast, `another ${index}`), scene);
  t.equal(await decided(trust, bundle), 'APPROVAL_MISSING');
});

t.test('an owner device adds another and is removed by it, with the rules that it signed', async (t) => {
  const { trust, again } = await makeTrust(t);
  const phone = { sign: await newSignKey('ES256'), seal: newSealJwk() };
  const add = { sign: phone.sign.jwk as EcJwk, seal: phone.seal };
  const taken = await trust.take(await ownerChange({ add }), scene);
  if (!taken.ok || taken.value.took !== 'ownerChange') return t.fail(code(taken));
  t.match(taken.value, { version: 2, added: add, removed: undefined });
  const list = await verifyOwnerList(taken.value.ownerList, cast.hub);
  t.match(list, { ok: true, value: { iss: hubId, version: 2 } });
  t.equal(trust.inForce().owners?.keys.length, 2);
  t.equal(trust.inForce().rules?.claims.version, 1);

  const old = await ownerChange({ remove: phone.sign.kid });
  t.equal(code(await trust.take(old, scene)), 'OWNER_CHANGE_OLD', 'the list has moved on');
  await trust.take(await ownerChange({ version: 3, remove: cast.owner.sign.kid }, phone.sign), scene);
  t.same(
    trust.inForce().owners?.keys.map(({ kid }) => kid),
    [phone.sign.kid],
  );
  t.equal(trust.inForce().rules, undefined);
  t.equal((await again()).inForce().rules, undefined);
  t.equal(code(await trust.take(await ruleBookOf(cast, { version: 2 }), scene)), 'RULE_BOOK_KEY_UNKNOWN');
  t.equal(code(await trust.take(await ruleBookOf(cast, { version: 1 }, phone.sign), scene)), 'RULE_BOOK_OLD');
  t.equal(code(await trust.take(await ruleBookOf(cast, { version: 2 }, phone.sign), scene)), 'ok');
  const last = await ownerChange({ version: 4, remove: phone.sign.kid }, phone.sign);
  t.equal(code(await trust.take(last, scene)), 'OWNER_CHANGE_LAST_DEVICE');
});

t.test('the list of owner devices is bounded', async (t) => {
  const { trust } = await makeTrust(t);
  for (let version = 2; version <= 17; version++) {
    const add = { sign: (await newSignKey('ES256')).jwk as EcJwk, seal: newSealJwk() };
    t.equal(
      code(await trust.take(await ownerChange({ version, add }), scene)),
      version < 17 ? 'ok' : 'OWNER_CHANGE_FULL',
    );
  }
});

t.test('a change by a stranger, for another hub or of nothing is refused', async (t) => {
  const { trust } = await makeTrust(t);
  const add = { sign: cast.stranger.ec.jwk as EcJwk, seal: newSealJwk() };
  t.equal(code(await trust.take(await ownerChange({ add }, cast.stranger.ec), scene)), 'OWNER_CHANGE_KEY_UNKNOWN');
  t.equal(code(await trust.take(await ownerChange({ add, aud: newHubId() }), scene)), 'OWNER_CHANGE_WRONG_HUB');
  const offCurve = { ...add, seal: { ...add.seal, x: 'A'.repeat(43) } };
  t.equal(code(await trust.take(await ownerChange({ add: offCurve }), scene)), 'OWNER_CHANGE_MALFORMED');
});

t.test('a new hand-over puts everybody out', async (t) => {
  const { trust, again } = await makeTrust(t);
  const bundle = await bundleOf(cast);
  const phone = { sign: (await newSignKey('ES256')).jwk as EcJwk, seal: newSealJwk() };
  const list = await verifyOwnerList((await trust.pinOwner(phone, nowS)).ownerList, cast.hub);
  t.match(list, { ok: true, value: { version: 2, devices: [phone] } });
  for (const one of [trust, await again()]) {
    t.equal(await decided(one, bundle), 'GRANT_EPOCH_DEAD');
    t.equal(one.inForce().rules, undefined);
    t.equal(code(await one.take(await ruleBookOf(cast, { version: 2 }), scene)), 'RULE_BOOK_KEY_UNKNOWN');
  }
});

t.test('the first hand-over pins one device', async (t) => {
  const store = freshStore(t, hubId);
  const parts = { store: store.trust, grants: store.grants, hubId, hubKey: cast.hub, hasHead: () => 'has' as const };
  const trust = await openTrust(parts);
  t.equal(code(await trust.take(await ruleBookOf(cast), scene)), 'OWNER_MISSING');
  t.equal(code(await trust.take(await issuerSetOf(cast), scene)), 'ENROLMENT_MISSING');
  t.equal(code(await trust.take(await rootSetOf(cast), scene)), 'ENROLMENT_MISSING');
  t.equal(code(await trust.take(await approvalOf(cast, 'grant'), scene)), 'OWNER_MISSING');
  t.equal(code(await trust.take(await ownerChange({ remove: cast.courier.kid }), scene)), 'OWNER_MISSING');
  t.equal(code(await trust.takeWitness(await witnessOf(cast, { seq: 1, hash: hashOf('1') }))), 'ISSUER_SET_MISSING');
  await trust.pinOwner({ sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal }, nowS);
  t.equal(trust.inForce().epoch, 0);
  t.equal(code(await trust.take(await ruleBookOf(cast), scene)), 'ok');
});

t.test('a clearance and a clock reset say what is to be done', async (t) => {
  const { trust } = await makeTrust(t);
  const clearance = { aud: hubId, jti: newId(), iat: nowS, door: cast.doorId, alarm: 17 };
  t.match(await trust.take(await signDocument(clearanceForm, clearance, cast.owner.sign), scene), {
    ok: true,
    value: { took: 'clearance', door: cast.doorId, alarm: 17 },
  });
  t.equal(
    code(await trust.take(await signDocument(clearanceForm, clearance, cast.stranger.ec), scene)),
    'CLEARANCE_KEY_UNKNOWN',
  );
  const elsewhere = { ...clearance, aud: newHubId() };
  t.equal(
    code(await trust.take(await signDocument(clearanceForm, elsewhere, cast.owner.sign), scene)),
    'CLEARANCE_WRONG_HUB',
  );
  const nonce = newId();
  const reset = await signDocument(clockResetForm, { aud: hubId, iat: nowS, nonce, mark: 5 }, cast.owner.sign);
  t.match(await trust.take(reset, { nowS, resetNonce: nonce }), {
    ok: true,
    value: { took: 'clockReset', nonce, markS: 5 },
  });
});

t.test('a hub takes no visit before its journal was compared with the witness of this start', async (t) => {
  const { trust, again } = await makeTrust(t);
  t.equal(trust.reads().standing, 'HUB_UNWITNESSED');
  const head = { seq: 3, hash: hashOf('entry 3') };
  t.equal(code(await trust.takeWitness(await witnessOf(cast, head, {}, cast.stranger.ed))), 'WITNESS_KEY_UNKNOWN');
  t.equal(code(await trust.takeWitness(await witnessOf(cast, head, { aud: newHubId() }))), 'WITNESS_WRONG_HUB');
  t.equal(trust.reads().standing, 'HUB_UNWITNESSED');
  t.equal(code(await trust.takeWitness(await witnessOf(cast, head))), 'ok');
  t.equal(trust.reads().standing, undefined);
  t.equal((await again()).reads().standing, 'HUB_UNWITNESSED');
});

t.test("a hub restored from last week's disk is found out by its witness and by its owner", async (t) => {
  const journal = { head: () => ({ seq: 10, hash: hashOf('10') }), hashAt: (seq: number) => hashOf(String(seq)) };
  const later = { seq: 11, hash: hashOf('11') };
  const other = { seq: 9, hash: hashOf('another 9') };
  const known = { seq: 9, hash: hashOf('9') };
  for (const [seen, standing] of [
    [later, 'HUB_BEHIND'],
    [other, 'HUB_FORKED'],
    [known, undefined],
  ] as const) {
    const ways: ((trust: Trust) => Promise<unknown>)[] = [
      async (trust) => trust.takeWitness(await witnessOf(cast, seen)),
      async (trust) => trust.take(await ruleBookOf(cast, { version: 2, seen }), scene),
      async (trust) => trust.take(await approvalOf(cast, 'grant', { seen }), scene),
    ];
    for (const [index, way] of ways.entries()) {
      const { trust, again } = await makeTrust(t, cast, headCheck(journal));
      await way(trust);
      await trust.takeWitness(await witnessOf(cast, known));
      t.equal(trust.reads().standing, standing, `way ${index}, and no good witness talks it away`);
      const after = await again();
      await after.takeWitness(await witnessOf(cast, known));
      // an approval lives in memory; the other two are on the disk
      t.equal(after.reads().standing, index === 2 ? undefined : standing, `way ${index} after a restart`);
    }
  }
});

t.test('a witness of an entry that was pruned says nothing', async (t) => {
  const check = headCheck({ head: () => ({ seq: 10, hash: hashOf('10') }), hashAt: () => undefined });
  t.equal(check({ seq: 3, hash: hashOf('3') }), 'has');
});
