/**
 * Frames of a Nuki lock: a command, its payload and a checksum, cut into indications on the way to us.
 *
 * | in clear | `command u16, payload, CRC u16` |
 * |---|---|
 * | sealed | `nonce[24], authorization id u32, length u16`, then `length` bytes of secretbox over `authorization id u32, command u16, payload, CRC u16` |
 *
 * @see Nuki Smart Lock API V2.3.0, "Message format"
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { join, u16, u32 } from './fields.ts';

export interface Message {
  readonly command: number;
  readonly payload: Uint8Array;
}

export const headerBytes = 30;
export const nonceBytes = 24;
export const tagBytes = 16;
/** The largest that a lock sends is far below; more is no message. */
const maxSealedBytes = 1024;

/** CRC-16/CCITT-FALSE: polynomial 1021h, start FFFFh, nothing reflected. */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

/** @returns `command, payload, CRC`, with the authorization id before it in the plaintext of a sealed frame */
export function encodeMessage({ command, payload }: Message, authorizationId?: Uint8Array): Uint8Array {
  const body = join(authorizationId ?? new Uint8Array(0), u16(command), payload);
  return join(body, u16(checksum(body)));
}

/** Reads a whole message in clear. Never throws. @returns NUKI_FRAME_BAD when it is too short or its checksum is wrong */
export function decodeMessage(bytes: Uint8Array, isSealed: boolean): Verdict<Message & { authorizationId: number }> {
  const start = isSealed ? 4 : 0;
  if (bytes.length < start + 4) return refuse('NUKI_FRAME_BAD', { reason: 'length' });
  const end = bytes.length - 2;
  if (checksum(bytes.subarray(0, end)) !== bytes[end]! + (bytes[end + 1]! << 8))
    return refuse('NUKI_FRAME_BAD', { reason: 'checksum' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return accept({
    authorizationId: isSealed ? view.getUint32(0, true) : 0,
    command: view.getUint16(start, true),
    payload: bytes.slice(start + 2, end),
  });
}

export interface SealedFrame {
  readonly nonce: Uint8Array;
  readonly authorizationId: number;
  /** Tag and ciphertext. */
  readonly box: Uint8Array;
}

export const encodeSealed = (nonce: Uint8Array, authorizationId: Uint8Array, box: Uint8Array): Uint8Array =>
  join(nonce, authorizationId, u16(box.length), box);

/** Lengths of the messages that come in clear, CRC included. */
const clearBytes: { readonly [command: number]: number } = { 3: 36, 4: 36, 7: 88, 14: 5, 18: 7, 76: 5 };

/** Puts the indications of one characteristic together again. */
export class Reassembly {
  readonly #isSealed: boolean;
  #held: Uint8Array = new Uint8Array(0);

  constructor(isSealed: boolean) {
    this.#isSealed = isSealed;
  }

  /** Forgets what is incomplete; at the end of a connection. */
  reset(): void {
    this.#held = new Uint8Array(0);
  }

  /** @returns the bytes of each message that is complete now; NUKI_FRAME_BAD, and everything held is dropped, when it is none */
  take(piece: Uint8Array): Verdict<readonly Uint8Array[]> {
    this.#held = join(this.#held, piece);
    const whole: Uint8Array[] = [];
    for (;;) {
      const size = this.#size();
      if (size === undefined) return accept(whole);
      if (size === 0) {
        this.reset();
        return refuse('NUKI_FRAME_BAD', { reason: this.#isSealed ? 'length' : 'command' });
      }
      if (this.#held.length < size) return accept(whole);
      whole.push(this.#held.slice(0, size));
      this.#held = this.#held.slice(size);
    }
  }

  /** Of the message at the front: undefined while too little has come, 0 when it is none. */
  #size(): number | undefined {
    const held = this.#held;
    if (this.#isSealed) {
      if (held.length < headerBytes) return undefined;
      const length = held[28]! + (held[29]! << 8);
      return length < tagBytes || length > maxSealedBytes ? 0 : headerBytes + length;
    }
    if (held.length < 2) return undefined;
    return clearBytes[held[0]! + (held[1]! << 8)] ?? 0;
  }
}

/** @param bytes  one whole sealed frame, as `Reassembly` gives it */
export const decodeSealed = (bytes: Uint8Array): SealedFrame => ({
  nonce: bytes.slice(0, nonceBytes),
  authorizationId: new DataView(bytes.buffer, bytes.byteOffset).getUint32(nonceBytes, true),
  box: bytes.slice(headerBytes),
});

/** The id as its four bytes on the wire. */
export const idBytes = (authorizationId: number): Uint8Array => u32(authorizationId);
