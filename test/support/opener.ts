/** A P-256 key that is sealed to, with the half that opens. */
import { generateKeyPairSync } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { thumbprintOf } from '../../wire/jws.ts';
import type { EcJwk } from '../../wire/shapes.ts';

export interface Opener {
  readonly jwk: EcJwk;
  /** Thumbprint of the public half. */
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

export async function newOpener(): Promise<Opener> {
  const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const { d: _, ...jwk } = secret as unknown as EcJwk & { d: string };
  const privateKey = (await importJWK(secret as JWK, 'ECDH-ES+A256KW')) as CryptoKey;
  return { jwk, kid: thumbprintOf(jwk), privateKey };
}
