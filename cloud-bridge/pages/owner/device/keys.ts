/** This device's two keys: made once, in the browser, and never readable by a script. */
import { type CryptoKey, calculateJwkThumbprint, type JWK } from 'jose';
import * as v from 'valibot';
import { EcJwk } from '../../../../wire/shapes.ts';

export interface StoredKey {
  /** Public half. */
  readonly jwk: EcJwk;
  /** RFC 7638 SHA-256 thumbprint. */
  readonly kid: string;
  /** Not extractable. */
  readonly privateKey: CryptoKey;
}

export interface DeviceKeys {
  /** ES256. */
  readonly sign: StoredKey;
  /** P-256, ECDH-ES. */
  readonly seal: StoredKey;
}

interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

async function toStored({ publicKey, privateKey }: Pair): Promise<StoredKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk = v.parse(EcJwk, { kty, crv, x, y });
  return { jwk, kid: await calculateJwkThumbprint(jwk as JWK), privateKey };
}

/** Makes both keys; the private halves cannot be exported. */
export async function makeDeviceKeys(): Promise<DeviceKeys> {
  const curve = { namedCurve: 'P-256' };
  const [sign, seal] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']),
  ]);
  return { sign: await toStored(sign as Pair), seal: await toStored(seal as Pair) };
}
