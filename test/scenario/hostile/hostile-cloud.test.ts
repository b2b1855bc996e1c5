import t, { type Test } from 'tap';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { approvalForm } from '../../../wire/approval.ts';
import { assignmentForm } from '../../../wire/assignment.ts';
import { type GrantBundle, grantForm } from '../../../wire/grant.ts';
import { signIssuerSet, signRootSet } from '../../../wire/issuer-set.ts';
import { genesisOf } from '../../../wire/journal.ts';
import { hashOf, newId, peek, signDocument } from '../../../wire/jws.ts';
import { ownerChangeForm } from '../../../wire/owner.ts';
import { revocationForm } from '../../../wire/revocation.ts';
import { ruleBookForm } from '../../../wire/rule-book.ts';
import type { OkpJwk } from '../../../wire/shapes.ts';
import { timeForm, witnessForm } from '../../../wire/witness.ts';
import { newSealJwk, newSignKey } from '../../support/keys.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';
import { Villain } from './villain.ts';

/** A rig with one genuine delivery that was granted, and the cloud turned hostile. */
async function open(t: Test, consent: 'ask' | 'auto' = 'auto') {
  const rig = await openRig(t, { consent });
  const errand = await rig.deliver('granted');
  const villain = await Villain.open(t, rig);
  const { grant, assignment, approval } = errand.task;
  const bundle: GrantBundle = {
    grant,
    ...(assignment === undefined ? {} : { assignment }),
    ...(approval === undefined || approval === null ? {} : { approval }),
  };
  const peeked = peek(grantForm, grant);
  if (!peeked.ok) throw peeked;
  return { rig, errand, villain, bundle, claims: peeked.value.claims, nowS: Math.floor(rig.time.now() / 1000) };
}

/** The door was never let go, and the hub wrote down that it refused. */
function untouched(t: Test, rig: Rig, code?: string): void {
  t.equal(rig.pulses(), 0, 'the strike never let go');
  t.equal(rig.door().name, 'front');
  if (code !== undefined)
    t.ok(
      rig.hubJournal().some((text) => text.includes(`"code":"${code}"`)),
      `${code} is journaled`,
    );
}

t.test('R3: a grant that the cloud signs for its own accomplice opens nothing', async (t) => {
  const { rig, villain, bundle, claims, nowS } = await open(t);
  const { accomplice } = villain;
  const own = await villain.grant(claims, { cnf: { jkt: accomplice.kid } });
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { grant: own } }), 'ASSIGNMENT_MISSING');
  const assignment = bundle.assignment!;
  t.equal(
    await villain.codeOf({ op: 'visit.prepare', bundle: { grant: own, assignment } }),
    'ASSIGNMENT_OTHER_DEVICE',
    "the courier's real assignment does not fit another phone",
  );
  const forged = await signDocument(
    assignmentForm,
    {
      iss: rig.carrier.id,
      aud: rig.hubId,
      jti: newId(),
      iat: nowS,
      nbf: nowS - 60,
      exp: nowS + 600,
      delivery: claims.delivery!,
      door: claims.door,
      cnf: { jkt: accomplice.kid },
    },
    villain.issuer,
  );
  t.equal(
    await villain.codeOf({ op: 'visit.prepare', bundle: { grant: own, assignment: forged } }),
    'ASSIGNMENT_NOT_GENUINE',
  );
  const elsewhere = await villain.grant(claims, { rule: 'rule-of-nobody' });
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: elsewhere } }), 'RULE_MISSING');
  const longer = await villain.grant(claims, { exp: claims.nbf + 86_401 });
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: longer } }), 'GRANT_TOO_LONG');
  const often = await villain.grant(claims, { entries: 20 });
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: often } }), 'GRANT_TOO_MANY_ENTRIES');
  untouched(t, rig, 'ASSIGNMENT_NOT_GENUINE');
});

