/** A clock that is wound by hand: system time and monotonic time can be moved together or apart. */
import type { Clock } from '../../device/clock/clock.ts';

export class WoundClock implements Clock {
  wallMs: number;
  monoMs = 1000;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  constructor(wallMs: number) {
    this.wallMs = wallMs;
  }

  now(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return this.monoMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.monoMs + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Time passes, on both clocks; timers that fall due call back in order. */
  pass(ms: number): void {
    const untilMs = this.monoMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.wallMs += due.atMs - this.monoMs;
      this.monoMs = due.atMs;
      due.callback();
    }
    this.wallMs += untilMs - this.monoMs;
    this.monoMs = untilMs;
  }
}
