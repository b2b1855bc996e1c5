/**
 * Sealed pictures as bytes on the wire: the same messages are the live stream and the recording. Pure; it runs in a browser too.
 *
 * A message is a header of 32 bytes, then its body:
 *
 * | at | bytes | what |
 * |---|---|---|
 * | 0 | 1 | version, 1 |
 * | 1 | 1 | type: 1 key, 2 frame, 3 checkpoint, 4 photo |
 * | 2 | 1 | flags of a frame: 1 = it can be decoded alone, 2 = H.264 (else JPEG); 0 for the other types |
 * | 3 | 1 | 0 |
 * | 4 | 16 | stream |
 * | 20 | 4 | seq: frames 1, 2, 3 …; key: 0; checkpoint: of the last frame that it covers; photo: 1, alone in its stream |
 * | 24 | 8 | ms since 1970 by the hub's clock: when the picture was taken, the stream began, the checkpoint was signed |
 * | 32 | | key: `videokey+jwt`; frame: AES-256-GCM ciphertext and its 16-byte tag; checkpoint: `videohead+jwt`; photo: JSON (`delivery-photo.ts`); UTF-8 |
 *
 * Numbers are big endian. The nonce of a frame is 8 zero bytes and its seq: the key is fresh for each stream, so none comes twice.
 * What is authenticated with a frame is its header and the hash of the key's document, and so its hub, camera, visit and codec.
 */
import { accept, refuse, type Verdict } from './faults.ts';

export const mediaTypes = { key: 1, frame: 2, checkpoint: 3, photo: 4 } as const;
export type MediaType = keyof typeof mediaTypes;
export type Codec = 'jpeg' | 'h264';

export const headerBytes = 32;
export const tagBytes = 16;
/** Largest message: below the packet limit of every broker that is set up as documented. */
export const maxMediaBytes = 126_976;
/** Largest picture that fits into a message. */
export const maxPictureBytes = maxMediaBytes - headerBytes - tagBytes;

export interface MediaHeader {
  readonly type: MediaType;
  /** base64url, 22 characters. */
  readonly stream: string;
  /** 0..2^32-1 */
  readonly seq: number;
  /** ms since 1970. */
  readonly capturedMs: number;
  /** Frames: it can be decoded without the one before. */
  readonly isKey: boolean;
  readonly codec: Codec;
}

export interface MediaMessage extends MediaHeader {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** base64url without padding, for a few bytes, wherever this runs. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const left = Math.min(4, bytes.length - at + 1);
    for (let index = 0; index < left; index += 1) text += alphabet[(bits >> (18 - 6 * index)) & 63];
  }
  return text;
}

/** @returns undefined for what is no base64url without padding */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let have = 0;
  let at = 0;
  for (const char of text) {
    const value = alphabet.indexOf(char);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xff_ffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[at] = (bits >> have) & 255;
    at += 1;
  }
  return bytes;
}

const streamIdBytes = 16;
const flags = { isKey: 1, h264: 2 } as const;

function writeHeader(head: MediaHeader): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  const stream = fromBase64Url(head.stream);
  if (stream?.length !== streamIdBytes) throw new RangeError('a stream id has 16 bytes');
  bytes[0] = 1;
  bytes[1] = mediaTypes[head.type];
  if (head.type === 'frame') bytes[2] = (head.isKey ? flags.isKey : 0) | (head.codec === 'h264' ? flags.h264 : 0);
  bytes.set(stream, 4);
  view.setUint32(20, head.seq);
  view.setBigUint64(24, BigInt(head.capturedMs));
  return bytes;
}

/** The header of a frame before it is sealed: it is authenticated with the picture. */
export const frameHeader = (head: Omit<MediaHeader, 'type'>): Uint8Array => writeHeader({ ...head, type: 'frame' });

/** @param document  of a key, a checkpoint or a photo */
export function writeDocumentMessage(
  head: Pick<MediaHeader, 'stream' | 'seq' | 'capturedMs' | 'codec'> & { readonly type: Exclude<MediaType, 'frame'> },
  document: string,
): Uint8Array {
  return joinMessage(writeHeader({ ...head, isKey: false }), new TextEncoder().encode(document));
}

