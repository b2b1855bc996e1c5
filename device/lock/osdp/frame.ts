/**
 * OSDP frames: bytes on the line to checked parts, and back.
 *
 * | offset | field | meaning |
 * |---|---|---|
 * | 0 | SOM | 53 |
 * | 1 | ADDR | bits 0-6 address, bit 7 set in replies |
 * | 2-3 | LEN | little endian, SOM to the last check byte, 7..1440 |
 * | 4 | CTRL | bits 0-1 sequence, bit 2 CRC instead of checksum, bit 3 security block present |
 * | 5.. | SCB | optional: its own length, type, data |
 * | | CODE DATA | command or reply |
 * | | MAC | 4 bytes, only behind security blocks 15..18 |
 * | | CHECK | CRC-16 little endian, or one checksum byte |
 *
 * @see SIA OSDP v2.2, 5.5 to 5.9 (IEC 60839-11-5)
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';

export const maxFrameBytes = 1440;
const minFrameBytes = 7;
const startOfMessage = 0x53;
const replyBit = 0x80;
const crcBit = 0x04;
const securityBit = 0x08;
const macBytes = 4;

export interface SecurityBlock {
  /** 11..14 handshake, 15..18 session. */
  readonly type: number;
  readonly data: Uint8Array;
}

export interface FrameParts {
  /** 0..7F. */
  readonly address: number;
  readonly fromPeripheral: boolean;
  /** 0..3. */
  readonly sequence: number;
  readonly check: 'crc' | 'checksum';
  readonly security?: SecurityBlock;
  /** Id of the command or reply. */
  readonly code: number;
  /** As on the line: ciphertext behind security blocks 17 and 18. */
  readonly data: Uint8Array;
}

export interface Frame extends FrameParts {
  /** 4 bytes, behind security blocks 15..18 only. */
  readonly mac?: Uint8Array;
  /** SOM to the end of DATA: what a MAC covers. */
  readonly head: Uint8Array;
}

/** Security blocks 15..18 carry a MAC. */
const isMacked = (security: SecurityBlock | undefined): boolean =>
  security !== undefined && security.type >= 0x15 && security.type <= 0x18;

/** CRC-16, polynomial 1021, start 1D0F, not reflected: "123456789" gives E5CC. @see SIA OSDP v2.2, annex C */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

/** Two's complement of the sum, 0..FF. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}

/** @returns SOM to DATA, with a LEN that counts a MAC of `macLength` bytes and the check: what a MAC is computed over */
export function encodeHead(parts: FrameParts, macLength: 0 | 4): Uint8Array {
  const { security, data } = parts;
  const blockBytes = security === undefined ? 0 : 2 + security.data.length;
  const length = 5 + blockBytes + 1 + data.length;
  const total = length + macLength + (parts.check === 'crc' ? 2 : 1);
  const head = new Uint8Array(length);
  head[0] = startOfMessage;
  head[1] = parts.address | (parts.fromPeripheral ? replyBit : 0);
  head[2] = total & 0xff;
  head[3] = total >> 8;
  head[4] = parts.sequence | (parts.check === 'crc' ? crcBit : 0) | (security === undefined ? 0 : securityBit);
  if (security !== undefined) {
    head[5] = blockBytes;
    head[6] = security.type;
    head.set(security.data, 7);
  }
  head[5 + blockBytes] = parts.code;
  head.set(data, 6 + blockBytes);
  return head;
}

/** @returns the whole frame: `head`, then `mac`, then the check that the CTRL byte of `head` names */
export function closeFrame(head: Uint8Array, mac: Uint8Array = new Uint8Array(0)): Uint8Array {
  const body = Buffer.concat([head, mac]);
  if ((body[4]! & crcBit) === 0) return Buffer.concat([body, Uint8Array.of(checksum(body))]);
  const crc = crc16(body);
  return Buffer.concat([body, Uint8Array.of(crc & 0xff, crc >> 8)]);
}

/** @returns the whole frame, without MAC */
export const encodeFrame = (parts: FrameParts): Uint8Array => closeFrame(encodeHead(parts, 0));

const bad = (reason: 'length' | 'check' | 'security-block'): Verdict<Frame> => refuse('OSDP_FRAME_BAD', { reason });

