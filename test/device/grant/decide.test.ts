import t from 'tap';
import { decideGrant, redecide, stillAllowed } from '../../../device/grant/decide.ts';
import { accept, Fault, refuse } from '../../../wire/faults.ts';
import { hashOf } from '../../../wire/jws.ts';
import { Counts, contextOf, inForceOf } from '../../support/decision.ts';
import {
  approvalOf,
  assignmentOf,
  bundleOf,
  carrierRule,
  grantOf,
  guestGrantOf,
  guestRule,
  newCast,
  newDoorId,
  ruleBookOf,
} from '../../support/keys.ts';
import { askCase, autoCase, dailyFrom, guestCase } from './rows/decisions.ts';

const cast = await newCast();
const { nowS } = cast;

t.test('a yes carries everything that it rests on', async (t) => {
  const { bundle, context } = await askCase(cast);
  const decided = await decideGrant(bundle, context);
  if (!decided.ok) return t.fail(decided.code);
  const { rule, party, camera, grantHash, jkt, claims, assignment, approval } = decided.value;
  t.equal(rule.id, 'rule-carrier');
  t.same(party, rule.party);
  t.equal(camera, 'recorded');
  t.equal(grantHash, hashOf(bundle.grant));
  t.equal(jkt, cast.courier.kid);
  t.equal(claims.delivery, cast.delivery);
  t.equal(assignment?.iss, cast.carrierId);
  t.equal(approval?.grant, grantHash);
});

t.test('an approval that came before its grant is found by the hash of the grant', async (t) => {
  const { bundle, context } = await askCase(cast);
  const { approval, ...rest } = bundle;
  const kept = new Map([[hashOf(bundle.grant), approval!]]);
  t.ok((await decideGrant(rest, { ...context, approvalFor: (hash) => kept.get(hash) })).ok);
});

t.test('a rule that asks goes on after the lease: the approval is fresh', async (t) => {
  const rules = [carrierRule(cast, { consent: 'ask' })];
  const ruleBook = await ruleBookOf(cast, { rules, exp: nowS - 1 });
  const bundle = await bundleOf(cast);
  const approval = await approvalOf(cast, bundle.grant);
  t.ok((await decideGrant({ ...bundle, approval }, contextOf(cast, await inForceOf(cast, { ruleBook })))).ok);
});

t.test('a company opens with its assignment and the purpose of a service', async (t) => {
  const rules = [carrierRule(cast, { party: { kind: 'company', id: cast.carrierId, jwk: cast.carrier.jwk } })];
  const context = contextOf(cast, await inForceOf(cast, { ruleBook: await ruleBookOf(cast, { rules }) }));
  const assignment = await assignmentOf(cast);
  t.ok((await decideGrant({ grant: await grantOf(cast, { purpose: 'service' }), assignment }, context)).ok);
  t.match(await decideGrant({ grant: await grantOf(cast), assignment }, context), { code: 'RULE_WRONG_PARTY' });
});

t.test('the last second of a grant is good and the next is not', async (t) => {
  const { bundle, context } = await autoCase(cast);
  const at = (s: number) => decideGrant(bundle, { ...context, now: accept(s * 1000 + 999) });
  t.ok((await at(nowS + 3599)).ok);
  t.match(await at(nowS + 3600), { ok: false, code: 'GRANT_LATE' });
});

t.test('a grant counts its uses and a rule its visits; the visit that has entered is one of them', async (t) => {
  const good = await autoCase(cast);
  const grant = await grantOf(cast, { entries: 2, jti: 'grant-with-two-entries' });
  const bundle = { ...good.bundle, grant };
  const uses = new Counts();
  uses.uses.set('grant-with-two-entries', 1);
  uses.visits.set('rule-carrier', 2);
  const visit = { id: 'visit-one', counted: true };
  t.ok((await decideGrant(bundle, { ...good.context, uses, visit })).ok, 'the second entry of the last visit');
  t.match(
    await decideGrant(bundle, { ...good.context, uses, visit: { ...visit, counted: false } }),
    { code: 'RULE_USED_UP' },
    'a third visit',
  );
  uses.uses.set('grant-with-two-entries', 2);
  t.match(await decideGrant(bundle, { ...good.context, uses, visit }), { code: 'GRANT_USED_UP' }, 'a third entry');
});

t.test('at the knock everything is decided again', async (t) => {
  const { bundle, context } = await autoCase(cast);
  const decided = await decideGrant(bundle, context);
  if (!decided.ok) return t.fail(decided.code);
  t.ok((await redecide(decided.value, context)).ok);
  const later = { ...context, now: accept((nowS + 3600) * 1000) };
  t.match(await redecide(decided.value, later), { code: 'GRANT_LATE' });
  const rotated = { ...context, inForce: { ...context.inForce, issuers: undefined } };
  t.match(await redecide(decided.value, rotated), { code: 'ISSUER_SET_MISSING' });
});

