/** Fields of Nuki messages, all little-endian: a cursor that reads them and a list that writes them. */

/** `YYYY-MM-DDThh:mm:ss` in UTC as 7 bytes. Kept in parts: a lock whose clock was never set says things that are no date. */
export interface LockTime {
  readonly year: number;
  /** 1..12; 0 in a lock that has no time. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** @returns ms since the epoch, or undefined when the parts are no date */
export function toEpochMs({ year, month, day, hour, minute, second }: LockTime): number | undefined {
  if (year < 2000 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** As `toEpochMs`, in seconds. */
export function toEpochS(time: LockTime): number | undefined {
  const ms = toEpochMs(time);
  return ms === undefined ? undefined : ms / 1000;
}

/** @param epochMs  from 2000 to 2099 */
export function toLockTime(epochMs: number): LockTime {
  const date = new Date(epochMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** Reads fields in order. Past the end each read gives zeros: ask `has` first. */
export class FieldReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  has(count: number): boolean {
    return this.#at + count <= this.#bytes.length;
  }

  u8(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }

  i8(): number {
    return this.#number(1, (at) => this.#view.getInt8(at));
  }

  u16(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }

  i16(): number {
    return this.#number(2, (at) => this.#view.getInt16(at, true));
  }

  u32(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, true));
  }

  f32(): number {
    return this.#number(4, (at) => this.#view.getFloat32(at, true));
  }

  /** A copy. */
  bytes(count: number): Uint8Array {
    const taken = this.#bytes.slice(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  /** Cut at the first NUL, and read leniently: there may be garbage behind it. */
  text(count: number): string {
    const field = this.bytes(count);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
  }

  time(): LockTime {
    const year = this.u16();
    const [month, day, hour, minute, second] = [this.u8(), this.u8(), this.u8(), this.u8(), this.u8()];
    return { year, month, day, hour, minute, second };
  }

  /** `hour u8, minute u8` as minutes since midnight. */
  minute(): number {
    return this.u8() * 60 + this.u8();
  }

  /** Whether a byte that says yes or no says yes. */
  flag(): boolean {
    return this.u8() !== 0;
  }

  #number(size: number, read: (at: number) => number): number {
    const at = this.#at;
    this.#at += size;
    return at + size <= this.#bytes.length ? read(at) : 0;
  }
}

/** To be spread: nothing where there is no value. */
export const given = <K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [N in K]: V });

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);
export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
export const f32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
};

/** UTF-8, padded with zeros to `size`; what is longer is cut between characters. */
export function text(value: string, size: number): Uint8Array {
  const field = new Uint8Array(size);
  new TextEncoder().encodeInto(value, field);
  return field;
}

export const time = ({ year, month, day, hour, minute, second }: LockTime): Uint8Array =>
  Uint8Array.of(year & 0xff, year >> 8, month, day, hour, minute, second);

/** Minutes since midnight as `hour u8, minute u8`. */
export const minute = (value: number): Uint8Array => Uint8Array.of(Math.floor(value / 60), value % 60);

export const flag = (is: boolean): Uint8Array => u8(is ? 1 : 0);

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
