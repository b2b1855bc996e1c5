/** The hub's decision on a grant (R2): genuine, then allowed, then signed a second time. Keys, store reads and time are arguments. */
import { accept, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import { type GrantBundle, type GrantClaims, verifyGrant } from '../../wire/grant.ts';
import type { IssuerKeys } from '../../wire/issuer-set.ts';
import { hashOf, kidOf } from '../../wire/jws.ts';
import type { Party, Rule } from '../../wire/rule-book.ts';
import { type AllowContext, allow } from './allow.ts';
import { isUsedUp, type SecondContext, type SecondSignatures, verifySecond } from './second-signature.ts';

/** All that a decision depends on: `trust.reads()` with the time, the doors and, once there is one, the visit. */
export interface DecisionContext extends AllowContext, SecondContext {
  /** Trusted time, ms, or why there is none. */
  readonly now: Verdict<number>;
  /** Why the hub takes no visits at all, if so. */
  readonly standing: FaultCode | undefined;
}

/** A yes, with everything that it rests on. */
export interface Decision extends Omit<SecondSignatures, 'approvedBy'> {
  readonly bundle: GrantBundle;
  readonly claims: GrantClaims;
  /** `hashOf` the grant: what knocks and approvals name it by. */
  readonly grantHash: string;
  readonly rule: Rule;
  readonly party: Party;
  readonly camera: Rule['camera'];
  /** Thumbprint of the device that may knock. */
  readonly jkt: string;
  /** The keys that signed: what was signed with a key that is still in force still counts. */
  readonly signedBy: { readonly grant: string | undefined; readonly approval: string | undefined };
}

/** The policy alone, in one go without waiting: for the last look before a bolt moves. */
export interface PolicyContext extends AllowContext {
  readonly now: Verdict<number>;
  readonly standing: FaultCode | undefined;
}

/**
 * Decides on a grant with its second signatures. Nothing is remembered between calls: at the knock it is simply asked again
 * (`redecide`), with the keys, the rules and the time of that moment.
 * @returns HUB_…, CLOCK_…, ISSUER_SET_MISSING, ISSUER_SET_EXPIRED, GRANT_…, RULE_…, GUEST_…, ASSIGNMENT_… or APPROVAL_… when it is a no
 * @throws Fault JOURNAL_UNAVAILABLE when the counts cannot be read: nothing opens then
 */
export async function decideGrant(bundle: GrantBundle, context: DecisionContext): Promise<Verdict<Decision>> {
  const nowS = readiness(context);
  if (!nowS.ok) return nowS;
  const issuers = issuersNow(context, nowS.value);
  if (!issuers.ok) return issuers;
  const genuine = await verifyGrant(bundle.grant, issuers.value, nowS.value);
  if (!genuine.ok) return genuine;
  const grant = genuine.value;
  const by = allow(grant, context, nowS.value);
  if (!by.ok) return by;
  const grantHash = hashOf(bundle.grant);
  const second = await verifySecond({ bundle, grant, grantHash, by: by.value }, context, nowS.value);
  if (!second.ok) return second;
  const { rule } = by.value;
  return accept({
    bundle,
    claims: grant,
    grantHash,
    rule,
    party: rule.party,
    camera: rule.camera,
    jkt: grant.cnf.jkt,
    signedBy: { grant: kidOf(bundle.grant), approval: second.value.approvedBy },
    assignment: second.value.assignment,
    approval: second.value.approval,
  });
}

/** Decides once more on what was decided before, signatures included. @returns as `decideGrant` */
export const redecide = (decision: Decision, context: DecisionContext): Promise<Verdict<Decision>> =>
  decideGrant(decision.bundle, context);

/**
 * Whether a decision of a moment ago still stands, without waiting: a stop, a revocation, a new rule book, a key that was withdrawn and
 * an hour that has struck meanwhile all count. It looks at everything that `decideGrant` looks at but the signatures themselves,
 * which cannot change while their keys are in force.
 * @returns as `decideGrant`; RULE_MISSING when the rule of that id is another one now
 */
export function stillAllowed(decision: Decision, context: PolicyContext): Verdict<Decision> {
  const nowS = readiness(context);
  if (!nowS.ok) return nowS;
  const keys = keysStillInForce(decision, context, nowS.value);
  if (!keys.ok) return keys;
  const by = allow(decision.claims, context, nowS.value);
  if (!by.ok) return by;
  // the same id in another rule book may name another key, or ask where it did not
  if (JSON.stringify(by.value.rule) !== JSON.stringify(decision.rule)) {
    return refuse('RULE_MISSING', { why: 'the rule has changed' });
  }
  const { assignment, approval } = decision;
  if (assignment !== undefined && nowS.value >= assignment.exp) return refuse('ASSIGNMENT_LATE');
  if (assignment !== undefined && isUsedUp(assignment, by.value.rule, context.uses))
    return refuse('ASSIGNMENT_USED_UP');
  if (approval !== undefined && nowS.value >= approval.exp) return refuse('APPROVAL_LATE');
  return accept(decision);
}

function keysStillInForce({ claims, signedBy }: Decision, context: PolicyContext, nowS: number): Verdict<void> {
  const issuers = issuersNow(context, nowS);
  if (!issuers.ok) return issuers;
  const issuer = issuers.value.keys.find(({ key }) => key.kid === signedBy.grant);
  if (issuer === undefined) return refuse('GRANT_KEY_UNKNOWN');
  if (nowS < issuer.nbf || nowS >= issuer.exp) return refuse('GRANT_KEY_RETIRED');
  if (claims.iss !== issuers.value.issuer) return refuse('GRANT_WRONG_ISSUER');
  const { owners } = context.inForce;
  const approved = signedBy.approval === undefined || owners?.keys.some(({ kid }) => kid === signedBy.approval);
  return approved ? accept(undefined) : refuse('APPROVAL_KEY_UNKNOWN');
}

/** The issuer keys, if their set is in force at this second. */
function issuersNow({ inForce: { issuers } }: PolicyContext, nowS: number): Verdict<IssuerKeys> {
  if (issuers === undefined) return refuse('ISSUER_SET_MISSING');
  return nowS < issuers.exp ? accept(issuers) : refuse('ISSUER_SET_EXPIRED');
}

/** The trusted time in seconds, if the hub may take visits now. */
function readiness({ standing, now }: Pick<DecisionContext, 'standing' | 'now'>): Verdict<number> {
  if (standing !== undefined) return refuse(standing);
  return now.ok ? accept(Math.floor(now.value / 1000)) : now;
}
