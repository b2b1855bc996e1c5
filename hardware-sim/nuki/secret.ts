/** What two who are paired can do and nobody else: the shared key, authenticators, sealed bytes (reference 4). */
import { createHmac } from 'node:crypto';
import nacl from 'tweetnacl';

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** @param secretKey  32 random bytes */
export function keyPair(secretKey: Uint8Array): KeyPair {
  const { publicKey } = nacl.box.keyPair.fromSecretKey(secretKey);
  return { publicKey, secretKey };
}

/** X25519, then HSalsa20. @returns 32 bytes; undefined for a key of the other side that makes the product zero */
export function sharedKey(theirs: Uint8Array, own: Uint8Array): Uint8Array | undefined {
  const product = nacl.scalarMult(own, theirs);
  return product.every((byte) => byte === 0) ? undefined : nacl.box.before(theirs, own);
}

/** HMAC-SHA256 of the parts in order. */
export function authenticator(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
}

/** @param nonce  24 bytes, never twice under a key @returns tag (16 bytes) and ciphertext */
export const seal = (key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array =>
  nacl.secretbox(plain, nonce, key);

/** @returns undefined when it was not sealed with this key */
export const unseal = (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined =>
  nacl.secretbox.open(sealed, nonce, key) ?? undefined;
