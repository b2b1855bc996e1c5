/** The carrier's word: this delivery, this door, this time, this courier's device. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, peek, type VerifyKey, verifyPeeked } from './jws.ts';
import { AnyDoor } from './sandbox.ts';
import { Confirmation, HubId, Id, Seconds, Slug } from './shapes.ts';

export const AssignmentClaims = v.strictObject({
  /** Id of the carrier or company, as the owner's rule names it. */
  iss: Slug,
  aud: HubId,
  jti: Id,
  iat: Seconds,
  nbf: Seconds,
  exp: Seconds,
  delivery: Id,
  door: AnyDoor,
  cnf: Confirmation,
});
export type AssignmentClaims = v.InferOutput<typeof AssignmentClaims>;

export const assignmentForm: DocumentForm<typeof AssignmentClaims> = {
  typ: 'assignment+jwt',
  algs: ['ES256', 'EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: AssignmentClaims,
  malformed: 'ASSIGNMENT_MALFORMED',
  notGenuine: 'ASSIGNMENT_NOT_GENUINE',
};

/**
 * Verifies an assignment with the one key that the owner's rule names for this carrier.
 * @param policy.party  the carrier's id in the rule
 * @param policy.jkt    the device that the grant is bound to
 * @returns ASSIGNMENT_… when it is refused
 */
export async function verifyAssignment(
  jws: string,
  carrier: VerifyKey,
  policy: {
    readonly party: string;
    readonly hubId: string;
    readonly door: string;
    readonly delivery: string | undefined;
    readonly jkt: string;
    readonly nowS: number;
  },
): Promise<Verdict<AssignmentClaims>> {
  const peeked = peek(assignmentForm, jws);
  if (!peeked.ok) return peeked;
  if (peeked.value.kid !== carrier.kid || peeked.value.claims.iss !== policy.party) {
    return refuse('ASSIGNMENT_NOT_GENUINE', { why: 'another party' });
  }
  const verified = await verifyPeeked(assignmentForm, jws, peeked.value, carrier);
  if (!verified.ok) return verified;
  const claims = verified.value;
  if (claims.aud !== policy.hubId) return refuse('ASSIGNMENT_WRONG_HUB');
  if (claims.door !== policy.door) return refuse('ASSIGNMENT_WRONG_DOOR');
  if (claims.delivery !== policy.delivery) return refuse('ASSIGNMENT_WRONG_DELIVERY');
  if (claims.cnf.jkt !== policy.jkt) return refuse('ASSIGNMENT_OTHER_DEVICE');
  if (policy.nowS < claims.nbf) return refuse('ASSIGNMENT_EARLY');
  if (policy.nowS >= claims.exp) return refuse('ASSIGNMENT_LATE');
  return accept(claims);
}
