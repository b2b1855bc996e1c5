/** The cryptography of a Nuki lock: how both sides come to one key, what proves it, how a message is sealed with it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import nacl from 'tweetnacl';
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { join } from './fields.ts';
import {
  decodeMessage,
  decodeSealed,
  encodeMessage,
  encodeSealed,
  idBytes,
  type Message,
  nonceBytes,
} from './frame.ts';

export interface KeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes; not needed any more after pairing. */
  readonly privateKey: Uint8Array;
}

/** @param privateKey  32 random bytes */
export const toKeyPair = (privateKey: Uint8Array): KeyPair => {
  const { publicKey, secretKey } = nacl.box.keyPair.fromSecretKey(privateKey);
  return { publicKey, privateKey: secretKey };
};

/**
 * X25519, then HSalsa20: the long-term key of both sides.
 * @param theirs  32 bytes, the lock's public key
 * @returns 32 bytes; NUKI_NOT_GENUINE for a key that makes every secret the same
 */
export function sharedKey(theirs: Uint8Array, own: Uint8Array): Verdict<Uint8Array> {
  const secret = nacl.scalarMult(own, theirs);
  if (secret.every((byte) => byte === 0)) return refuse('NUKI_NOT_GENUINE', { reason: 'public key' });
  return accept(nacl.box.before(theirs, own));
}

/** HMAC-SHA256 over `parts`, 32 bytes. */
export const authenticator = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(
    createHmac('sha256', key)
      .update(join(...parts))
      .digest(),
  );

/** In constant time. */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** What seals a conversation with one lock. */
export interface SealKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly authorizationId: number;
}

/**
 * @param nonce  24 random bytes, never used before under this key
 * @param id     the authorization id as its bytes, where they are not those of `authorizationId`: in the last step of pairing
 */
export function seal(
  message: Message,
  { key, authorizationId }: SealKey,
  nonce: Uint8Array,
  id?: Uint8Array,
): Uint8Array {
  const on = id ?? idBytes(authorizationId);
  if (nonce.length !== nonceBytes) throw new RangeError('a nonce is 24 bytes');
  return encodeSealed(nonce, on, nacl.secretbox(encodeMessage(message, on), nonce, key));
}

/**
 * Opens one whole sealed frame. Never throws.
 * @param anyId  takes whatever authorization id it carries, as long as inside and outside agree: the answer that tells us ours
 * @returns NUKI_NOT_GENUINE when the seal, or the authorization id, is another's; NUKI_FRAME_BAD for a checksum
 */
export function unseal(bytes: Uint8Array, { key, authorizationId }: SealKey, anyId = false): Verdict<Message> {
  const { nonce, authorizationId: outside, box } = decodeSealed(bytes);
  const plain = nacl.secretbox.open(box, nonce, key);
  if (plain === null) return refuse('NUKI_NOT_GENUINE', { reason: 'seal' });
  const message = decodeMessage(plain, true);
  if (!message.ok) return message;
  const { authorizationId: inside, command, payload } = message.value;
  if (!anyId && (inside !== outside || inside !== authorizationId))
    return refuse('NUKI_NOT_GENUINE', { reason: 'authorization id' });
  return accept({ command, payload });
}
