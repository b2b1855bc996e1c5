/** Every way in which a grant with its second signatures is refused. */
import { type DecisionContext, decideGrant } from '../../../../device/grant/decide.ts';
import type { FaultCode, Verdict } from '../../../../wire/faults.ts';
import { type GrantBundle, type GrantClaims, maxGrantSeconds } from '../../../../wire/grant.ts';
import { hashOf, newId } from '../../../../wire/jws.ts';
import type { Recurrence } from '../../../../wire/recurrence.ts';
import type { Rule } from '../../../../wire/rule-book.ts';
import type { OkpJwk } from '../../../../wire/shapes.ts';
import { Counts, contextOf, inForceOf, type Kept } from '../../../support/decision.ts';
import {
  approvalOf,
  assignmentOf,
  bundleOf,
  type Cast,
  carrierRule,
  grantOf,
  guestGrantOf,
  guestRule,
  issuerSetOf,
  newDoorId,
  newHubId,
  ruleBookOf,
} from '../../../support/keys.ts';
import type { Row } from './row.ts';
import { withByteFlipped, withClaims, withHeader } from './tamper.ts';

export interface Case {
  readonly bundle: GrantBundle;
  readonly context: DecisionContext;
}

/** A delivery under an `auto` rule. */
export const autoCase = async (cast: Cast): Promise<Case> => ({
  bundle: await bundleOf(cast),
  context: contextOf(cast, await inForceOf(cast)),
});

/** Daily, in UTC, from so many seconds after `nowS` on. */
export const dailyFrom = (nowS: number, afterS: number, seconds: number): Recurrence => ({
  ...{ zone: 'UTC', start: new Date((nowS + afterS) * 1000).toISOString().slice(0, 16), seconds, freq: 'daily' },
});

/** A delivery that the owner has approved. */
export async function askCase(cast: Cast, rule: Partial<Rule> = {}): Promise<Case> {
  const ruleBook = await ruleBookOf(cast, { rules: [carrierRule(cast, { consent: 'ask', ...rule })] });
  const bundle = await bundleOf(cast);
  return {
    bundle: { ...bundle, approval: await approvalOf(cast, bundle.grant) },
    context: contextOf(cast, await inForceOf(cast, { ruleBook })),
  };
}

/** A guest with the pinned key. */
export const guestCase = async (cast: Cast): Promise<Case> => ({
  bundle: { grant: await guestGrantOf(cast) },
  context: contextOf(cast, await inForceOf(cast)),
});

const decide = ({ bundle, context }: Case): Promise<Verdict<unknown>> => decideGrant(bundle, context);

