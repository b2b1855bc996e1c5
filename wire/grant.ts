/** The grant: the cloud's word that a visitor's device may ask at a door. It opens nothing by itself. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import type { IssuerKeys } from './issuer-set.ts';
import { type DocumentForm, peek, verifyPeeked } from './jws.ts';
import { Confirmation, Count, DoorId, HubId, Id, Jws, MaybeAsserted, Seconds, Slug } from './shapes.ts';

const GrantMembers = v.strictObject({
  iss: Slug,
  aud: HubId,
  /** The grant's own id: uses are counted and revocations aim by it. */
  jti: Id,
  /** Who visits, as a pseudonym: no name. */
  sub: Slug,
  door: DoorId,
  purpose: v.picklist(['delivery', 'service', 'guest']),
  /** Id of the owner's rule that this grant stands on. */
  rule: Slug,
  iat: Seconds,
  nbf: Seconds,
  exp: Seconds,
  /** How often the door may be opened under this grant, 1..20. */
  entries: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
  /** The hub refuses grants from before its own epoch. */
  epoch: Count,
  /** The visitor's device key. */
  cnf: Confirmation,
  /** The delivery or job that carrier or company assigned; a guest needs none. */
  delivery: v.optional(Id),
});
export const GrantClaims = v.pipe(
  GrantMembers,
  v.check(({ purpose, delivery }) => purpose === 'guest' || delivery !== undefined, 'delivery'),
);
export type GrantClaims = v.InferOutput<typeof GrantClaims>;

export const grantForm: DocumentForm<typeof GrantClaims> = {
  typ: 'grant+jwt',
  algs: ['EdDSA'],
  maxBytes: 4096,
  key: 'kid',
  claims: GrantClaims,
  malformed: 'GRANT_MALFORMED',
  notGenuine: 'GRANT_NOT_GENUINE',
};

/** A grant with the second signatures that it rests on (R3): the carrier's assignment, the owner's approval. */
export const GrantBundle = v.strictObject({
  grant: Jws,
  assignment: v.optional(Jws),
  approval: v.optional(MaybeAsserted),
});
export type GrantBundle = v.InferOutput<typeof GrantBundle>;

/** Longest life of a grant: 24 hours, in seconds (DESIGN 3). */
export const maxGrantSeconds = 86_400;

/**
 * Is the grant genuine: signed by an issuer key that is in force now?
 * Whether it allows anything is another question (`device/grant/allow.ts`).
 * @param nowS  trusted time, seconds
 * @returns GRANT_MALFORMED, GRANT_KEY_UNKNOWN, GRANT_KEY_RETIRED, GRANT_WRONG_ISSUER or GRANT_NOT_GENUINE when not
 */
export async function verifyGrant(jws: string, issuers: IssuerKeys, nowS: number): Promise<Verdict<GrantClaims>> {
  const peeked = peek(grantForm, jws);
  if (!peeked.ok) return peeked;
  const found = issuers.keys.find((one) => one.key.kid === peeked.value.kid);
  if (found === undefined) return refuse('GRANT_KEY_UNKNOWN');
  const verified = await verifyPeeked(grantForm, jws, peeked.value, found.key);
  if (!verified.ok) return verified;
  if (nowS < found.nbf || nowS >= found.exp) return refuse('GRANT_KEY_RETIRED');
  if (verified.value.iss !== issuers.issuer) return refuse('GRANT_WRONG_ISSUER');
  return accept(verified.value);
}
