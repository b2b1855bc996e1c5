/** Real keys for everybody in a test. */
import { exportJWK, generateKeyPair } from 'jose';
import { proofForm } from '../../../cloud-bridge/http/dpop.ts';
import { newId, type SignKey, signDocument, toSignKey } from '../../../wire/jws.ts';
import type { EcJwk, SignJwk } from '../../../wire/shapes.ts';

export async function newSignKey(alg: 'ES256' | 'Ed25519'): Promise<SignKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return toSignKey({ kty, crv, x, ...(y === undefined ? {} : { y }), d } as SignJwk & { d: string });
}

export const newEcJwk = async (): Promise<EcJwk> => (await newSignKey('ES256')).jwk as EcJwk;

/** The DPoP header for one request. */
export async function prove(
  key: SignKey,
  request: { readonly method: string; readonly path: string; readonly now?: number; readonly jti?: string },
): Promise<{ dpop: string }> {
  const claims = {
    htm: request.method,
    htu: `http://cloud.test${request.path}`,
    iat: Math.floor((request.now ?? Date.now()) / 1000),
    jti: request.jti ?? newId(),
  };
  return { dpop: await signDocument(proofForm, claims, key) };
}
