/** Verifies what belongs to a recovery: the hub's pin, an owner's new code, the request that a code has signed. */
import { accept, refuse, type Verdict } from './faults.ts';
import { type VerifyKey, verifyKnown } from './jws.ts';
import { isPoint, isSound, needUser, type OwnerKey, verifySigned } from './owner-key.ts';
import {
  type RecoveryClaims,
  type RecoveryCodeClaims,
  type RecoveryPinClaims,
  recoveryCodeForm,
  recoveryForm,
  recoveryPinForm,
} from './recovery.ts';

/** Verifies what a hub says that it has pinned. @returns RECOVERY_PIN_… when it is refused */
export async function verifyRecoveryPin(
  jws: string,
  hub: VerifyKey,
  hubId: string,
): Promise<Verdict<RecoveryPinClaims>> {
  const verified = await verifyKnown(recoveryPinForm, jws, [hub], 'RECOVERY_PIN_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  return claims.iss === hubId ? accept(claims) : refuse('RECOVERY_PIN_NOT_GENUINE', { why: 'another hub' });
}

/**
 * Verifies a new code of an owner's: whoever holds it can become an owner, so it needs the passkey.
 * @param policy.version  of the pin in force; only the next one is taken, so that no code of before comes back
 * @returns RECOVERY_CODE_… or PASSKEY_… when it is refused
 */
export async function verifyRecoveryCode(
  text: string,
  owners: readonly OwnerKey[],
  policy: { readonly hubId: string; readonly version: number },
): Promise<Verdict<RecoveryCodeClaims>> {
  const signed = await verifySigned(recoveryCodeForm, text, owners, 'RECOVERY_CODE_KEY_UNKNOWN');
  if (!signed.ok) return signed;
  const { aud, version, mark } = signed.value.claims;
  if (aud !== policy.hubId) return refuse('RECOVERY_CODE_WRONG_HUB');
  if (version !== policy.version + 1) return refuse('RECOVERY_CODE_OLD', { has: policy.version });
  if (!(await isPoint(mark.key))) return refuse('RECOVERY_CODE_MALFORMED', { why: 'key' });
  return needUser(signed.value, true);
}

/**
 * Verifies the request to add a device.
 * @param pinned  the key of the code; undefined where none is pinned
 * @returns RECOVERY_… when it is refused
 */
export async function verifyRecovery(
  jws: string,
  pinned: VerifyKey | undefined,
  hubId: string,
): Promise<Verdict<RecoveryClaims>> {
  const keys = pinned === undefined ? [] : [pinned];
  const verified = await verifyKnown(recoveryForm, jws, keys, 'RECOVERY_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.aud !== hubId) return refuse('RECOVERY_WRONG_HUB');
  return (await isSound(claims.device)) ? accept(claims) : refuse('RECOVERY_MALFORMED', { why: 'key' });
}
