/** Verifies that the hub itself signed its seal key. */
import { accept, refuse, type Verdict } from './faults.ts';
import { type HubKeyClaims, hubKeyForm } from './hub-key.ts';
import { toVerifyKey, type VerifyKey, verifyKnown } from './jws.ts';

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
