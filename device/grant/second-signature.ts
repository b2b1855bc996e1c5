/** The second signature that the cloud does not hold (R3): the carrier's assignment, the owner's approval, or the guest's pinned key. */
import { type ApprovalClaims, verifyApproval } from '../../wire/approval.ts';
import { type AssignmentClaims, verifyAssignment } from '../../wire/assignment.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { GrantBundle, GrantClaims } from '../../wire/grant.ts';
import { kidOf } from '../../wire/jws.ts';
import type { Rule } from '../../wire/rule-book.ts';
import type { GrantReads } from './ends.ts';
import type { InForce, RuleInForce } from './in-force.ts';
import { type HeadCheck, refusalOf } from './standing.ts';

export interface SecondSignatures {
  readonly assignment: AssignmentClaims | undefined;
  readonly approval: ApprovalClaims | undefined;
  /** The owner device's key under the approval. */
  readonly approvedBy: string | undefined;
}

export interface SecondContext {
  readonly inForce: InForce;
  readonly uses: GrantReads;
  /** An approval that came before its grant. */
  readonly approvalFor: (grantHash: string) => string | undefined;
  readonly hasHead: HeadCheck;
}

/** A grant whose first signature is good and which a rule allows. */
export interface AllowedGrant {
  readonly bundle: GrantBundle;
  readonly grant: GrantClaims;
  readonly grantHash: string;
  readonly by: RuleInForce;
}

/**
 * Verifies every second signature that the rule demands. A carrier or company always assigns; `ask` asks the owner in addition;
 * a guest's key was held against the rule before.
 * @param nowS  trusted time, seconds
 * @returns ASSIGNMENT_…, APPROVAL_…, or HUB_BEHIND or HUB_FORKED when the approval proves that
 */
export async function verifySecond(
  allowed: AllowedGrant,
  context: SecondContext,
  nowS: number,
): Promise<Verdict<SecondSignatures>> {
  const assignment = await verifyAssigned(allowed, context, nowS);
  if (!assignment.ok) return assignment;
  const approval = await verifyApproved(allowed, context, nowS);
  if (!approval.ok) return approval;
  return accept({ assignment: assignment.value, approval: approval.value?.claims, approvedBy: approval.value?.by });
}

async function verifyAssigned(
  { bundle, grant, by }: AllowedGrant,
  { inForce, uses }: SecondContext,
  nowS: number,
): Promise<Verdict<AssignmentClaims | undefined>> {
  const { party } = by.rule;
  if (party.kind === 'guest') return accept(undefined);
  if (bundle.assignment === undefined || by.partyKey === undefined) return refuse('ASSIGNMENT_MISSING');
  const assigned = await verifyAssignment(bundle.assignment, by.partyKey, {
    party: party.id,
    hubId: inForce.hubId,
    door: grant.door,
    delivery: grant.delivery,
    jkt: grant.cnf.jkt,
    nowS,
  });
  return assigned.ok && isUsedUp(assigned.value, by.rule, uses) ? refuse('ASSIGNMENT_USED_UP') : assigned;
}

/** One assignment is worth as many entries as its rule gives one grant, whatever number of grants the cloud issues on it. */
export const isUsedUp = (assignment: AssignmentClaims, rule: Rule, uses: GrantReads): boolean =>
  uses.usesOf(assignment.jti) >= rule.entries;

async function verifyApproved(
  { bundle, grant, grantHash, by }: AllowedGrant,
  { inForce, approvalFor, hasHead }: SecondContext,
  nowS: number,
): Promise<Verdict<{ claims: ApprovalClaims; by: string | undefined } | undefined>> {
  if (by.rule.consent === 'auto') return accept(undefined);
  const text = bundle.approval ?? approvalFor(grantHash);
  if (text === undefined) return refuse('APPROVAL_MISSING');
  const policy = { hubId: inForce.hubId, door: grant.door, grantHash, nowS };
  const approval = await verifyApproval(text, inForce.owners?.keys ?? [], policy);
  if (!approval.ok) return approval;
  const { seen } = approval.value;
  const behind = seen === undefined ? undefined : refusalOf(hasHead(seen));
  return behind === undefined ? accept({ claims: approval.value, by: kidOf(text) }) : refuse(behind);
}
