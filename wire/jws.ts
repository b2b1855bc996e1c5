/** Signed documents in general: reading, verifying and signing one compact JWS of a known type. */
import { createHash, randomBytes } from 'node:crypto';
import {
  base64url,
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  compactVerify,
  errors,
  importJWK,
  type JWK,
} from 'jose';
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { Hash, SignJwk } from './shapes.ts';

export type SignAlg = 'ES256' | 'EdDSA';

/** What a type of document looks like and how it is refused. */
export interface DocumentForm<S extends v.GenericSchema> {
  /** `typ` of the protected header. */
  readonly typ: string;
  readonly algs: readonly SignAlg[];
  /** Largest compact JWS, in characters. */
  readonly maxBytes: number;
  /** Key by id (`kid`, a thumbprint that the verifier knows) or brought along (`jwk`, whose thumbprint another document names). */
  readonly key: 'kid' | 'jwk';
  readonly claims: S;
  readonly malformed: FaultCode;
  readonly notGenuine: FaultCode;
}

/** A public key, imported once. */
export interface VerifyKey {
  /** RFC 7638 SHA-256 thumbprint. */
  readonly kid: string;
  readonly alg: SignAlg;
  readonly jwk: SignJwk;
  readonly key: CryptoKey;
}

/** A private key with its public half. */
export interface SignKey extends VerifyKey {
  readonly privateKey: CryptoKey;
}

const KidHeader = v.strictObject({ alg: v.picklist(['ES256', 'EdDSA']), typ: v.string(), kid: Hash });
const JwkHeader = v.strictObject({ alg: v.picklist(['ES256', 'EdDSA']), typ: v.string(), jwk: SignJwk });

/** What a document claims, before anybody looked at its signature. */
export interface Unverified<T> {
  readonly alg: SignAlg;
  /** From a `kid` header. */
  readonly kid?: string;
  /** From a `jwk` header. */
  readonly jwk?: SignJwk;
  readonly claims: T;
}

/** SHA-256 of a text, base64url: how documents name each other. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** 128 random bits, base64url, 22 characters. */
export const newId = (): string => randomBytes(16).toString('base64url');

/** RFC 7638 SHA-256 thumbprint of a public key: its required members only, in lexicographic order, base64url. */
export const thumbprintOf = (jwk: SignJwk): string =>
  hashOf(
    jwk.kty === 'EC'
      ? JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })
      : JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }),
  );

/** Imports a public key. @throws jose's error for a key that is no point of its curve */
export async function toVerifyKey(jwk: SignJwk): Promise<VerifyKey> {
  const alg: SignAlg = jwk.kty === 'EC' ? 'ES256' : 'EdDSA';
  const key = (await importJWK(jwk as JWK, alg)) as CryptoKey;
  return { kid: await calculateJwkThumbprint(jwk as JWK), alg, jwk, key };
}

/** Imports a private key (a JWK with `d`). */
export async function toSignKey(jwk: SignJwk & { d: string }): Promise<SignKey> {
  const { d, ...rest } = jwk;
  const publicKey = await toVerifyKey(rest as SignJwk);
  return { ...publicKey, privateKey: (await importJWK({ ...rest, d } as JWK, publicKey.alg)) as CryptoKey };
}

/** The text behind base64url. It runs in browsers, too. @throws TypeError for what is none */
export const decodeText = (part: string): string => new TextDecoder().decode(base64url.decode(part));

function parsePart(part: string | undefined): unknown {
  if (part === undefined) return undefined;
  try {
    return JSON.parse(decodeText(part));
  } catch {
    return undefined;
  }
}

/**
 * Reads header and claims without verifying anything: only to find the key to verify with.
 * @returns refusal `form.malformed` for everything that is not exactly this type of document
 */
export function peek<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  jws: string,
): Verdict<Unverified<v.InferOutput<S>>> {
  if (typeof jws !== 'string' || jws.length > form.maxBytes) return refuse(form.malformed, { why: 'size' });
  const parts = jws.split('.');
  if (parts.length !== 3) return refuse(form.malformed, { why: 'not three parts' });
  const header = v.safeParse(form.key === 'kid' ? KidHeader : JwkHeader, parsePart(parts[0]));
  if (!header.success) return refuse(form.malformed, { why: 'header' });
  if (header.output.typ !== form.typ) return refuse(form.malformed, { why: 'typ' });
  if (!form.algs.includes(header.output.alg)) return refuse(form.malformed, { why: 'alg' });
  const claims = v.safeParse(form.claims, parsePart(parts[1]), { abortEarly: true });
  if (!claims.success) return refuse(form.malformed, { why: v.getDotPath(claims.issues[0]) ?? 'claims' });
  const { alg } = header.output;
  return accept(
    'jwk' in header.output
      ? { alg, jwk: header.output.jwk, claims: claims.output }
      : { alg, kid: header.output.kid, claims: claims.output },
  );
}

/** The id of the key that a document says it is signed with, verified or not; undefined when it says none. */
export function kidOf(jws: string): string | undefined {
  const header = v.safeParse(KidHeader, parsePart(jws.split('.', 1)[0]));
  return header.success ? header.output.kid : undefined;
}

/**
 * Verifies a document that `peek` has read, with the one key that may have signed it.
 * @returns the claims, or `form.notGenuine`
 */
export async function verifyPeeked<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  jws: string,
  peeked: Unverified<v.InferOutput<S>>,
  key: VerifyKey,
): Promise<Verdict<v.InferOutput<S>>> {
  if (key.alg !== peeked.alg) return refuse(form.notGenuine, { why: 'alg' });
  try {
    await compactVerify(jws, key.key, { algorithms: [key.alg] });
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return refuse(form.notGenuine);
    throw error;
  }
  return accept(peeked.claims);
}

/**
 * Verifies a document signed with one of the known keys, found by its `kid`.
 * @param unknown  the refusal when no key has that id
 */
export async function verifyKnown<S extends v.GenericSchema, K extends VerifyKey>(
  form: DocumentForm<S>,
  jws: string,
  keys: readonly K[],
  unknown: FaultCode,
): Promise<Verdict<{ claims: v.InferOutput<S>; key: K }>> {
  const peeked = peek(form, jws);
  if (!peeked.ok) return peeked;
  const key = keys.find((one) => one.kid === peeked.value.kid);
  if (key === undefined) return refuse(unknown);
  const verified = await verifyPeeked(form, jws, peeked.value, key);
  return verified.ok ? accept({ claims: verified.value, key }) : verified;
}

/** Signs claims as a document of this form. The claims are checked first, so that nobody signs what nobody would accept. */
export async function signDocument<S extends v.GenericSchema>(
  form: DocumentForm<S>,
  claims: v.InferInput<S>,
  key: SignKey,
): Promise<string> {
  const payload = JSON.stringify(v.parse(form.claims, claims));
  const header = form.key === 'kid' ? { kid: key.kid } : { jwk: key.jwk as JWK };
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader({ alg: key.alg, typ: form.typ, ...header })
    .sign(key.privateKey);
}
