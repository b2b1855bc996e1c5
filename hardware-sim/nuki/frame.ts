/** Frames of the Nuki protocol: `command | payload | CRC` in clear, and the same behind an authorization id, sealed. */
import { Cursor, concat, Fields } from './bytes.ts';

/** A message without its wrapping. */
export interface Message {
  readonly command: number;
  readonly payload: Uint8Array;
}

/** What arrived, or why it is none: `length` (too short for a frame), `crc`. */
export type Opened<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly because: 'length' | 'crc'; readonly command: number };

/** Clear header of a sealed message. `sealed` is tag and ciphertext. */
export interface Envelope {
  readonly nonce: Uint8Array;
  /** As its four bytes: the pairing of newer locks puts 7F FF FF FF there. */
  readonly authorization: Uint8Array;
  readonly sealed: Uint8Array;
}

const crcBytes = 2;
const headBytes = 30;

/** CRC-16 of the kind "CCITT FALSE": polynomial 1021, start FFFF; of "123456789" it is 29B1 (reference 3). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

const closed = (bytes: Uint8Array): Uint8Array => concat(bytes, new Fields().u16(crc16(bytes)).bytes());

/** A message in clear. */
export const closeClear = ({ command, payload }: Message): Uint8Array =>
  closed(concat(new Fields().u16(command).bytes(), payload));

/** A message as it is sealed. @param authorization  4 bytes */
export const closePlain = (authorization: Uint8Array, { command, payload }: Message): Uint8Array =>
  closed(concat(authorization, new Fields().u16(command).bytes(), payload));

/** Takes a message in clear apart. */
export function openClear(bytes: Uint8Array): Opened<Message> {
  if (bytes.length < 2 + crcBytes) return { ok: false, because: 'length', command: 0 };
  const body = bytes.subarray(0, -crcBytes);
  const command = new Cursor(body).u16();
  if (new Cursor(bytes.subarray(-crcBytes)).u16() !== crc16(body)) return { ok: false, because: 'crc', command };
  return { ok: true, command, payload: body.slice(2) };
}

/** Takes apart what was sealed. */
export function openPlain(bytes: Uint8Array): Opened<Message & { readonly authorization: Uint8Array }> {
  if (bytes.length < 6 + crcBytes) return { ok: false, because: 'length', command: 0 };
  const body = bytes.subarray(0, -crcBytes);
  const command = new Cursor(body.subarray(4)).u16();
  if (new Cursor(bytes.subarray(-crcBytes)).u16() !== crc16(body)) return { ok: false, because: 'crc', command };
  return { ok: true, authorization: body.slice(0, 4), command, payload: body.slice(6) };
}

/** Puts the clear header before a sealed message. */
export const closeEnvelope = ({ nonce, authorization, sealed }: Envelope): Uint8Array =>
  concat(nonce, authorization, new Fields().u16(sealed.length).bytes(), sealed);

/** @returns undefined when its length field does not tell its length */
export function openEnvelope(bytes: Uint8Array): Envelope | undefined {
  const head = new Cursor(bytes);
  const nonce = head.take(24);
  const authorization = head.take(4);
  const length = head.u16();
  if (bytes.length < headBytes || length !== head.left) return undefined;
  return { nonce, authorization, sealed: bytes.slice(headBytes) };
}
