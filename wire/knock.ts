/** The knock: one act of a visitor's device in one visit, signed, answering a nonce of the hub (modelled on RFC 9449). */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, peek, thumbprintOf, toVerifyKey, type VerifyKey, verifyPeeked } from './jws.ts';
import { Hash, HubId, Id, Seconds } from './shapes.ts';

/** `arrive`: I am here. `unlock`: draw the bolt. `open`: let me in. `finish`: done, door closed. `abort`: I am not coming in. */
export const acts = ['arrive', 'unlock', 'open', 'finish', 'abort'] as const;
export type Act = (typeof acts)[number];

export const KnockClaims = v.strictObject({
  aud: HubId,
  jti: Id,
  /** By the visitor's own clock: noted, never relied on. */
  iat: Seconds,
  act: v.picklist(acts),
  visit: Id,
  /** `hashOf` the grant's compact JWS. */
  grant: Hash,
  /** The hub's nonce for exactly this visit, key and act. */
  nonce: Id,
});
export type KnockClaims = v.InferOutput<typeof KnockClaims>;

export const knockForm: DocumentForm<typeof KnockClaims> = {
  typ: 'knock+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'jwk',
  claims: KnockClaims,
  malformed: 'KNOCK_MALFORMED',
  notGenuine: 'KNOCK_NOT_GENUINE',
};

/**
 * Is the knock genuine, and of the device that the grant is bound to?
 * @param jkt        thumbprint from the grant
 * @param importKey  for those who keep imported keys; only ever asked for the key of `jkt`
 * @returns KNOCK_MALFORMED, KNOCK_OTHER_KEY or KNOCK_NOT_GENUINE when not
 */
export async function verifyKnock(jws: string, jkt: string, importKey = toVerifyKey): Promise<Verdict<KnockClaims>> {
  const peeked = peek(knockForm, jws);
  if (!peeked.ok) return peeked;
  const { jwk } = peeked.value;
  if (jwk === undefined) return refuse('KNOCK_MALFORMED');
  if (thumbprintOf(jwk) !== jkt) return refuse('KNOCK_OTHER_KEY');
  let key: VerifyKey;
  try {
    key = await importKey(jwk);
  } catch {
    return refuse('KNOCK_NOT_GENUINE', { why: 'key' });
  }
  return verifyPeeked(knockForm, jws, peeked.value, key);
}

/** Checks what a genuine knock says against what the hub expects. @returns KNOCK_WRONG_HUB, KNOCK_WRONG_VISIT or KNOCK_OTHER_GRANT when not */
export function matchKnock(
  knock: KnockClaims,
  expected: { readonly hubId: string; readonly visit: string; readonly grantHash: string },
): Verdict<KnockClaims> {
  if (knock.aud !== expected.hubId) return refuse('KNOCK_WRONG_HUB');
  if (knock.visit !== expected.visit) return refuse('KNOCK_WRONG_VISIT');
  if (knock.grant !== expected.grantHash) return refuse('KNOCK_OTHER_GRANT');
  return accept(knock);
}
