/** What owner devices sign: verified with the device's key and, where it widens access, with the passkey that it is pinned with. */
import { importJWK, type JWK } from 'jose';
import type * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, toVerifyKey, type VerifyKey, verifyKnown } from './jws.ts';
import type { OwnerDevice } from './owner-device.ts';
import { isUsable, type Passkey, splitAsserted, verifyAssertion } from './passkey.ts';
import type { SignJwk } from './shapes.ts';

/** The key of a pinned owner device. */
export interface OwnerKey extends VerifyKey {
  readonly passkey?: Passkey | undefined;
}

/** Imports the `sign` keys of an owner list. @throws jose's error for a key that is no point of its curve */
export const toOwnerKeys = (devices: readonly OwnerDevice[]): Promise<OwnerKey[]> =>
  Promise.all(devices.map(async ({ sign, passkey }) => ({ ...(await toVerifyKey(sign)), passkey })));

/** Are all keys of a device that is to be pinned points of their curve? */
export async function isSound({ sign, seal, passkey }: OwnerDevice): Promise<boolean> {
  if (!(await isPoint(sign)) || !(await isPoint(seal))) return false;
  return passkey === undefined || isUsable(passkey);
}

/** Is this public key a point of its curve? */
export async function isPoint(jwk: SignJwk): Promise<boolean> {
  try {
    await importJWK(jwk as JWK, jwk.kty === 'EC' ? 'ES256' : 'EdDSA');
    return true;
  } catch {
    return false;
  }
}

/** A document that a pinned device has signed; of its assertion nobody has asked yet. */
export interface Signed<T> {
  readonly claims: T;
  readonly key: OwnerKey;
  readonly jws: string;
  readonly assertion: string | undefined;
}

/**
 * Verifies the signature of a document with or without an assertion; `needUser` comes after it, once it is known whether it widens.
 * @param unknown  the refusal when no pinned device has that key
 */
export async function verifySigned<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  text: string,
  owners: readonly OwnerKey[],
  unknown: FaultCode,
): Promise<Verdict<Signed<v.InferOutput<S>>>> {
  const { jws, assertion } = splitAsserted(text);
  const verified = await verifyKnown(form, jws, owners, unknown);
  return verified.ok ? accept({ ...verified.value, jws, assertion }) : verified;
}

/**
 * Has a person shown finger, face or PIN for this document? An assertion that is there has to hold, asked for or not.
 * @param widens  whether it lets somebody in who could not come in before
 * @returns the claims; PASSKEY_MISSING, PASSKEY_MALFORMED, PASSKEY_NOT_GENUINE, PASSKEY_NOT_VERIFIED
 */
export async function needUser<T>({ claims, key, jws, assertion }: Signed<T>, widens: boolean): Promise<Verdict<T>> {
  if (assertion === undefined) {
    return widens && key.passkey !== undefined ? refuse('PASSKEY_MISSING') : accept(claims);
  }
  if (key.passkey === undefined) return refuse('PASSKEY_NOT_GENUINE', { why: 'none is pinned' });
  const verified = await verifyAssertion(jws, assertion, key.passkey);
  return verified.ok ? accept(claims) : verified;
}
