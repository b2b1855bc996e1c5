/** The bits of a scan: read with what stuffs them taken out, written with it put in. */
import { Fault } from '../../../wire/faults.ts';
import type { HuffmanTable } from './tables.ts';

const longest = 16;
/** @throws Fault CAMERA_UNREADABLE */
export const unreadable = (why: string): Fault => new Fault('CAMERA_UNREADABLE', { why });

/** A table as a reader wants it: for each length the last code, and where its values begin. */
export interface Decoder {
  readonly last: readonly number[];
  readonly offset: readonly number[];
  readonly values: readonly number[];
}

/** @throws Fault CAMERA_UNREADABLE for more codes than there can be */
export function toDecoder({ counts, values }: HuffmanTable): Decoder {
  const last: number[] = [-1];
  const offset: number[] = [0];
  let code = 0;
  let begin = 0;
  for (let length = 1; length <= longest; length += 1) {
    const count = counts[length - 1] ?? 0;
    offset[length] = begin - code;
    last[length] = count === 0 ? -1 : code + count - 1;
    code += count;
    begin += count;
    if (code > 2 ** length || begin > values.length) throw unreadable('code table');
    code *= 2;
  }
  return { last, offset, values };
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** @throws Fault CAMERA_UNREADABLE where the scan ends */
  bit(): number {
    if (this.#count === 0) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) throw unreadable('cut off');
      this.#at += byte === 0xff ? 2 : 1;
      this.#held = byte;
      this.#count = 8;
    }
    this.#count -= 1;
    return (this.#held >> this.#count) & 1;
  }

  /** A number of `size` bits, the upper half positive (section F.2.2.1). */
  signed(size: number): number {
    let value = 0;
    for (let left = size; left > 0; left -= 1) value = value * 2 + this.bit();
    return size > 0 && value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
  }

  value({ last, offset, values }: Decoder): number {
    let code = 0;
    for (let length = 1; length <= longest; length += 1) {
      code = code * 2 + this.bit();
      if (code <= last[length]!) return values[offset[length]! + code]!;
    }
    throw unreadable('code');
  }

  /** To the next restart marker, which has to be there. */
  restart(): void {
    this.#count = 0;
    const [first, second = 0] = this.#bytes.subarray(this.#at, this.#at + 2);
    if (first !== 0xff || (second & 0xf8) !== 0xd0) throw unreadable('restart');
    this.#at += 2;
  }
}

/** A table as a writer wants it: code and length for each value. */
export type Encoder = ReadonlyMap<number, { readonly code: number; readonly length: number }>;

export function toEncoder({ counts, values }: HuffmanTable): Encoder {
  const codes = new Map<number, { code: number; length: number }>();
  let code = 0;
  let at = 0;
  for (let length = 1; length <= longest; length += 1) {
    for (let left = counts[length - 1] ?? 0; left > 0; left -= 1) {
      codes.set(values[at]!, { code, length });
      code += 1;
      at += 1;
    }
    code *= 2;
  }
  return codes;
}

/** Bits that a number takes (section F.1.2.1). */
export const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

export class BitWriter {
  #bytes = new Uint8Array(65_536);
  #length = 0;
  #held = 0;
  #count = 0;

  /** @param length  0..16 */
  put(value: number, length: number): void {
    this.#held = (this.#held << length) | value;
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      const byte = (this.#held >> this.#count) & 0xff;
      this.#push(byte);
      if (byte === 0xff) this.#push(0);
    }
    this.#held &= 2 ** this.#count - 1;
  }

  code(codes: Encoder, value: number): void {
    const found = codes.get(value);
    if (found === undefined) throw unreadable('coefficient');
    this.put(found.code, found.length);
  }

  signed(value: number): void {
    const size = sizeOf(value);
    this.put(value < 0 ? value + 2 ** size - 1 : value, size);
  }

  /** Filled up with ones (section F.1.2.3). */
  end(): Uint8Array {
    if (this.#count > 0) this.put(2 ** (8 - this.#count) - 1, 8 - this.#count);
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}
