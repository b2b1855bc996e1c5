/** The owner's yes to one grant. */
import * as v from 'valibot';
import { refuse, type Verdict } from './faults.ts';
import type { DocumentForm } from './jws.ts';
import { needUser, type OwnerKey, verifySigned } from './owner-key.ts';
import { clockSkewSeconds } from './rule-book.ts';
import { DoorId, Hash, HubId, Id, Seconds, SeenHead } from './shapes.ts';

export const ApprovalClaims = v.strictObject({
  aud: HubId,
  jti: Id,
  iat: Seconds,
  exp: Seconds,
  door: DoorId,
  /** `hashOf` the grant's compact JWS. */
  grant: Hash,
  seen: v.optional(SeenHead),
});
export type ApprovalClaims = v.InferOutput<typeof ApprovalClaims>;

export const approvalForm: DocumentForm<typeof ApprovalClaims> = {
  typ: 'approval+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'kid',
  claims: ApprovalClaims,
  malformed: 'APPROVAL_MALFORMED',
  notGenuine: 'APPROVAL_NOT_GENUINE',
};

/** Verifies an approval of the grant with this hash. @returns APPROVAL_… or PASSKEY_… when it is refused */
export async function verifyApproval(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string; readonly door: string; readonly grantHash: string; readonly nowS: number },
): Promise<Verdict<ApprovalClaims>> {
  const verified = await verifySigned(approvalForm, text, owners, 'APPROVAL_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.aud !== policy.hubId) return refuse('APPROVAL_WRONG_HUB');
  if (claims.grant !== policy.grantHash || claims.door !== policy.door) return refuse('APPROVAL_OTHER_GRANT');
  if (claims.iat > policy.nowS + clockSkewSeconds) return refuse('APPROVAL_EARLY');
  if (policy.nowS >= claims.exp) return refuse('APPROVAL_LATE');
  return needUser(verified.value, true);
}
