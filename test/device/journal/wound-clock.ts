/** A clock that stands until it is wound, for what waits. */
import type { Clock } from '../../../device/clock/clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly callback: () => void;
}

export class WoundClock implements Clock {
  #ms = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return 1_790_000_000_000 + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  after(ms: number, callback: () => void): () => void {
    const one = { dueMs: this.#ms + ms, callback };
    this.#waiting.add(one);
    return () => this.#waiting.delete(one);
  }

  /** Moves on by `ms` and calls what is due, in order. */
  wind(ms: number): void {
    const endMs = this.#ms + ms;
    for (;;) {
      const next = [...this.#waiting].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.#waiting.delete(next);
      this.#ms = Math.max(this.#ms, next.dueMs);
      next.callback();
    }
    this.#ms = endMs;
  }

  /** How many callbacks wait. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
