/** Bytes of descriptor 3 -> raw frames of a fixed size, of which only a hash is kept. Pure. */
import { createHash } from 'node:crypto';
import type { Raw } from '../camera.ts';

export class RawFrames {
  readonly #frameBytes: number;
  #hash = createHash('sha256');
  #taken = 0;
  #startedAtMs = 0;

  /** @param size  in pixels, one byte each */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#frameBytes = width * height;
  }

  /**
   * @param chunk  1..n bytes, cut anywhere
   * @param atMs   when it was read
   * @returns the frames that it completes, in order
   */
  push(chunk: Uint8Array, atMs: number): readonly Raw[] {
    const found: Raw[] = [];
    for (let from = 0; from < chunk.length; ) {
      if (this.#taken === 0) this.#startedAtMs = atMs;
      const piece = chunk.subarray(from, from + this.#frameBytes - this.#taken);
      this.#hash.update(piece);
      this.#taken += piece.length;
      from += piece.length;
      if (this.#taken < this.#frameBytes) break;
      found.push({ atMs: this.#startedAtMs, hash: this.#hash.digest('hex').slice(0, 32) });
      this.#hash = createHash('sha256');
      this.#taken = 0;
    }
    return found;
  }
}
