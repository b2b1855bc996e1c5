/**
 * MJPEG as it comes from a pipe -> whole JPEGs. Pure.
 *
 * Pictures are found by their markers, not by searching for FF D9: segments are skipped by their length (a thumbnail in APP1 has a
 * FF D9 of its own), and in entropy-coded data FF is followed by 00 or a restart marker unless a segment begins.
 * A picture is complete with its last byte: nothing waits for the next one.
 *
 * @see ITU-T T.81, B.1.1 (markers), B.2 (syntax), F.1.2.3 (byte stuffing)
 */
import { createHash } from 'node:crypto';

/** One complete JPEG. */
export interface Jpeg {
  readonly atMs: number;
  /** FF D8 to FF D9; a copy. */
  readonly data: Uint8Array;
  /** Of all but APPn and COM segments: what was seen, not when. 32 hexadecimal digits. */
  readonly hash: string;
}

export type JpegEvent =
  | ({ readonly is: 'picture' } & Jpeg)
  /** A picture outgrew the limit and was dropped. */
  | { readonly is: 'too-big' };

const mark = 0xff;
const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;

/** Stand alone, without length: TEM and the restart markers. */
const isLone = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd7);
/** Begins a segment with a length: SOF to SOF15 and DHT, DAC (C0..CF), SOS to COM (DA..FE). */
const isSegment = (code: number): boolean => (code >= 0xc0 && code <= 0xcf) || (code >= 0xda && code <= 0xfe);
const isAside = (code: number): boolean => (code >= 0xe0 && code <= 0xef) || code === comment;

type Place = 'outside' | 'marker' | 'scan';

export class JpegSplitter {
  readonly #buffer: Uint8Array;
  /** Where the picture begins, or what is not looked through yet. */
  #from = 0;
  /** Up to here the picture has been read. */
  #at = 0;
  #end = 0;
  #place: Place = 'outside';
  #hasScan = false;
  #startedAtMs = 0;
  /** From-to pairs that do not count for the hash. */
  #asides: [number, number][] = [];

  /** @param maxBytes  largest picture; the splitter holds no more than that */
  constructor(maxBytes: number) {
    this.#buffer = new Uint8Array(maxBytes + 1);
  }

  /**
   * @param chunk  1..n bytes, cut anywhere; garbage between pictures is skipped
   * @param atMs   when it was read
   * @returns the pictures that it completes, in order
   */
  push(chunk: Uint8Array, atMs: number): readonly JpegEvent[] {
    const found: JpegEvent[] = [];
    for (let rest = chunk; rest.length > 0; ) {
      this.#compact();
      if (this.#end === 0) this.#startedAtMs = atMs;
      const taken = Math.min(rest.length, this.#buffer.length - this.#end);
      this.#buffer.set(rest.subarray(0, taken), this.#end);
      this.#end += taken;
      rest = rest.subarray(taken);
      this.#scan(found, atMs);
      if (this.#end - this.#from < this.#buffer.length) continue;
      // The rest of a picture that is dropped holds no start of another and is skipped as garbage.
      found.push({ is: 'too-big' });
      this.#restart(this.#end, atMs);
    }
    return found;
  }

  #scan(found: JpegEvent[], atMs: number): void {
    for (;;) {
      if (this.#place === 'outside' && !this.#begin(atMs)) return;
      const code = this.#place === 'scan' ? this.#skipScan() : this.#nextMarker();
      if (code === undefined) return;
      if (code === endOfImage && this.#hasScan) {
        this.#at += 2;
        found.push(this.#picture());
        this.#restart(this.#at, atMs);
      } else if (isLone(code)) this.#at += 2;
      else if (!isSegment(code)) this.#abandon(atMs);
      else if (!this.#skipSegment(code, atMs)) return;
    }
  }

  /** Finds FF D8 and drops what stands before it. @returns whether a picture has begun */
  #begin(atMs: number): boolean {
    const bytes = this.#buffer.subarray(0, this.#end);
    let start = bytes.indexOf(mark, this.#from);
    while (start !== -1 && start + 1 < this.#end && bytes[start + 1] !== startOfImage) {
      start = bytes.indexOf(mark, start + 1);
    }
    if (start !== this.#from) this.#restart(start === -1 ? this.#end : start, atMs);
    if (this.#end - this.#from < 2) return false;
    this.#at = this.#from + 2;
    this.#place = 'marker';
    return true;
  }

  /** @returns the code of the marker that stands at `#at`, once both of its bytes are here; 0 where none stands */
  #nextMarker(): number | undefined {
    // Any number of FF may stand before a marker (B.1.1.2).
    while (this.#at + 1 < this.#end && this.#buffer[this.#at] === mark && this.#buffer[this.#at + 1] === mark) {
      this.#at += 1;
    }
    if (this.#at + 1 >= this.#end) return undefined;
    return this.#buffer[this.#at] === mark ? this.#buffer[this.#at + 1] : 0;
  }

  /** Skips entropy-coded data. @returns the code of the marker that ends it */
  #skipScan(): number | undefined {
    const bytes = this.#buffer.subarray(0, this.#end);
    for (;;) {
      const next = bytes.indexOf(mark, this.#at);
      this.#at = next === -1 ? this.#end : next;
      if (this.#at + 1 >= this.#end) return undefined;
      const code = bytes[this.#at + 1]!;
      if (code !== 0 && code !== mark && !isLone(code)) return code;
      this.#at += code === mark ? 1 : 2;
    }
  }

  /** @returns false when the segment is not whole yet */
  #skipSegment(code: number, atMs: number): boolean {
    if (this.#at + 4 > this.#end) return false;
    const length = (this.#buffer[this.#at + 2]! << 8) | this.#buffer[this.#at + 3]!;
    if (length < 2) {
      this.#abandon(atMs);
      return true;
    }
    if (this.#at + 2 + length > this.#end) return false;
    if (isAside(code)) this.#asides.push([this.#at - this.#from, this.#at + 2 + length - this.#from]);
    this.#at += 2 + length;
    this.#place = code === startOfScan ? 'scan' : 'marker';
    this.#hasScan ||= code === startOfScan;
    return true;
  }

  #picture(): JpegEvent {
    const data = this.#buffer.slice(this.#from, this.#at);
    const hash = createHash('sha256');
    let from = 0;
    for (const [start, end] of this.#asides) {
      hash.update(data.subarray(from, start));
      from = end;
    }
    hash.update(data.subarray(from));
    return { is: 'picture', atMs: this.#startedAtMs, data, hash: hash.digest('hex').slice(0, 32) };
  }

  /** This was no picture: look for the next start behind its first byte. */
  #abandon(atMs: number): void {
    this.#restart(this.#from + 1, atMs);
  }

  /** What stands behind `from` came with the chunk that is read now, or begins anew with it. */
  #restart(from: number, atMs: number): void {
    this.#from = from;
    this.#at = from;
    this.#place = 'outside';
    this.#hasScan = false;
    this.#asides = [];
    this.#startedAtMs = atMs;
  }

  #compact(): void {
    if (this.#from === 0) return;
    this.#buffer.copyWithin(0, this.#from, this.#end);
    this.#at -= this.#from;
    this.#end -= this.#from;
    this.#from = 0;
  }
}