t.test('the last look sees what came in between', async (t) => {
  const { bundle, context } = await askCase(cast);
  const decided = await decideGrant(bundle, context);
  if (!decided.ok) return t.fail(decided.code);
  const decision = decided.value;
  t.ok(stillAllowed(decision, context).ok);

  const uses = new Counts();
  uses.ended.add('visit stopped');
  t.match(stillAllowed(decision, { ...context, uses, visit: { id: 'stopped', counted: false } }), {
    code: 'VISIT_ENDED',
  });
  t.match(stillAllowed(decision, { ...context, now: refuse('CLOCK_JUMPED') }), { code: 'CLOCK_JUMPED' });
  t.match(stillAllowed(decision, { ...context, standing: 'HUB_BEHIND' }), { code: 'HUB_BEHIND' });
  const at = (s: number) => ({ ...context, now: accept(s * 1000) });
  t.match(stillAllowed(decision, at(nowS + 3600)), { code: 'GRANT_LATE' });
  const withdrawn = (change: object) => ({ ...context, inForce: { ...context.inForce, ...change } });
  const { issuers, owners } = context.inForce;
  const [issuer] = issuers!.keys;
  const other = [{ ...issuer, key: cast.stranger.ed }];
  const retired = [{ ...issuer, exp: nowS }];
  t.match(stillAllowed(decision, withdrawn({ issuers: undefined })), { code: 'ISSUER_SET_MISSING' });
  t.match(stillAllowed(decision, withdrawn({ issuers: { ...issuers, exp: nowS } })), { code: 'ISSUER_SET_EXPIRED' });
  t.match(stillAllowed(decision, withdrawn({ issuers: { ...issuers, keys: other } })), { code: 'GRANT_KEY_UNKNOWN' });
  t.match(stillAllowed(decision, withdrawn({ issuers: { ...issuers, keys: retired } })), { code: 'GRANT_KEY_RETIRED' });
  t.match(stillAllowed(decision, withdrawn({ issuers: { ...issuers, issuer: 'x' } })), { code: 'GRANT_WRONG_ISSUER' });
  t.match(stillAllowed(decision, withdrawn({ owners: { ...owners, keys: [cast.stranger.ec] } })), {
    code: 'APPROVAL_KEY_UNKNOWN',
  });
  const used = new Counts();
  used.uses.set(decision.assignment!.jti, 2);
  t.match(stillAllowed(decision, { ...context, uses: used }), { code: 'ASSIGNMENT_USED_UP' });
  const ended = (what: 'assignment' | 'approval') => ({ ...decision, [what]: { ...decision[what], exp: nowS } });
  t.match(stillAllowed(ended('assignment') as typeof decision, context), { code: 'ASSIGNMENT_LATE' });
  t.match(stillAllowed(ended('approval') as typeof decision, context), { code: 'APPROVAL_LATE' });

  const renewed = await ruleBookOf(cast, {
    version: 2,
    exp: nowS + 9000,
    rules: [carrierRule(cast, { consent: 'ask' })],
  });
  t.ok(
    stillAllowed(decision, { ...context, inForce: await inForceOf(cast, { ruleBook: renewed }) }).ok,
    'a renewed lease',
  );
  const rules = [carrierRule(cast, { consent: 'ask', camera: 'watched' })];
  const changed = await ruleBookOf(cast, { version: 2, rules });
  t.match(
    stillAllowed(decision, { ...context, inForce: await inForceOf(cast, { ruleBook: changed }) }),
    { code: 'RULE_MISSING' },
    'a changed rule of the same name',
  );
});

t.test('T19: a guest whose time is over stays out whatever the cloud grants', async (t) => {
  const { context } = await guestCase(cast);
  const now = accept((nowS + 86_400) * 1000);
  const grant = await guestGrantOf(cast, { nbf: nowS + 86_000, exp: nowS + 90_000 });
  t.match(await decideGrant({ grant }, { ...context, now }), { code: 'RULE_OUTSIDE_WINDOW' });
});

t.test('S093: a guest who comes again and again is let in at that hour, and a minute later is not', async (t) => {
  const rules = [guestRule(cast, { recurs: dailyFrom(nowS, -7 * 86_400 - 300, 1_800) })];
  const context = contextOf(cast, await inForceOf(cast, { ruleBook: await ruleBookOf(cast, { rules }) }));
  const grant = await guestGrantOf(cast, { nbf: nowS - 60, exp: nowS + 1_200 });
  t.match(await decideGrant({ grant }, context), { ok: true });
  const later = { ...context, now: accept((nowS + 1_560) * 1000) };
  const longer = await guestGrantOf(cast, { nbf: nowS - 60, exp: nowS + 3_600 });
  t.match(await decideGrant({ grant: longer }, later), { code: 'RULE_OUTSIDE_WINDOW' });
});

t.test('T06: past the lease a guest is out, though the cloud hides the revocation', async (t) => {
  const good = await guestCase(cast);
  const rules = [{ ...good.context.inForce.rules!.claims.rules[1]!, until: nowS + 30 * 86_400 }];
  const ruleBook = await ruleBookOf(cast, { rules });
  const lease = nowS - 3600 + 7 * 86_400;
  const at = async (s: number) => {
    const grant = await guestGrantOf(cast, { nbf: s - 60, exp: s + 60, iat: s });
    return decideGrant({ grant }, contextOf(cast, await inForceOf(cast, { ruleBook }), { now: accept(s * 1000) }));
  };
  // the issuer set of the good case lives for 30 days, so the lease is all that ends
  t.ok((await at(lease - 1)).ok);
  t.match(await at(lease), { code: 'RULE_BOOK_LEASE_OVER' });
});

t.test('a store that cannot be read lets nobody in', async (t) => {
  const { bundle, context } = await autoCase(cast);
  const uses = new Counts();
  uses.usesOf = () => {
    throw new Fault('JOURNAL_UNAVAILABLE');
  };
  await t.rejects(decideGrant(bundle, { ...context, uses }), { code: 'JOURNAL_UNAVAILABLE' });
});

t.test('a hub with several doors keeps their rules apart', async (t) => {
  const other = newDoorId();
  const { bundle, context } = await autoCase(cast);
  const both = { ...context, hasDoor: (door: string) => [cast.doorId, other].includes(door) };
  t.ok((await decideGrant(bundle, both)).ok);
  const grant = await grantOf(cast, { door: other });
  t.match(await decideGrant({ ...bundle, grant }, both), { code: 'RULE_WRONG_DOOR' });
});