/** Header and body as one message. */
export function joinMessage(header: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const message = new Uint8Array(header.length + parts.reduce((sum, { length }) => sum + length, 0));
  message.set(header);
  let at = header.length;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

const typeOf = (number: number | undefined): MediaType | undefined =>
  (Object.keys(mediaTypes) as MediaType[]).find((type) => mediaTypes[type] === number);

/** Takes a message apart; nothing of it is verified. @returns MEDIA_TOO_BIG, or MEDIA_MALFORMED with why */
export function readMedia(message: Uint8Array): Verdict<MediaMessage> {
  if (message.length > maxMediaBytes) return refuse('MEDIA_TOO_BIG', { bytes: message.length });
  if (message.length <= headerBytes) return refuse('MEDIA_MALFORMED', { why: 'short' });
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const type = typeOf(message[1]);
  const marks = message[2]!;
  if (message[0] !== 1 || type === undefined || message[3] !== 0) return refuse('MEDIA_MALFORMED', { why: 'header' });
  if (marks > (type === 'frame' ? 3 : 0)) return refuse('MEDIA_MALFORMED', { why: 'flags' });
  const seq = view.getUint32(20);
  const captured = view.getBigUint64(24);
  if (captured > 2n ** 50n) return refuse('MEDIA_MALFORMED', { why: 'time' });
  if (type === 'photo' && seq !== 1) return refuse('MEDIA_MALFORMED', { why: 'seq' });
  if (type === 'frame' ? seq === 0 : type === 'key' && seq !== 0) return refuse('MEDIA_MALFORMED', { why: 'seq' });
  if (type === 'frame' && message.length <= headerBytes + tagBytes) return refuse('MEDIA_MALFORMED', { why: 'short' });
  return accept({
    type,
    stream: toBase64Url(message.subarray(4, 20)),
    seq,
    capturedMs: Number(captured),
    isKey: (marks & flags.isKey) !== 0,
    codec: (marks & flags.h264) !== 0 ? 'h264' : 'jpeg',
    header: message.subarray(0, headerBytes),
    body: message.subarray(headerBytes),
  });
}

/** The document in any message but a frame. */
export const documentIn = ({ body }: Pick<MediaMessage, 'body'>): string => new TextDecoder().decode(body);

/** 12 bytes. @see NIST SP 800-38D section 8.2.1 */
export function frameNonce(seq: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, seq);
  return nonce;
}

/** What is authenticated with a frame. @param keyHash  SHA-256 of the key's document, 32 bytes */
export const frameAad = (header: Uint8Array, keyHash: Uint8Array): Uint8Array => joinMessage(header, keyHash);

/** The chain over a stream starts with SHA-256 of this and the hash of the key's document; then SHA-256(before ‖ SHA-256(message)). */
export const chainStart = new TextEncoder().encode('doorward-video-1');

export type Ack =
  /** The relay has these frames in its hands now. */
  | { readonly kind: 'seen'; readonly stream: string; readonly seqs: readonly number[] }
  /** These are on the relay's disk, from..to both included. */
  | { readonly kind: 'stored'; readonly stream: string; readonly ranges: readonly (readonly [number, number])[] };

const ackHeaderBytes = 20;
const maxAckItems = 512;

/** relay -> hub: [1, kind, count u16, stream 16 bytes], then count u32 (seen) or pairs of u32 (stored). At most 512 of them. */
export function writeAck(ack: Ack): Uint8Array {
  const numbers = ack.kind === 'seen' ? ack.seqs : ack.ranges.flat();
  const count = ack.kind === 'seen' ? numbers.length : numbers.length / 2;
  const stream = fromBase64Url(ack.stream);
  if (count > maxAckItems || stream?.length !== streamIdBytes) throw new RangeError('an ack holds at most 512 items');
  const bytes = new Uint8Array(ackHeaderBytes + 4 * numbers.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  bytes[1] = ack.kind === 'seen' ? 1 : 2;
  view.setUint16(2, count);
  bytes.set(stream, 4);
  for (const [index, number] of numbers.entries()) view.setUint32(ackHeaderBytes + 4 * index, number);
  return bytes;
}

/** @returns MEDIA_MALFORMED for anything that `writeAck` does not write */
export function readAck(bytes: Uint8Array): Verdict<Ack> {
  if (bytes.length < ackHeaderBytes || bytes[0] !== 1) return refuse('MEDIA_MALFORMED', { why: 'ack' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = bytes[1] === 1 ? 'seen' : bytes[1] === 2 ? 'stored' : undefined;
  const count = view.getUint16(2);
  const numbers = kind === 'stored' ? 2 * count : count;
  if (kind === undefined || count > maxAckItems || bytes.length !== ackHeaderBytes + 4 * numbers) {
    return refuse('MEDIA_MALFORMED', { why: 'ack' });
  }
  const stream = toBase64Url(bytes.subarray(4, 20));
  const at = (index: number): number => view.getUint32(ackHeaderBytes + 4 * index);
  if (kind === 'seen') return accept({ kind, stream, seqs: Array.from({ length: count }, (_, index) => at(index)) });
  const ranges = Array.from({ length: count }, (_, index) => [at(2 * index), at(2 * index + 1)] as const);
  return ranges.every(([from, to]) => from >= 1 && from <= to)
    ? accept({ kind, stream, ranges })
    : refuse('MEDIA_MALFORMED', { why: 'ack' });
}