/** @returns one row for each check between a grant and an open door */
export function decisionRows(cast: Cast): Row[] {
  const row = (code: FaultCode, says: string, make: () => Promise<Case>): Row => ({
    code,
    says,
    attempt: async () => decide(await make()),
  });
  const auto = async (change: (good: Case) => Case | Promise<Case>): Promise<Case> => change(await autoCase(cast));
  const bundle = (change: (good: GrantBundle) => Promise<Partial<GrantBundle>> | Partial<GrantBundle>) => () =>
    auto(async (good) => ({ ...good, bundle: { ...good.bundle, ...(await change(good.bundle)) } }));
  const claims = (change: Partial<GrantClaims>) => bundle(async () => ({ grant: await grantOf(cast, change) }));
  const context = (change: Partial<DecisionContext>) => () =>
    auto((good) => ({ ...good, context: { ...good.context, ...change } }));
  const held =
    (documents: () => Promise<Kept>, epoch = 0) =>
    () =>
      auto(async (good) => ({ ...good, context: contextOf(cast, await inForceOf(cast, await documents(), epoch)) }));
  const rule = (change: Partial<Rule>) =>
    held(async () => ({ ruleBook: await ruleBookOf(cast, { rules: [carrierRule(cast, change)] }) }));
  const issuerKey = (times: { nbf: number; exp: number }) =>
    held(async () => ({
      issuerSet: await issuerSetOf(cast, { keys: [{ jwk: cast.issuer.jwk as OkpJwk, ...times }] }),
    }));
  const counts = (change: (counts: Counts, grant: GrantClaims) => void) => () =>
    auto(async (good) => {
      const uses = new Counts();
      const jti = newId();
      const grant = await grantOf(cast, { jti });
      change(uses, { jti } as GrantClaims);
      return { bundle: { ...good.bundle, grant }, context: { ...good.context, uses } };
    });
  const ask = (change: (good: Case) => Promise<Case> | Case) => async () => change(await askCase(cast));
  const approval = (make: (grant: string) => Promise<string> | string) =>
    ask(async (good) => ({ ...good, bundle: { ...good.bundle, approval: await make(good.bundle.grant) } }));
  const seen = (found: 'behind' | 'forked') =>
    ask(async ({ bundle, context }) => ({
      bundle: {
        ...bundle,
        approval: await approvalOf(cast, bundle.grant, { seen: { seq: 7, hash: hashOf('entry 7') } }),
      },
      context: { ...context, hasHead: () => found },
    }));
  const assignment = (make: () => Promise<string>) => bundle(async () => ({ assignment: await make() }));
  const { nowS } = cast;

  return [
    row(
      'GRANT_MALFORMED',
      'the grant is cut short',
      bundle(({ grant }) => ({ grant: grant.slice(0, -90) })),
    ),
    row(
      'GRANT_MALFORMED',
      'T09: the grant carries a role of its own',
      bundle(({ grant }) => ({ grant: withClaims(grant, { role: 'owner' }) })),
    ),
    row(
      'GRANT_MALFORMED',
      'the grant is signed with an algorithm of another family',
      bundle(({ grant }) => ({ grant: withHeader(grant, { alg: 'ES256' }) })),
    ),
    row(
      'GRANT_NOT_GENUINE',
      'T09: the limit in the grant is raised after signing',
      bundle(({ grant }) => ({ grant: withClaims(grant, { entries: 20 }) })),
    ),
    row(
      'GRANT_NOT_GENUINE',
      'one bit of the signature is flipped',
      bundle(({ grant }) => ({ grant: withByteFlipped(grant, 2) })),
    ),
    row(
      'GRANT_NOT_GENUINE',
      'wrong key: a stranger signs under the name of the issuer key',
      bundle(async () => ({ grant: withHeader(await grantOf(cast, {}, cast.stranger.ed), { kid: cast.issuer.kid }) })),
    ),
    row(
      'GRANT_KEY_UNKNOWN',
      'wrong key: a stranger signs under a name of its own',
      bundle(async () => ({ grant: await grantOf(cast, {}, cast.stranger.ed) })),
    ),
    row('GRANT_KEY_RETIRED', 'the issuer key is no longer in force', issuerKey({ nbf: nowS - 86_400, exp: nowS })),
    row('GRANT_KEY_RETIRED', 'the issuer key is not in force yet', issuerKey({ nbf: nowS + 1, exp: nowS + 86_400 })),
    row('GRANT_WRONG_ISSUER', 'iss is another than the name of the issuer set', claims({ iss: 'somebody' })),
    row('GRANT_WRONG_HUB', 'T33: aud is the hub of home B', claims({ aud: newHubId() })),
    row('GRANT_WRONG_DOOR', 'door is none of this hub', claims({ door: newDoorId() })),
    row('GRANT_EARLY', 'nbf is a second ahead', claims({ nbf: nowS + 1 })),
    row('GRANT_EARLY', 'iat is further ahead than clocks may differ', claims({ iat: nowS + 61 })),
    row('GRANT_LATE', 'exp is now', claims({ exp: nowS })),
    row(
      'GRANT_TOO_LONG',
      'T38: the grant lasts a second longer than a day',
      claims({ nbf: nowS - 60, exp: nowS - 60 + maxGrantSeconds + 1 }),
    ),
    row(
      'GRANT_EPOCH_DEAD',
      'dead epoch: the owner has ended everything before',
      held(async () => ({}), 1),
    ),
    row('GRANT_EPOCH_AHEAD', 'the epoch of the grant has not come', claims({ epoch: 1 })),
    row(
      'GRANT_REVOKED',
      'the grant has been revoked',
      counts((uses, { jti }) => uses.ended.add(`grant ${jti}`)),
    ),
    row(
      'GRANT_USED_UP',
      'the grant has been used as often as it says',
      counts((uses, { jti }) => uses.uses.set(jti, 1)),
    ),
    row('GRANT_TOO_MANY_ENTRIES', 'the grant says more entries than the rule', claims({ entries: 3 })),

    row(
      'RULE_BOOK_MISSING',
      "R3: the cloud's key is good but the owner has signed no rules",
      held(async () => ({ ruleBook: undefined })),
    ),
    row(
      'RULE_BOOK_MISSING',
      "R3: the cloud's key is good and the rules are signed by nobody's owner",
      held(async () => ({ ruleBook: await ruleBookOf(cast, {}, cast.stranger.ec) })),
    ),
    row(
      'RULE_BOOK_EARLY',
      'the rule book is dated ahead, to stretch its lease',
      held(async () => ({ ruleBook: await ruleBookOf(cast, { iat: nowS + 61, exp: nowS + 3600 }) })),
    ),
    row(
      'RULE_BOOK_LEASE_OVER',
      'the lease ends now, and the rule is `auto`',
      held(async () => ({ ruleBook: await ruleBookOf(cast, { exp: nowS }) })),
    ),
    row('RULE_BOOK_LEASE_OVER', 'the lease ends now, and a guest comes', async () => {
      const ruleBook = await ruleBookOf(cast, { exp: nowS });
      return { ...(await guestCase(cast)), context: contextOf(cast, await inForceOf(cast, { ruleBook })) };
    }),
    row('RULE_BOOK_LEASE_OVER', 'the lease ends now, and a guest comes whom the owner approved', async () => {
      const rules = [guestRule(cast, { consent: 'ask' })];
      const ruleBook = await ruleBookOf(cast, { exp: nowS, rules });
      const grant = await guestGrantOf(cast);
      return {
        bundle: { grant, approval: await approvalOf(cast, grant) },
        context: contextOf(cast, await inForceOf(cast, { ruleBook })),
      };
    }),
    row(
      'RULE_MISSING',
      "R3: the cloud's key is good and the rule is none of the owner's",
      claims({ rule: 'rule-none' }),
    ),
    row(
      'RULE_REVOKED',
      'the rule has been revoked, though the book still has it',
      counts((uses) => uses.ended.add('rule rule-carrier')),
    ),
    row('RULE_WRONG_DOOR', 'the rule is for another door of this hub', rule({ door: newDoorId() })),
    row('RULE_WRONG_PARTY', "a delivery names the guest's rule", claims({ rule: 'rule-guest' })),
    row('RULE_WRONG_PARTY', "a guest names the carrier's rule", async () => ({
      ...(await guestCase(cast)),
      bundle: { grant: await guestGrantOf(cast, { rule: 'rule-carrier' }) },
    })),
    row('RULE_WRONG_PARTY', 'a service names the rule of a carrier', claims({ purpose: 'service' })),
    row('RULE_OUTSIDE_WINDOW', 'the window of the rule opens in a second', rule({ from: nowS + 1 })),
    row('RULE_OUTSIDE_WINDOW', 'the window of the rule closes now', rule({ until: nowS })),
    row('RULE_OUTSIDE_WINDOW', 'the rule recurs, and not at this hour', rule({ recurs: dailyFrom(nowS, 3_600, 600) })),
    row(
      'RULE_GRANT_OUTSIDE_WINDOW',
      'the grant outlives this occurrence',
      rule({ recurs: dailyFrom(nowS, -600, 1_200) }),
    ),
    row('RULE_GRANT_OUTSIDE_WINDOW', 'the grant begins before the window of the rule', rule({ from: nowS - 59 })),
    row('RULE_GRANT_OUTSIDE_WINDOW', 'the grant ends after the window of the rule', rule({ until: nowS + 3599 })),
    row(
      'RULE_USED_UP',
      'the rule has had its visits',
      counts((uses) => uses.visits.set('rule-carrier', 2)),
    ),
    row('GUEST_REVOKED', 'the guest has been ended', async () => {
      const good = await guestCase(cast);
      const uses = new Counts();
      uses.ended.add(`guest ${cast.guestId}`);
      return { ...good, context: { ...good.context, uses } };
    }),
    row('GUEST_OTHER_KEY', "T44: the guest's grant is bound to another key than the pinned one", async () => ({
      ...(await guestCase(cast)),
      bundle: { grant: await guestGrantOf(cast, { cnf: { jkt: cast.stranger.ec.kid } }) },
    })),

    row('ASSIGNMENT_MISSING', 'no assignment comes with the grant', () =>
      auto(async (good) => ({ ...good, bundle: { grant: good.bundle.grant } })),
    ),
    row(
      'ASSIGNMENT_MISSING',
      'the owner approved, and still no assignment comes',
      ask(({ bundle: { assignment: _, ...rest }, context }) => ({ bundle: rest, context })),
    ),
    row(
      'ASSIGNMENT_MALFORMED',
      'the assignment is no document',
      assignment(async () => 'a.b.c'),
    ),
    row(
      'ASSIGNMENT_NOT_GENUINE',
      'the assignment is signed by another carrier',
      assignment(() => assignmentOf(cast, {}, cast.stranger.ec)),
    ),
    row(
      'ASSIGNMENT_NOT_GENUINE',
      "another carrier signs under the name of the rule's key",
      assignment(async () => withHeader(await assignmentOf(cast, {}, cast.stranger.ec), { kid: cast.carrier.kid })),
    ),
    row(
      'ASSIGNMENT_NOT_GENUINE',
      'the cloud signs the assignment itself',
      assignment(() => assignmentOf(cast, {}, cast.issuer)),
    ),
    row(
      'ASSIGNMENT_NOT_GENUINE',
      'iss is another carrier than the rule names',
      assignment(() => assignmentOf(cast, { iss: 'somebody' })),
    ),
    row(
      'ASSIGNMENT_WRONG_HUB',
      'T33: the assignment is for the hub of home B',
      assignment(() => assignmentOf(cast, { aud: newHubId() })),
    ),
    row(
      'ASSIGNMENT_WRONG_DOOR',
      'T33: the assignment is for another door',
      assignment(() => assignmentOf(cast, { door: newDoorId() })),
    ),
    row(
      'ASSIGNMENT_WRONG_DELIVERY',
      'T33: the assignment is for another parcel',
      assignment(() => assignmentOf(cast, { delivery: newId() })),
    ),
    row(
      'ASSIGNMENT_OTHER_DEVICE',
      'T44: the assignment names another device',
      assignment(() => assignmentOf(cast, { cnf: { jkt: cast.stranger.ec.kid } })),
    ),
    row(
      'ASSIGNMENT_EARLY',
      'the assignment begins in a second',
      assignment(() => assignmentOf(cast, { nbf: nowS + 1 })),
    ),
    row(
      'ASSIGNMENT_LATE',
      'the assignment ends now',
      assignment(() => assignmentOf(cast, { exp: nowS })),
    ),
    row('ASSIGNMENT_USED_UP', 'R3: the cloud issues a second grant on an assignment that was used', () =>
      auto(async (good) => {
        const spent = await assignmentOf(cast, { jti: 'A'.repeat(22) });
        const uses = new Counts();
        uses.uses.set('A'.repeat(22), carrierRule(cast).entries);
        return { bundle: { ...good.bundle, assignment: spent }, context: { ...good.context, uses } };
      }),
    ),

    row(
      'APPROVAL_MISSING',
      'the owner was not asked',
      ask(({ bundle: { approval: _, ...rest }, context }) => ({ bundle: rest, context })),
    ),
    row(
      'APPROVAL_MALFORMED',
      'the approval is no document',
      approval(() => 'a.b.c'),
    ),
    row(
      'APPROVAL_KEY_UNKNOWN',
      'R3: the approval is signed by a stranger',
      approval((grant) => approvalOf(cast, grant, {}, cast.stranger.ec)),
    ),
    row(
      'APPROVAL_NOT_GENUINE',
      "a stranger signs under the name of the owner's device",
      approval(async (grant) =>
        withHeader(await approvalOf(cast, grant, {}, cast.stranger.ec), { kid: cast.owner.sign.kid }),
      ),
    ),
    row(
      'APPROVAL_WRONG_HUB',
      'the approval is for another hub',
      approval((grant) => approvalOf(cast, grant, { aud: newHubId() })),
    ),
    row(
      'APPROVAL_OTHER_GRANT',
      'the approval is for another grant of the same courier',
      approval(async () => approvalOf(cast, await grantOf(cast))),
    ),
    row(
      'APPROVAL_OTHER_GRANT',
      'the approval is for another door',
      approval((grant) => approvalOf(cast, grant, { door: newDoorId() })),
    ),
    row(
      'APPROVAL_EARLY',
      'the approval is dated further ahead than clocks may differ',
      approval((grant) => approvalOf(cast, grant, { iat: nowS + 61 })),
    ),
    row(
      'APPROVAL_LATE',
      'the approval ends now',
      approval((grant) => approvalOf(cast, grant, { exp: nowS })),
    ),

    row(
      'ISSUER_SET_MISSING',
      'the hub holds no issuer set',
      held(async () => ({ issuerSet: undefined })),
    ),
    row(
      'ISSUER_SET_EXPIRED',
      'the issuer set expires now',
      held(async () => ({ issuerSet: await issuerSetOf(cast, { exp: nowS }) })),
    ),
    row('VISIT_ENDED', 'the visit has been stopped', () =>
      auto(async (good) => {
        const uses = new Counts();
        uses.ended.add('visit v');
        return { ...good, context: { ...good.context, uses, visit: { id: 'v', counted: false } } };
      }),
    ),
    row('HUB_BEHIND', "the approval proves that the hub's disk is old", seen('behind')),
    row('HUB_FORKED', "the approval proves that the hub's journal is another", seen('forked')),
    row('HUB_UNWITNESSED', 'the hub has not compared its journal yet', context({ standing: 'HUB_UNWITNESSED' })),
    row('CLOCK_UNSET', 'there is no trusted time', context({ now: { ok: false, code: 'CLOCK_UNSET' } })),
  ];
}
