/** The clock of a Nuki lock against ours: how far off it is, and setting it. */
import type { Clock } from '../../clock/clock.ts';
import { command } from './command.ts';
import { type LockTime, time, toEpochMs, toLockTime } from './fields.ts';
import type { Guarded } from './guarded.ts';
import type { Pin } from './pin.ts';

const limitMs = 30_000;
const everyMs = 3_600_000;

export interface DriftOptions {
  readonly guarded: Guarded;
  readonly pin: Pin;
  readonly clock: Clock;
  /** Trusted time, ms since the epoch; undefined while there is none: then the clock of the lock is left alone. */
  readonly now: () => number | undefined;
  /** `driftMs` is undefined when the lock had no time at all. */
  readonly onDrift: (driftMs: number | undefined, corrected: boolean) => void;
}

/** Drift shifts the log and codes that are limited in time. Setting needs the PIN. */
export class ClockDrift {
  readonly #options: DriftOptions;
  #atMs: number | undefined;

  constructor(options: DriftOptions) {
    this.#options = options;
  }

  /** Sets the clock of the lock when it is more than 30 s off, at most once an hour. Never throws. */
  async check(said: LockTime): Promise<void> {
    const { now, clock, pin, onDrift } = this.#options;
    const [trustedMs, lockMs] = [now(), toEpochMs(said)];
    if (trustedMs === undefined) return;
    const driftMs = lockMs === undefined ? undefined : lockMs - trustedMs;
    if (driftMs !== undefined && Math.abs(driftMs) <= limitMs) return;
    if (this.#atMs !== undefined && clock.monotonic() - this.#atMs < everyMs) return;
    this.#atMs = clock.monotonic();
    onDrift(driftMs, pin.isFit && (await this.#set()));
  }

  async #set(): Promise<boolean> {
    const { guarded, now } = this.#options;
    const nowMs = now();
    if (nowMs === undefined) return false;
    const order = { command: command.updateTime, body: time(toLockTime(nowMs)), needs: 'pin' } as const;
    return guarded.do(order).then(
      () => true,
      () => false,
    );
  }
}
