/**
 * The cryptography of an OSDP secure channel: session keys, cryptograms, MAC chain, data encryption.
 *
 * AES-128 throughout, no padding mode in the cipher. The MAC of one side is the start value of the other's next frame, so that
 * an authentic reply answers exactly the command before it and no other.
 *
 * @see SIA OSDP v2.2, annex D (secure channel) and annex E (examples)
 */
import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { closeFrame, encodeHead, type Frame } from './frame.ts';

/** SCBK-D, which every peripheral knows before it is paired: protects nothing. Only for a pairing window. */
export const defaultKey: Uint8Array = Uint8Array.from({ length: 16 }, (_, i) => 0x30 + i);

export interface SessionKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

/** One 16-byte block. */
function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
}

/**
 * @param key  SCBK, 16 bytes
 * @param rndA  8 bytes, of which the first 6 count (annex D.4.1)
 */
export function sessionKeys(key: Uint8Array, rndA: Uint8Array): SessionKeys {
  const derive = (high: number, low: number): Uint8Array => {
    const block = new Uint8Array(16);
    block.set([high, low, ...rndA.subarray(0, 6)]);
    return encryptBlock(key, block);
  };
  return { enc: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** What proves the key of the peripheral: 16 bytes. */
export const clientCryptogram = (keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array =>
  encryptBlock(keys.enc, Buffer.concat([rndA, rndB]));

/** What proves the key of the controller: 16 bytes. */
export const serverCryptogram = (keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array =>
  encryptBlock(keys.enc, Buffer.concat([rndB, rndA]));

/** R-MAC-I, the first value of the chain: 16 bytes. */
export const initialMac = (keys: SessionKeys, server: Uint8Array): Uint8Array =>
  encryptBlock(keys.mac2, encryptBlock(keys.mac1, server));

/** Compares without telling by time where they differ. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Appends 80, then zeros, to a multiple of 16. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(bytes.length / 16) + 1) * 16);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

function unpad(bytes: Uint8Array): Uint8Array | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end > 0 && bytes[end - 1] === 0x80 ? bytes.slice(0, end - 1) : undefined;
}

const inverted = (iv: Uint8Array): Uint8Array => iv.map((byte) => ~byte & 0xff);

/** CBC over the frame: S-MAC1 for all blocks but the last, S-MAC2 for the last. @returns 16 bytes, 4 go on the line */
function macOf(keys: SessionKeys, iv: Uint8Array, head: Uint8Array): Uint8Array {
  const message = head.length % 16 === 0 ? head : pad(head);
  const chained = message.length - 16;
  const first = createCipheriv('aes-128-cbc', keys.mac1, iv).setAutoPadding(false).update(message.subarray(0, chained));
  const lastIv = chained === 0 ? iv : first.subarray(chained - 16);
  return createCipheriv('aes-128-cbc', keys.mac2, lastIv).setAutoPadding(false).update(message.subarray(chained));
}

export interface PlainCommand {
  readonly address: number;
  readonly sequence: number;
  readonly code: number;
  readonly data: Uint8Array;
}

/** The controller's end of one session. A frame that is refused leaves it as it was. */
export class SecureChannel {
  readonly #keys: SessionKeys;
  /** The last MAC that we sent; the chain's zero before the first command. */
  #sent: Uint8Array = new Uint8Array(16);
  /** The last MAC that the peripheral sent. */
  #heard: Uint8Array;

  /** @param firstMac  R-MAC-I, 16 bytes */
  constructor(keys: SessionKeys, firstMac: Uint8Array) {
    this.#keys = keys;
    this.#heard = firstMac;
  }

  /** Moves the chain on: seal a command once and send the same bytes again, never seal it twice. @returns the whole frame */
  seal(command: PlainCommand): Uint8Array {
    const encrypted = command.data.length > 0;
    const data = encrypted
      ? createCipheriv('aes-128-cbc', this.#keys.enc, inverted(this.#heard))
          .setAutoPadding(false)
          .update(pad(command.data))
      : command.data;
    const security = { type: encrypted ? 0x17 : 0x15, data: new Uint8Array(0) };
    const head = encodeHead({ ...command, fromPeripheral: false, check: 'crc', security, data }, 4);
    this.#sent = macOf(this.#keys, this.#heard, head);
    return closeFrame(head, this.#sent.subarray(0, 4));
  }

  /** Checks the MAC, then decrypts. @returns plaintext DATA; OSDP_NOT_SECURE without a MAC or with a wrong one */
  open(frame: Frame): Verdict<Uint8Array> {
    if (frame.mac === undefined || frame.security === undefined)
      return refuse('OSDP_NOT_SECURE', { reason: 'plaintext' });
    const mac = macOf(this.#keys, this.#sent, frame.head);
    if (!sameBytes(mac.subarray(0, 4), frame.mac)) return refuse('OSDP_NOT_SECURE', { reason: 'mac' });
    const data = this.#decrypt(frame.security.type, frame.data);
    if (data === undefined) return refuse('OSDP_FRAME_BAD', { reason: 'padding' });
    this.#heard = mac;
    return accept(data);
  }

  // Some peripherals answer with type 15 and clear data under a good MAC: the type decides, not the direction.
  #decrypt(type: number, data: Uint8Array): Uint8Array | undefined {
    if (type === 0x15 || type === 0x16 || data.length === 0) return data;
    if (data.length % 16 !== 0) return undefined;
    return unpad(
      createDecipheriv('aes-128-cbc', this.#keys.enc, inverted(this.#sent)).setAutoPadding(false).update(data),
    );
  }
}
