/**
 * What is said to a VC0706 and what it means. Pure. Numbers of several bytes are big endian.
 *
 * @see VC0706 communication protocol, command list
 */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import type { Answer } from './frame.ts';

export type Size = '160x120' | '320x240' | '640x480';

export interface Command {
  readonly name: string;
  readonly code: number;
  readonly data: readonly number[];
}

/** Nibble-wise: high = height, low = width; 0 whole, 1 half, 2 a quarter. */
const sizes: Readonly<Record<Size, number>> = { '640x480': 0x00, '320x240': 0x11, '160x120': 0x22 };

const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
/** Units of about 10 us before the first byte of a picture; less than 0.25 ms is too short in practice. */
const delay = [0x00, 0x0a];
/** Bit 3 and bit 1: over this port. Bit 0 would be DMA, with which cameras are reported to hang. */
const overThisPort = 0x0a;

export const commands = {
  version: { name: 'version', code: 0x11, data: [] },
  reset: { name: 'reset', code: 0x26, data: [] },
  readSize: { name: 'read size', code: 0x30, data: [0x04, 0x01, 0x00, 0x19] },
  /** Kept without power; counts after a reset. */
  storeSize: (size: Size): Command => ({
    name: 'store size',
    code: 0x31,
    data: [0x04, 0x01, 0x00, 0x19, sizes[size]],
  }),
  /** 0..255, higher is smaller; counts at once, until a reset. */
  setCompression: (ratio: number): Command => ({
    name: 'set compression',
    code: 0x31,
    data: [0x01, 0x01, 0x12, 0x04, ratio],
  }),
  freeze: { name: 'freeze', code: 0x36, data: [0x00] },
  resume: { name: 'resume', code: 0x36, data: [0x03] },
  length: { name: 'length', code: 0x34, data: [0x00] },
  /** @param from  a multiple of 4 @param count  1..8192 */
  read: (from: number, count: number): Command => ({
    name: 'read',
    code: 0x32,
    data: [0x00, overThisPort, ...u32(from), ...u32(count), ...delay],
  }),
} as const satisfies Record<string, Command | ((...args: never[]) => Command)>;

/** @returns the data of an answer; CAMERA_REFUSED with command and status unless the camera said ok */
export function checked(command: Command, { status, data }: Answer): Verdict<Uint8Array> {
  return status === 0 ? accept(data) : refuse('CAMERA_REFUSED', { command: command.name, status });
}

/** @returns whether this is the answer to `readSize` of a camera of that size */
export const isSize = (data: Uint8Array, size: Size): boolean => data.length === 1 && data[0] === sizes[size];

/** @returns bytes of the frozen picture; CAMERA_REFUSED when nothing is frozen or the length is none */
export function parseLength(data: Uint8Array, mostBytes: number): Verdict<number> {
  if (data.length !== 4) return refuse('CAMERA_REFUSED', { command: 'length', bytes: data.length });
  const length = ((data[0]! << 24) | (data[1]! << 16) | (data[2]! << 8) | data[3]!) >>> 0;
  if (length === 0) return refuse('CAMERA_REFUSED', { command: 'length', length });
  return length <= mostBytes ? accept(length) : refuse('MEDIA_TOO_BIG', { length });
}

/** @returns FF D8 to FF D9, without the zeros behind it; CAMERA_UNREADABLE when it is no whole JPEG */
export function parsePicture(bytes: Uint8Array): Verdict<Uint8Array> {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  const isWhole = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[end - 2] === 0xff && bytes[end - 1] === 0xd9;
  return isWhole ? accept(bytes.slice(0, end)) : refuse('CAMERA_UNREADABLE', { bytes: bytes.length });
}