t.test('R4: with a genuine grant the cloud still lacks the phone that knocks', async (t) => {
  const { rig, villain, bundle } = await open(t);
  const view = await villain.prepare(bundle);
  for (const act of ['arrive', 'open'] as const) {
    const knock = await villain.knock(view, act, bundle.grant, villain.accomplice);
    t.equal(await villain.codeOf({ op: 'visit.act', visit: view.visit, knock }), 'KNOCK_OTHER_KEY');
  }
  untouched(t, rig, 'KNOCK_OTHER_KEY');
});

t.test('T18: knocks that the cloud kept open nothing a second time, nor on another visit', async (t) => {
  const { rig, errand, villain, bundle, claims } = await open(t);
  await errand.to('ended');
  t.equal(rig.pulses(), 1, 'the courier got in once');
  for (const knock of errand.visit.sent) {
    t.not(await villain.codeOf({ op: 'visit.act', visit: errand.id, knock }), 'silence');
  }
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'GRANT_USED_UP');
  const second = await villain.grant(claims);
  t.equal(
    await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: second } }),
    'ASSIGNMENT_USED_UP',
    'a second grant on the used assignment',
  );
  t.equal(rig.pulses(), 1, 'and nobody after');
});

t.test('rules, owners, issuers and roots are not for the cloud to make', async (t) => {
  const { rig, villain, nowS } = await open(t);
  const stranger = await newSignKey('ES256');
  const put = (document: string): Promise<string> => villain.codeOf({ op: 'document.put', document });
  const book = { aud: rig.hubId, version: 99, iat: nowS, exp: nowS + 3_600, rules: [] };
  t.equal(await put(await signDocument(ruleBookForm, book, stranger)), 'RULE_BOOK_KEY_UNKNOWN');
  const device = { sign: stranger.jwk, seal: newSealJwk() } as never;
  const change = { aud: rig.hubId, jti: newId(), iat: nowS, version: 2, add: device };
  t.equal(await put(await signDocument(ownerChangeForm, change, stranger)), 'OWNER_CHANGE_KEY_UNKNOWN');
  const ruleId = rig.owner.state.ruleBook.rules[0]!.id;
  const ends = { aud: rig.hubId, jti: newId(), iat: nowS, ends: { kind: 'rule', id: ruleId } } as const;
  t.equal(await put(await signDocument(revocationForm, ends, villain.issuer)), 'REVOCATION_NOT_YOURS');
  const key = { jwk: villain.issuer.jwk as OkpJwk, nbf: 0, exp: nowS + 9_999 };
  const issuers = { version: 99, exp: nowS + 9_999, issuer: 'doorward', keys: [key] };
  t.equal(await put(await signIssuerSet(issuers, [villain.issuer])), 'ISSUER_SET_NOT_GENUINE');
  const roots = { version: 99, exp: nowS + 9_999, threshold: 1, keys: [villain.issuer.jwk as OkpJwk] };
  t.equal(await put(await signRootSet(roots, [villain.issuer])), 'ROOT_SET_NOT_GENUINE');
  untouched(t, rig, 'RULE_BOOK_KEY_UNKNOWN');
});

t.test('an old rule book does not come back', async (t) => {
  const { rig, villain, bundle, nowS } = await open(t);
  const { keys, orders, state } = rig.owner;
  const { version, rules } = state.ruleBook;
  const claims = { aud: rig.hubId, version, iat: nowS, exp: nowS + 3_600, rules: [...rules] };
  const withheld = await signDocument(ruleBookForm, claims, keys.sign);
  mustHave(await orders.setRules([]));
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'RULE_MISSING');
  t.equal(await villain.codeOf({ op: 'document.put', document: withheld }), 'RULE_BOOK_OLD');
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'RULE_MISSING');
  untouched(t, rig);
});

t.test('a revocation that the cloud withholds is made up for by the end of the lease', async (t) => {
  const { rig, villain, bundle } = await open(t);
  mustHave(await rig.owner.orders.setRules(rig.owner.state.ruleBook.rules, 30));
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'accepted', 'while the lease runs the rule stands');
  rig.time.wind(31_000);
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'RULE_BOOK_LEASE_OVER');
  untouched(t, rig, 'RULE_BOOK_LEASE_OVER');
});

