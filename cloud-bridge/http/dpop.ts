/** Proofs of possession of a device key (RFC 9449, section 4): fresh, for this request, used once. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { type DocumentForm, hashOf, peek, toVerifyKey, verifyPeeked } from '../../wire/jws.ts';
import { Seconds } from '../../wire/shapes.ts';
import type { Parts } from '../parts.ts';

const ProofClaims = v.strictObject({
  htm: v.pipe(v.string(), v.maxLength(16)),
  htu: v.pipe(v.string(), v.maxLength(2048)),
  iat: Seconds,
  jti: v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/)),
});

export const proofForm: DocumentForm<typeof ProofClaims> = {
  typ: 'dpop+jwt',
  algs: ['ES256'],
  maxBytes: 4096,
  key: 'jwk',
  claims: ProofClaims,
  malformed: 'UNAUTHENTICATED',
  notGenuine: 'UNAUTHENTICATED',
};

/** How far the device's clock may be off, seconds. */
export const proofSeconds = 60;

const targetOf = (htu: string): string | undefined => {
  try {
    const url = new URL(htu);
    return `${url.origin}${url.pathname}`;
  } catch {
    return undefined;
  }
};

/**
 * Verifies the proof of one request and uses it up.
 * @param path  of the request, without its query
 * @returns the thumbprint of the key; UNAUTHENTICATED with what is wrong, or PROOF_REPLAYED
 */
export async function verifyProof(
  parts: Pick<Parts, 'store' | 'now' | 'publicUrl'>,
  proof: unknown,
  request: { readonly method: string; readonly path: string },
): Promise<Verdict<{ jkt: string }>> {
  if (typeof proof !== 'string') return refuse('UNAUTHENTICATED', { why: 'no DPoP header' });
  const peeked = peek(proofForm, proof);
  if (!peeked.ok) return peeked;
  const { jwk, claims } = peeked.value;
  if (jwk?.kty !== 'EC') return refuse('UNAUTHENTICATED', { why: 'key' });
  let verified: Verdict<unknown>;
  try {
    verified = await verifyPeeked(proofForm, proof, peeked.value, await toVerifyKey(jwk));
  } catch {
    return refuse('UNAUTHENTICATED', { why: 'key' });
  }
  if (!verified.ok) return verified;
  if (claims.htm !== request.method) return refuse('UNAUTHENTICATED', { why: 'htm' });
  if (targetOf(claims.htu) !== `${parts.publicUrl()}${request.path}`) return refuse('UNAUTHENTICATED', { why: 'htu' });
  const nowS = Math.floor(parts.now() / 1000);
  if (Math.abs(nowS - claims.iat) > proofSeconds) return refuse('UNAUTHENTICATED', { why: 'iat' });
  const jkt = await calculateJwkThumbprint(jwk as JWK);
  const hash = hashOf(`${jkt}:${claims.jti}`);
  const first = await parts.store.write(({ proofs }) => proofs.use(hash, claims.iat + 2 * proofSeconds));
  return first ? accept({ jkt }) : refuse('PROOF_REPLAYED');
}
