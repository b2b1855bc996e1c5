/** Finds frames in a stream of bytes that may hold noise. */
import { type Frame, maxFrameBytes, minFrameBytes, parseFrame, som } from './frame.ts';

/** What was found: a good frame, or bytes with the outline of one whose check is wrong. `startMs` is when its SOM came. */
export type Found =
  | { readonly is: 'frame'; readonly frame: Frame; readonly startMs: number }
  | { readonly is: 'damaged'; readonly address: number; readonly sequence: number; readonly startMs: number };

/** Hunts SOM, checks LEN, waits for LEN bytes, verifies; after a failure goes on one byte behind that SOM (reference 2). */
export class FrameReader {
  #bytes: number[] = [];
  #times: number[] = [];
  #at = 0;

  /**
   * @param startMs  when the first byte of the chunk began on the line
   * @param byteMs   how long each byte takes, 0 when the line is not paced
   */
  push(chunk: Uint8Array, startMs = 0, byteMs = 0): Found[] {
    chunk.forEach((byte, i) => {
      this.#bytes.push(byte);
      this.#times.push(startMs + i * byteMs);
    });
    const found: Found[] = [];
    for (let one = this.#next(); one !== undefined; one = this.#next()) found.push(one);
    this.#forgetRead();
    return found;
  }

  /** Forgets a frame that never ended: the line was idle for longer than bytes of one frame may be apart. */
  reset(): void {
    this.#bytes = [];
    this.#times = [];
    this.#at = 0;
  }

  #next(): Found | undefined {
    for (;;) {
      const at = this.#bytes.indexOf(som, this.#at);
      this.#at = at === -1 ? this.#bytes.length : at;
      const have = this.#bytes.length - this.#at;
      if (have < 4) return undefined;
      const length = this.#bytes[this.#at + 2]! | (this.#bytes[this.#at + 3]! << 8);
      if (length < minFrameBytes || length > maxFrameBytes) {
        this.#at += 1;
        continue;
      }
      if (have < length) return undefined;
      const bytes = Uint8Array.from(this.#bytes.slice(this.#at, this.#at + length));
      const startMs = this.#times[this.#at]!;
      const frame = parseFrame(bytes);
      this.#at += frame ? length : 1;
      if (frame) return { is: 'frame', frame, startMs };
      return { is: 'damaged', address: bytes[1]! & 0x7f, sequence: bytes[4]! & 0x03, startMs };
    }
  }

  #forgetRead(): void {
    this.#bytes.splice(0, this.#at);
    this.#times.splice(0, this.#at);
    this.#at = 0;
  }
}