t.test('T27: a cloud that lies about the time gets no trust, and none of its answers counts twice', async (t) => {
  const { rig, villain, bundle } = await open(t);
  await rig.stopCloud();
  await rig.machine.stop();
  const lies: { offMs: number; nonce?: string } = { offMs: -86_400_000 };
  const old: string[] = [];
  await villain.answerAsks(async (_id, { nonce }) => {
    const head = rig.hubJournal().length;
    const time = { aud: rig.hubId, nonce: lies.nonce ?? nonce, now: rig.time.now() + lies.offMs };
    const witness = { aud: rig.hubId, iat: 1, seq: 0, hash: genesisOf(rig.hubId) };
    const signed = await signDocument(timeForm, time, villain.issuer);
    old.push(signed);
    return {
      time: signed,
      witness: await signDocument(witnessForm, witness, villain.issuer),
      acked: head,
      documents: [],
    };
  });
  await rig.machine.start();
  await until('the hub heard the lie', () => rig.hub.status().clock === 'CLOCK_DISAGREES');
  const dated = { exp: rig.time.now() + lies.offMs + 8_000 };
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }, dated), 'CLOCK_DISAGREES');
  lies.nonce = newId();
  lies.offMs = 0;
  const before = old.length;
  await until('the hub asked again', () => old.length > before);
  t.equal(rig.hub.status().clock, 'CLOCK_DISAGREES', 'the right time over another nonce is no answer');
  delete lies.nonce;
  await until('the hub trusts the time', () => rig.hub.status().clock === 'trusted');
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle }), 'accepted');
  untouched(t, rig);
});

t.test('under `ask` the cloud cannot say yes for the owner, nor move a yes to another grant', async (t) => {
  const { rig, villain, bundle, claims, nowS } = await open(t, 'ask');
  const second = await villain.grant(claims);
  const { approval: _, ...without } = bundle;
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { ...without, grant: second } }), 'APPROVAL_MISSING');
  t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: second } }), 'APPROVAL_OTHER_GRANT');
  const yes = { aud: rig.hubId, jti: newId(), iat: nowS, exp: nowS + 600, door: claims.door, grant: hashOf(second) };
  const forged = await signDocument(approvalForm, yes, await newSignKey('ES256'));
  t.equal(
    await villain.codeOf({ op: 'visit.prepare', bundle: { ...bundle, grant: second, approval: forged } }),
    'APPROVAL_KEY_UNKNOWN',
  );
  untouched(t, rig, 'APPROVAL_OTHER_GRANT');
});

t.test(
  'under `ask` the yes of the owner does not stand in for the carrier: a stranger that is approved stays out',
  async (t) => {
    const { rig, villain, claims, nowS } = await open(t, 'ask');
    const grant = await villain.grant(claims, { cnf: { jkt: villain.accomplice.kid } });
    const yes = { aud: rig.hubId, jti: newId(), iat: nowS, exp: nowS + 600, door: claims.door, grant: hashOf(grant) };
    const approval = await signDocument(approvalForm, yes, rig.owner.keys.sign);
    t.equal(await villain.codeOf({ op: 'visit.prepare', bundle: { grant, approval } }), 'ASSIGNMENT_MISSING');
    untouched(t, rig, 'ASSIGNMENT_MISSING');
  },
);

t.test(
  'a hand-over cannot be taken over: the cloud does not know the secret, and a swapped key is noticed',
  async (t) => {
    const { rig, villain } = await open(t);
    const device = { sign: villain.accomplice.jwk as never, seal: newSealJwk() };
    const claim = { hub: rig.hubId, device, proof: 'A'.repeat(43) };
    t.equal(await villain.codeOf({ op: 'handover.claim', claim }), 'HANDOVER_CLOSED');
    rig.hub.openHandover();
    for (let tries = 0; tries < 5; tries += 1) {
      t.equal(await villain.codeOf({ op: 'handover.claim', claim }), 'HANDOVER_NOT_GENUINE');
    }
    t.equal(await villain.codeOf({ op: 'handover.claim', claim }), 'HANDOVER_CLOSED', 'five tries close it');
    t.equal(rig.hub.status().owners, 1);
    untouched(t, rig);
  },
);
