/** May a pulse be sent now? Keeps what was seen of one barrier, and what was sent to it. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { BarrierPosition } from './barrier.ts';

export interface ArmedTimes {
  /** How long it must have been closed without a break, ms. */
  readonly stillMs: number;
  /** The same after a start, ms: longer than the slowest barrier takes to leave its closed position after a pulse. */
  readonly afterStartMs: number;
}

/** Looks that are further apart do not belong together, ms. */
const freshMs = 2500;

export class Armed {
  readonly #times: ArmedTimes;
  #stillMs: number;
  #closedSinceMs: number | undefined;
  #sawAtMs = Number.NEGATIVE_INFINITY;
  #opened: 'not-sent' | 'awaited' | 'seen' = 'not-sent';
  #closeSpent = false;

  constructor(times: ArmedTimes) {
    this.#times = times;
    this.#stillMs = times.afterStartMs;
  }

  /** Each look, in order. */
  saw(position: BarrierPosition, nowMs: number): void {
    if (nowMs - this.#sawAtMs > freshMs) this.#closedSinceMs = undefined;
    this.#sawAtMs = nowMs;
    if (position !== 'closed') {
      this.#closedSinceMs = undefined;
      if (position === 'not-closed' && this.#opened === 'awaited') this.#opened = 'seen';
      return;
    }
    this.#closedSinceMs ??= nowMs;
    if (nowMs - this.#closedSinceMs < this.#stillMs) return;
    this.#stillMs = this.#times.stillMs;
    // Open, then closed and still: the pulse has done what it was sent for.
    if (this.#opened === 'seen') this.#opened = 'not-sent';
    this.#closeSpent = false;
  }

  mayPulse(nowMs: number): Verdict<object> {
    // Seen to open, and closed again: a no for now alone.
    const isBack = this.#opened === 'seen' && this.#closedSinceMs !== undefined;
    if (this.#opened !== 'not-sent' && !isBack) return refuse('BARRIER_SPENT');
    const isStill = this.#closedSinceMs !== undefined && this.#sawAtMs - this.#closedSinceMs >= this.#stillMs;
    return isStill && nowMs - this.#sawAtMs <= freshMs ? accept({}) : refuse('BARRIER_NOT_PROVEN');
  }

  /** Before it goes out. */
  pulsed(): void {
    this.#opened = 'awaited';
  }

  /** It is certain that it did not go out. */
  notPulsed(): void {
    this.#opened = 'not-sent';
  }

  mayClose(position: BarrierPosition | undefined): Verdict<object> {
    if (this.#closeSpent) return refuse('BARRIER_SPENT');
    return position === 'not-closed' ? accept({}) : refuse('BARRIER_NOT_PROVEN');
  }

  /** Before it is told to close. */
  closing(): void {
    this.#closeSpent = true;
  }
}