/**
 * Reads one whole frame. Never throws.
 * @param bytes  SOM to the last check byte
 * @returns its parts, or OSDP_FRAME_BAD with `reason`
 */
export function decodeFrame(bytes: Uint8Array): Verdict<Frame> {
  const length = (bytes[2] ?? 0) | ((bytes[3] ?? 0) << 8);
  const control = bytes[4] ?? 0;
  const checkBytes = (control & crcBit) === 0 ? 1 : 2;
  if (bytes[0] !== startOfMessage || length !== bytes.length || length < 6 + checkBytes) return bad('length');

  const body = bytes.subarray(0, length - checkBytes);
  const found = checkBytes === 2 ? bytes[length - 2]! | (bytes[length - 1]! << 8) : bytes[length - 1]!;
  if (found !== (checkBytes === 2 ? crc16(body) : checksum(body))) return bad('check');

  const blockBytes = (control & securityBit) === 0 ? 0 : body[5]!;
  const security =
    blockBytes === 0 ? undefined : { type: body[6] ?? 0, data: Uint8Array.from(body.subarray(7, 5 + blockBytes)) };
  const macLength = isMacked(security) ? macBytes : 0;
  // A block that says 0 or 1, or runs into CODE, MAC or CHECK, would let the rest be read in two ways.
  if ((control & securityBit) !== 0 && blockBytes < 2) return bad('security-block');
  if (5 + blockBytes + 1 + macLength > body.length) return bad('security-block');

  const head = Uint8Array.from(body.subarray(0, body.length - macLength));
  return accept({
    address: head[1]! & ~replyBit,
    fromPeripheral: (head[1]! & replyBit) !== 0,
    sequence: control & 0x03,
    check: checkBytes === 2 ? 'crc' : 'checksum',
    ...(security === undefined ? {} : { security }),
    code: head[5 + blockBytes]!,
    data: head.subarray(6 + blockBytes),
    ...(macLength === 0 ? {} : { mac: Uint8Array.from(body.subarray(body.length - macLength)) }),
    head,
  });
}

/**
 * Finds frames in a stream that is cut anywhere and has noise in it. Holds at most 2880 bytes.
 *
 * A run of bytes that makes no frame is refused once, not once a byte.
 */
export class FrameReader {
  readonly #buffer = new Uint8Array(2 * maxFrameBytes);
  #length = 0;
  #inNoise = false;

  /** @returns the frames that `chunk` completes, in order, and a refusal where bytes made none */
  push(chunk: Uint8Array): readonly Verdict<Frame>[] {
    const found: Verdict<Frame>[] = [];
    for (let from = 0; from < chunk.length; from += maxFrameBytes) {
      const piece = chunk.subarray(from, from + maxFrameBytes);
      this.#buffer.set(piece, this.#length);
      this.#length += piece.length;
      this.#scan(found);
    }
    return found;
  }

  /** The line fell silent: what has begun will not end. @returns the frames that hid behind a false start */
  giveUp(): readonly Verdict<Frame>[] {
    const found: Verdict<Frame>[] = [];
    while (this.#length > 0) {
      this.#refuse(found, bad('length'));
      this.#drop(1);
      this.#scan(found);
    }
    return found;
  }

  /** A frame has begun and is not complete. */
  get hasBegun(): boolean {
    return this.#length > 0;
  }

  #scan(found: Verdict<Frame>[]): void {
    for (;;) {
      const start = this.#buffer.subarray(0, this.#length).indexOf(startOfMessage);
      this.#drop(start === -1 ? this.#length : start);
      if (this.#length < 4) return;
      const length = this.#buffer[2]! | (this.#buffer[3]! << 8);
      if (length < minFrameBytes || length > maxFrameBytes) {
        this.#refuse(found, bad('length'));
        this.#drop(1);
        continue;
      }
      if (this.#length < length) return;
      const frame = decodeFrame(this.#buffer.subarray(0, length));
      if (frame.ok) {
        this.#inNoise = false;
        found.push(frame);
      } else this.#refuse(found, frame);
      // Resume one byte behind a false start: a real frame may begin inside it.
      this.#drop(frame.ok ? length : 1);
    }
  }

  #refuse(found: Verdict<Frame>[], refusal: Verdict<Frame>): void {
    if (!this.#inNoise) found.push(refusal);
    this.#inNoise = true;
  }

  #drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
