/** The secure channel of OSDP: keys, cryptograms, and the chain of MACs (AES-128; reference 5). */
import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { macBytes } from './frame.ts';

/** The default key of install mode, 30..3F. Everybody knows it. */
export const scbkDefault = Uint8Array.from({ length: 16 }, (_, i) => 0x30 + i);

export interface SessionKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

const blockBytes = 16;

function ecb(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(block), cipher.final()]));
}

function cbc(key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(bytes), cipher.final()]));
}

/** Three session keys from the base key and the first 6 bytes of RND.A. */
export function sessionKeys(scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  const derive = (first: number, second: number): Uint8Array =>
    ecb(scbk, Uint8Array.of(first, second, ...rndA.subarray(0, 6), 0, 0, 0, 0, 0, 0, 0, 0));
  return { enc: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** What the peripheral proves itself with. @param rndA 8 bytes @param rndB 8 bytes @returns 16 bytes */
export const clientCryptogram = (keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array =>
  ecb(keys.enc, Uint8Array.of(...rndA, ...rndB));

/** What the controller proves itself with. */
export const serverCryptogram = (keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array =>
  ecb(keys.enc, Uint8Array.of(...rndB, ...rndA));

/** R-MAC-I: the first MAC of the chain, from the server cryptogram. */
export const initialMac = (keys: SessionKeys, server: Uint8Array): Uint8Array => ecb(keys.mac2, ecb(keys.mac1, server));

/** Always appends 80 and then zeros; a full block becomes two. */
function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((Math.floor(bytes.length / blockBytes) + 1) * blockBytes);
  out.set(bytes);
  out[bytes.length] = 0x80;
  return out;
}

/** @returns undefined when there is no 80 behind which only zeros stand */
function unpadded(bytes: Uint8Array): Uint8Array | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end > 0 && bytes[end - 1] === 0x80 ? bytes.subarray(0, end - 1) : undefined;
}

/** @returns all 16 bytes of the MAC over SOM..data; the first 4 go on the wire */
export function macOf(keys: SessionKeys, iv: Uint8Array, message: Uint8Array): Uint8Array {
  const whole = message.length % blockBytes === 0 ? message : padded(message);
  const last = whole.subarray(whole.length - blockBytes);
  const before = whole.subarray(0, whole.length - blockBytes);
  const chained = before.length === 0 ? iv : cbc(keys.mac1, iv, before).subarray(-blockBytes);
  return cbc(keys.mac2, chained, last);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** One side of a running session: what it receives is checked against its own last MAC, what it sends against the other's. */
export class SecureSession {
  readonly #keys: SessionKeys;
  #lastOwn: Uint8Array;
  #lastOther: Uint8Array;

  /** @param rMacI  R-MAC-I; it stands for the peripheral's last MAC, so it is `own` there and `other` at a controller */
  constructor(keys: SessionKeys, side: 'peripheral' | 'controller', rMacI: Uint8Array) {
    this.#keys = keys;
    const none = new Uint8Array(blockBytes);
    this.#lastOwn = side === 'peripheral' ? rMacI : none;
    this.#lastOther = side === 'peripheral' ? none : rMacI;
  }

  /** Checks a received MAC; only a good one moves the chain on. @param message SOM..data @param mac 4 bytes */
  accepts(message: Uint8Array, mac: Uint8Array): boolean {
    const whole = macOf(this.#keys, this.#lastOwn, message);
    if (!sameBytes(whole.subarray(0, macBytes), mac)) return false;
    this.#lastOther = whole;
    return true;
  }

  /** Decrypts received DATA, after `accepts`. @returns undefined when length or padding is wrong */
  open(data: Uint8Array): Uint8Array | undefined {
    if (data.length === 0 || data.length % blockBytes !== 0) return undefined;
    const iv = this.#lastOwn.map((byte) => ~byte);
    const decipher = createDecipheriv('aes-128-cbc', this.#keys.enc, iv).setAutoPadding(false);
    return unpadded(new Uint8Array(Buffer.concat([decipher.update(data), decipher.final()])));
  }

  /** Encrypts DATA to send, before `sign`. */
  seal(data: Uint8Array): Uint8Array {
    return cbc(
      this.#keys.enc,
      this.#lastOther.map((byte) => ~byte),
      padded(data),
    );
  }

  /** MAC of a frame to send; moves the chain on. @param message SOM..data @returns 16 bytes */
  sign(message: Uint8Array): Uint8Array {
    this.#lastOwn = macOf(this.#keys, this.#lastOther, message);
    return this.#lastOwn;
  }
}
