/** The revocation: ends a grant, a guest, a rule, a visit, a recovery, or everything before an epoch. It only ever narrows. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import type { IssuerKeys } from './issuer-set.ts';
import { type DocumentForm, peek, type VerifyKey, verifyPeeked } from './jws.ts';
import { Count, HubId, Id, Seconds, Slug } from './shapes.ts';

export const Ends = v.variant('kind', [
  v.strictObject({ kind: v.literal('grant'), id: Id }),
  v.strictObject({ kind: v.literal('guest'), id: Slug }),
  v.strictObject({ kind: v.literal('rule'), id: Slug }),
  /** Stops one visit (R8): before the door opens nothing opens any more; after, the door is locked as soon as it is closed. */
  v.strictObject({ kind: v.literal('visit'), id: Id }),
  /** The veto of a recovery: its device is never added. */
  v.strictObject({ kind: v.literal('recovery'), id: Id }),
  /** Every grant of an epoch below this one is dead. */
  v.strictObject({ kind: v.literal('epoch'), epoch: Count }),
]);
export type Ends = v.InferOutput<typeof Ends>;

export const RevocationClaims = v.strictObject({ aud: HubId, jti: Id, iat: Seconds, ends: Ends });
export type RevocationClaims = v.InferOutput<typeof RevocationClaims>;

export const revocationForm: DocumentForm<typeof RevocationClaims> = {
  typ: 'revocation+jwt',
  algs: ['ES256', 'EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: RevocationClaims,
  malformed: 'REVOCATION_MALFORMED',
  notGenuine: 'REVOCATION_NOT_GENUINE',
};

/** What no issuer may end: rules and guests are the owner's, and so is the say who is an owner. */
const ofOwnersAlone: readonly Ends['kind'][] = ['rule', 'guest', 'recovery'];

/** An epoch rises by at most this much at once, so that no one document uses all numbers up. */
export const maxEpochStep = 16;

/**
 * Verifies a revocation by an owner device or, for grants, visits and epochs, by an issuer key.
 * An old revocation is as good as a new one: it can only narrow, and narrowing twice changes nothing.
 * @returns REVOCATION_… when it is refused; else the claims and who signed
 */
export async function verifyRevocation(
  jws: string,
  keys: { readonly owners: readonly VerifyKey[]; readonly issuers: IssuerKeys | undefined },
  policy: { readonly hubId: string; readonly epoch: number },
): Promise<Verdict<{ claims: RevocationClaims; by: 'owner' | 'issuer' }>> {
  const peeked = peek(revocationForm, jws);
  if (!peeked.ok) return peeked;
  const owner = keys.owners.find((one) => one.kid === peeked.value.kid);
  const key = owner ?? keys.issuers?.keys.find((one) => one.key.kid === peeked.value.kid)?.key;
  if (key === undefined) return refuse('REVOCATION_KEY_UNKNOWN');
  const verified = await verifyPeeked(revocationForm, jws, peeked.value, key);
  if (!verified.ok) return verified;
  const claims = verified.value;
  if (claims.aud !== policy.hubId) return refuse('REVOCATION_WRONG_HUB');
  const by = owner === undefined ? 'issuer' : 'owner';
  if (by === 'issuer' && ofOwnersAlone.includes(claims.ends.kind)) {
    return refuse('REVOCATION_NOT_YOURS');
  }
  if (claims.ends.kind === 'epoch' && claims.ends.epoch > policy.epoch + maxEpochStep) {
    return refuse('REVOCATION_EPOCH_JUMP', { has: policy.epoch });
  }
  return accept({ claims, by });
}
