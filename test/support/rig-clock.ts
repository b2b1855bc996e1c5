/** Clocks of a rig: one time that can be wound forward, and the hub's own reading of it, which can fail. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../device/clock/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
  handle: NodeJS.Timeout;
}

/** A line that hears nothing for 8 s is taken as gone, and a record that takes 2 s has failed: time passes in steps that are shorter. */
const stepMs = 1_500;
/** A reply may take 200 ms. */
const hasteMs = 60;

/** The time of everybody in a rig: this machine's, plus what it was wound forward. */
export class RigTime implements Clock {
  /** Waited for after each step of `pass`: what others need to have done by then. */
  settle: () => Promise<void> = () => pause(50);
  #aheadMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  monotonic(): number {
    return performance.now() + this.#aheadMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { dueMs: this.monotonic() + ms, callback, handle: setTimeout(() => this.#fire(timer), ms) };
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer.handle);
      this.#timers.delete(timer);
    };
  }

  /** `ms` pass at once, as for a machine that was asleep: whatever fell due calls back in the next turns, once. */
  wind(ms: number): void {
    this.#aheadMs += ms;
    const nowMs = this.monotonic();
    for (const timer of [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)) {
      clearTimeout(timer.handle);
      timer.handle = setTimeout(() => this.#fire(timer), Math.max(0, timer.dueMs - nowMs));
    }
  }

  /** Lets `ms` pass in steps that no connection notices; a single question to a lock may go unanswered on the way. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.wind(Math.min(stepMs, left));
      await this.settle();
    }
  }

  /** Lets `ms` pass about fifteen times as fast as they would: slow enough for every answer of a lock to come in its time. */
  async hasten(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= hasteMs) {
      this.wind(Math.min(hasteMs, left));
      await pause(4);
    }
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.callback();
  }
}

/** How the time of day of a hub fails. `stopped`: it shows the same for ever. */
export type ClockFailure = 'throws' | 'nan' | 'stopped';

/** The hub's clock: the rig's time, until its time of day is set wrong or fails. */
export class HubClock implements Clock {
  readonly #time: RigTime;
  #offMs = 0;
  #failure: ClockFailure | undefined;
  #stoppedAt = 0;

  constructor(time: RigTime) {
    this.#time = time;
  }

  now(): number {
    if (this.#failure === 'throws') throw new RangeError('the clock is broken');
    if (this.#failure === 'nan') return Number.NaN;
    return this.#failure === 'stopped' ? this.#stoppedAt : this.#time.now() + this.#offMs;
  }

  monotonic(): number {
    return this.#time.monotonic();
  }

  after(ms: number, callback: () => void): () => void {
    return this.#time.after(ms, callback);
  }

  /** Sets the time of day wrong by `ms`, as a dead battery or a false server would. 0 mends it. */
  setOff(ms: number): void {
    this.#offMs = ms;
  }

  fail(how: ClockFailure): void {
    this.#stoppedAt = this.#time.now() + this.#offMs;
    this.#failure = how;
  }

  mend(): void {
    this.#failure = undefined;
  }
}
