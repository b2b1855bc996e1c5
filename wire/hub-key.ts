/** The hub's own seal key, signed by the hub: what is meant for the hub alone is sealed for it, and no cloud can slip in a key of its own (R1). */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, toVerifyKey, type VerifyKey, verifyKnown } from './jws.ts';
import { EcJwk, HubId, Seconds } from './shapes.ts';

export const HubKeyClaims = v.strictObject({ iss: HubId, iat: Seconds, seal: EcJwk });
export type HubKeyClaims = v.InferOutput<typeof HubKeyClaims>;

export const hubKeyForm: DocumentForm<typeof HubKeyClaims> = {
  typ: 'hubkey+jwt',
  algs: ['EdDSA'],
  maxBytes: 1024,
  key: 'kid',
  claims: HubKeyClaims,
  malformed: 'HUB_KEY_MALFORMED',
  notGenuine: 'HUB_KEY_NOT_GENUINE',
};

/**
 * Verifies a hub's seal key with the hub's Ed25519 key, which the reader pinned at hand-over.
 * @returns HUB_KEY_MALFORMED, or HUB_KEY_NOT_GENUINE also for another hub's and for a key that is no point of its curve
 */
export async function verifyHubKey(jws: string, hub: VerifyKey, hubId: string): Promise<Verdict<HubKeyClaims>> {
  const verified = await verifyKnown(hubKeyForm, jws, [hub], 'HUB_KEY_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.iss !== hubId) return refuse('HUB_KEY_NOT_GENUINE', { why: 'hub' });
  try {
    await toVerifyKey(claims.seal);
  } catch {
    return refuse('HUB_KEY_NOT_GENUINE', { why: 'key' });
  }
  return accept(claims);
}
