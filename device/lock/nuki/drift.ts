/** The clock of a Nuki lock against ours: how far off it is, and setting it. */
import type { Clock } from '../../clock/clock.ts';
import { command } from './command.ts';
import type { Credentials } from './credentials.ts';
import { join, type LockTime, time, toEpochMs, toLockTime, u16, u32 } from './fields.ts';
import { type NukiSession, Reported } from './session.ts';

const limitMs = 30_000;
const everyMs = 3_600_000;

export interface DriftOptions {
  readonly session: NukiSession;
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** Trusted time, ms since the epoch; undefined while there is none: then the clock of the lock is left alone. */
  readonly now: () => number | undefined;
  /** `driftMs` is undefined when the lock had no time at all. */
  readonly onDrift: (driftMs: number | undefined, corrected: boolean) => void;
}

/** Drift shifts the log and codes that are limited in time. Setting needs the PIN, and a wrong one is never tried twice. */
export class ClockDrift {
  readonly #options: DriftOptions;
  #atMs: number | undefined;
  #isPinFit = true;

  constructor(options: DriftOptions) {
    this.#options = options;
  }

  /** Sets the clock of the lock when it is more than 30 s off, at most once an hour. Never throws. */
  async check(said: LockTime): Promise<void> {
    const { now, clock, credentials, onDrift } = this.#options;
    const [trustedMs, lockMs] = [now(), toEpochMs(said)];
    if (trustedMs === undefined) return;
    const driftMs = lockMs === undefined ? undefined : lockMs - trustedMs;
    if (driftMs !== undefined && Math.abs(driftMs) <= limitMs) return;
    if (this.#atMs !== undefined && clock.monotonic() - this.#atMs < everyMs) return;
    this.#atMs = clock.monotonic();
    const { pin } = credentials;
    onDrift(driftMs, pin !== undefined && this.#isPinFit && (await this.#set(trustedMs, pin)));
  }

  async #set(epochMs: number, pin: number): Promise<boolean> {
    const { session, credentials } = this.#options;
    try {
      await session.exchange(async () => {
        const nonce = await session.challenge();
        const pinBytes = credentials.variant === 'newer' ? u32(pin) : u16(pin);
        await session.send({ command: command.updateTime, payload: join(time(toLockTime(epochMs)), nonce, pinBytes) });
        await session.expect(command.status);
      });
      return true;
    } catch (cause) {
      if (cause instanceof Reported) this.#isPinFit = false;
      return false;
    }
  }
}
