/** A clock that stands still until it is wound; what falls due on the way is settled before time goes on. */
import type { Clock } from '../../../device/clock/clock.ts';

/** Lets everything run that waits for no clock. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

export class WoundClock implements Clock {
  /** `dead`: timers never fire. `throws`: every call throws. `nan`: no time of day. */
  fault: 'none' | 'dead' | 'throws' | 'nan' = 'none';
  #now = 0;
  readonly #waiting = new Set<{ due: number; callback: () => void }>();

  now(): number {
    this.#maybeThrow();
    return this.fault === 'nan' ? Number.NaN : 1_790_000_000_000 + this.#now;
  }

  monotonic(): number {
    this.#maybeThrow();
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    this.#maybeThrow();
    const waiting = { due: this.#now + ms, callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** Winds on by `ms`. */
  async wind(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#now = Math.max(next.due, this.#now);
      if (this.fault === 'none' || this.fault === 'nan') next.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): { due: number; callback: () => void } | undefined {
    const due = [...this.#waiting].filter((one) => one.due <= end);
    return due.sort((a, b) => a.due - b.due)[0];
  }

  #maybeThrow(): void {
    if (this.fault === 'throws') throw new RangeError('no clock');
  }
}
