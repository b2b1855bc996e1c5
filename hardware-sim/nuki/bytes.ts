/** Fields of Nuki messages, little endian, one after another: read and written. */

/** Reads fields in order. Past the end it gives zeros and is not `done` any more, so one check at the end is enough. */
export class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether exactly all bytes were read. */
  get done(): boolean {
    return !this.#isShort && this.#at === this.#bytes.length;
  }

  /** Bytes not read yet. */
  get left(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  take(count: number): Uint8Array {
    const taken = new Uint8Array(count);
    const found = this.#bytes.subarray(this.#at, this.#at + count);
    taken.set(found);
    if (found.length < count) this.#isShort = true;
    this.#at += count;
    return taken;
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    return this.#view(2).getUint16(0, true);
  }

  u32(): number {
    return this.#view(4).getUint32(0, true);
  }

  i16(): number {
    return this.#view(2).getInt16(0, true);
  }

  f32(): number {
    return this.#view(4).getFloat32(0, true);
  }

  /** UTF-8, cut at the first NUL. */
  text(size: number): string {
    const bytes = this.take(size);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
  }

  /** 7 bytes of date and time (UTC). @returns ms since the epoch; NaN for a day that no calendar has */
  time(): number {
    const year = this.u16();
    const [month, day, hour, minute, second] = [this.u8(), this.u8(), this.u8(), this.u8(), this.u8()];
    const at = Date.UTC(year, month - 1, day, hour, minute, second);
    const fits =
      month >= 1 && month <= 12 && new Date(at).getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    return fits ? at : Number.NaN;
  }

  #view(count: number): DataView {
    return new DataView(this.take(count).buffer);
  }
}

/** Writes fields in order. */
export class Fields {
  readonly #bytes: number[] = [];

  u8(...values: readonly number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  /** 16 bits, of a signed number as well. */
  u16(...values: readonly number[]): this {
    for (const value of values) this.u8(value, value >> 8);
    return this;
  }

  u32(value: number): this {
    return this.u8(value, value >>> 8, value >>> 16, value >>> 24);
  }

  f32(value: number): this {
    return this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  raw(bytes: Iterable<number>): this {
    return this.u8(...bytes);
  }

  /** UTF-8, cut at a whole character, padded with zeros to `size`. */
  text(value: string, size: number): this {
    const field = new Uint8Array(size);
    new TextEncoder().encodeInto(value, field);
    return this.raw(field);
  }

  /** @param ms  since the epoch */
  time(ms: number): this {
    const at = new Date(ms);
    return this.u16(at.getUTCFullYear()).u8(
      at.getUTCMonth() + 1,
      at.getUTCDate(),
      at.getUTCHours(),
      at.getUTCMinutes(),
      at.getUTCSeconds(),
    );
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
