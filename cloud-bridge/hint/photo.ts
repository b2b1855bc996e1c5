/**
 * Reads a photo that a page has encoded afresh: nothing but the picture may be in it. A camera writes place, time and its own number into
 * a file (Exif, XMP); whatever carries such a thing is refused, not cleaned.
 */
import { maxPhotoBytes, type PhotoType, photoSides } from '../../wire/door-hint.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';

export interface PhotoFacts {
  readonly type: PhotoType;
  readonly width: number;
  readonly height: number;
}

/** @returns HINT_PHOTO_UNFIT with why */
export function readPhoto(bytes: Buffer): Verdict<PhotoFacts> {
  if (bytes.length > maxPhotoBytes) return refuse('HINT_PHOTO_UNFIT', { why: 'size', most: maxPhotoBytes });
  const read = bytes.subarray(0, 2).equals(soi) ? readJpeg(bytes) : readWebp(bytes);
  if (typeof read === 'string') return refuse('HINT_PHOTO_UNFIT', { why: read });
  const [short, long] = [Math.min(read.width, read.height), Math.max(read.width, read.height)];
  const isFit = short >= photoSides.least && long <= photoSides.most;
  return isFit ? accept(read) : refuse('HINT_PHOTO_UNFIT', { why: 'dimensions', most: photoSides.most });
}

const soi = Buffer.from([0xff, 0xd8]);
const eoi = 0xd9;
const sos = 0xda;
/** Frame headers of the codings that browsers write: baseline, extended, progressive (ITU-T T.81, table B.1). */
const frames = new Set([0xc0, 0xc1, 0xc2]);
/** What else is part of the picture: tables, restart interval, and the JFIF header, which says no more than its version. */
const plain = new Set([0xc4, 0xdb, 0xdd, 0xe0]);
/** A JFIF header without a thumbnail: 16 bytes with its length (JFIF 1.02). */
const isBareJfif = (segment: Buffer): boolean =>
  segment.length === 16 && segment.toString('latin1', 2, 7) === 'JFIF\0' && segment.readUInt16BE(14) === 0;

function readJpeg(bytes: Buffer): PhotoFacts | string {
  let facts: PhotoFacts | undefined;
  for (let at = soi.length; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return 'damaged';
    const marker = bytes[at + 1]!;
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return 'damaged';
    if (frames.has(marker)) {
      if (length < 8 || facts !== undefined) return 'damaged';
      facts = { type: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    } else if (marker === sos) {
      const next = afterScan(bytes, at + 2 + length);
      if (bytes[next + 1] === eoi)
        return facts !== undefined && next + 2 === bytes.length ? facts : 'more than a picture';
      at = next;
      continue;
    } else if (!plain.has(marker) || (marker === 0xe0 && !isBareJfif(bytes.subarray(at + 2, at + 2 + length)))) {
      return 'metadata';
    }
    at += 2 + length;
  }
  return 'damaged';
}

/** @returns where the next marker is; restarts and stuffed bytes belong to the scan */
function afterScan(bytes: Buffer, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1]!;
    if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Chunks of a still picture; the others are metadata, profiles and films (RFC 9649, 2.7). */
const stills = new Set(['VP8 ', 'VP8L', 'ALPH']);

function readWebp(bytes: Buffer): PhotoFacts | string {
  const name = (at: number): string => bytes.toString('latin1', at, at + 4);
  if (bytes.length < 30 || name(0) !== 'RIFF' || name(8) !== 'WEBP') return 'no JPEG or WebP';
  if (bytes.readUInt32LE(4) + 8 !== bytes.length) return 'more than a picture';
  let facts: PhotoFacts | undefined;
  for (let at = 12; at < bytes.length; ) {
    if (at + 8 > bytes.length) return 'damaged';
    const [chunk, length] = [name(at), bytes.readUInt32LE(at + 4)];
    const body = at + 8;
    if (body + length > bytes.length || length < 10) return 'damaged';
    // VP8X names what follows: ICC, alpha, Exif, XMP, animation. Alpha alone is a picture.
    if (chunk === 'VP8X' ? (bytes[body]! & ~0x10) !== 0 : !stills.has(chunk)) return 'metadata';
    if (chunk === 'VP8 ') {
      if (facts !== undefined || bytes.readUIntBE(body + 3, 3) !== 0x9d012a) return 'damaged';
      const [width, height] = [bytes.readUInt16LE(body + 6) & 0x3fff, bytes.readUInt16LE(body + 8) & 0x3fff];
      facts = { type: 'image/webp', width, height };
    } else if (chunk === 'VP8L') {
      if (facts !== undefined || bytes[body] !== 0x2f) return 'damaged';
      const bits = bytes.readUInt32LE(body + 1);
      facts = { type: 'image/webp', width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    at = body + length + (length % 2);
  }
  return facts ?? 'damaged';
}
