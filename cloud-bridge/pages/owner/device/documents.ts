/** Signed documents in a browser: the forms of `wire/`, read, verified and signed with WebCrypto. */
import { CompactSign, type CryptoKey, calculateJwkThumbprint, compactVerify, errors, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from '../../../../wire/faults.ts';
import type { DocumentForm, VerifyKey } from '../../../../wire/jws.ts';
import { fromBase64Url } from '../../../../wire/media.ts';
import { Hash, type SignJwk } from '../../../../wire/shapes.ts';

/** This device's key: its private half never leaves the browser's key store. */
export interface DeviceSignKey {
  /** RFC 7638 SHA-256 thumbprint. */
  readonly kid: string;
  /** A device's own is P-256; that of a recovery code is Ed25519. */
  readonly jwk: SignJwk;
  readonly privateKey: CryptoKey;
}

const KidHeader = v.strictObject({ alg: v.picklist(['ES256', 'EdDSA']), typ: v.string(), kid: Hash });

/** Imports a public key. @throws jose's error for a key that is no point of its curve */
export async function toVerifyKey(jwk: SignJwk): Promise<VerifyKey> {
  const alg = jwk.kty === 'EC' ? 'ES256' : 'EdDSA';
  const key = (await importJWK(jwk as JWK, alg)) as CryptoKey;
  return { kid: await calculateJwkThumbprint(jwk as JWK), alg, jwk, key };
}

function parsePart(part: string | undefined): unknown {
  const bytes = fromBase64Url(part ?? '');
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * Verifies a document that is signed with one of the known keys, found by its `kid`.
 * @param unknown  the refusal when no key has that id
 * @returns its claims and whose key it was; `form.malformed`, `unknown` or `form.notGenuine`
 */
export async function verifyDocument<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  jws: string,
  keys: readonly VerifyKey[],
  unknown: FaultCode,
): Promise<Verdict<{ claims: v.InferOutput<S>; kid: string }>> {
  if (jws.length > form.maxBytes) return refuse(form.malformed, { why: 'size' });
  const parts = jws.split('.');
  if (parts.length !== 3) return refuse(form.malformed, { why: 'not three parts' });
  const header = v.safeParse(KidHeader, parsePart(parts[0]));
  if (!header.success || header.output.typ !== form.typ) return refuse(form.malformed, { why: 'header' });
  const { alg, kid } = header.output;
  if (!form.algs.includes(alg)) return refuse(form.malformed, { why: 'alg' });
  const claims = v.safeParse(form.claims, parsePart(parts[1]), { abortEarly: true });
  if (!claims.success) return refuse(form.malformed, { why: v.getDotPath(claims.issues[0]) ?? 'claims' });
  const key = keys.find((one) => one.kid === kid);
  if (key === undefined) return refuse(unknown);
  if (key.alg !== alg) return refuse(form.notGenuine, { why: 'alg' });
  try {
    await compactVerify(jws, key.key, { algorithms: [alg] });
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return refuse(form.notGenuine);
    throw error;
  }
  return accept({ claims: claims.output, kid });
}

/** Signs claims as a document of this form. They are checked first, so that nobody signs what nobody would accept. */
export async function signDocument<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  claims: v.InferInput<S>,
  key: DeviceSignKey,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(v.parse(form.claims, claims)));
  const header = form.key === 'kid' ? { kid: key.kid } : { jwk: key.jwk as JWK };
  return new CompactSign(payload)
    .setProtectedHeader({ alg: key.jwk.kty === 'EC' ? 'ES256' : 'EdDSA', typ: form.typ, ...header })
    .sign(key.privateKey);
}
