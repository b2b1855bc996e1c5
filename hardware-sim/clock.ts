/** Time for the simulated street: of this machine, or wound by hand. */

/** What everything here waits and dates with. The hub's clock has the same shape, so one wound clock can drive both. */
export interface Clock {
  /** Time of day, ms since the epoch. */
  now(): number;
  /** Never goes back, ms from an arbitrary start. */
  monotonic(): number;
  /** Calls back once after at least `ms`. @returns cancel */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of this machine. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

interface Waiting {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until `advance` winds it: what falls due is called in order of time, then of asking. */
export class SimClock implements Clock {
  #nowMs: number;
  #elapsedMs = 0;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  /** @param startMs  time of day at the start, ms since the epoch */
  constructor(startMs = Date.UTC(2026, 0, 5, 9, 0, 0)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  after(ms: number, callback: () => void): () => void {
    const waiting: Waiting = { dueMs: this.#elapsedMs + Math.max(0, ms), order: this.#order++, callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** Winds both times forward by `ms`; calls back all that falls due on the way, at its own moment. */
  advance(ms: number): void {
    const endMs = this.#elapsedMs + ms;
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#waiting.delete(due);
      this.#goTo(Math.max(due.dueMs, this.#elapsedMs));
      due.callback();
    }
    this.#goTo(endMs);
  }

  /** Sets the time of day alone, as a false time server would; `monotonic` and what waits do not notice. */
  setTimeOfDay(ms: number): void {
    this.#nowMs = ms;
  }

  /** Until the next callback falls due, ms; undefined while none waits. */
  get dueInMs(): number | undefined {
    const first = this.#next(Number.POSITIVE_INFINITY);
    return first && Math.max(0, first.dueMs - this.#elapsedMs);
  }

  /** How many callbacks wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  #goTo(elapsedMs: number): void {
    this.#nowMs += elapsedMs - this.#elapsedMs;
    this.#elapsedMs = elapsedMs;
  }

  #next(endMs: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > endMs) continue;
      if (!first || waiting.dueMs < first.dueMs || (waiting.dueMs === first.dueMs && waiting.order < first.order)) {
        first = waiting;
      }
    }
    return first;
  }
}

/** A clock whose waiting callbacks can all be dropped at once, so that a stopped home leaves nothing behind. */
export function stoppable(clock: Clock): { readonly clock: Clock; stop(): void } {
  const cancels = new Set<() => void>();
  const after: Clock['after'] = (ms, callback) => {
    const cancel = clock.after(ms, () => {
      cancels.delete(cancel);
      callback();
    });
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  };
  return {
    clock: { now: () => clock.now(), monotonic: () => clock.monotonic(), after },
    stop: () => {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}
