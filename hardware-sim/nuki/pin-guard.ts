/** The security PIN: checked, and guarded against those who try (reference 6 C, 14). */
import type { Clock } from '../clock.ts';
import { errors } from './codes.ts';

/** After so many wrong ones in a row nobody may try for a while. */
export const maxPinAttempts = 5;
export const pinLockoutMs = 60_000;

export class PinGuard {
  readonly #clock: Clock;
  #pin: number;
  #wrong = 0;
  #lockedUntilMs = 0;

  /** @param pin  0: none is set, and any will do */
  constructor(pin: number, clock: Clock) {
    this.#pin = pin;
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#pin !== 0;
  }

  /** 0: none is set. */
  get pin(): number {
    return this.#pin;
  }

  set(pin: number): void {
    this.#pin = pin;
  }

  /** @returns why not, as an error code */
  refuses(pin: number): number | undefined {
    if (!this.isSet) return undefined;
    const now = this.#clock.monotonic();
    if (now < this.#lockedUntilMs) return errors.tooManyPinAttempts;
    if (pin === this.#pin) {
      this.#wrong = 0;
      return undefined;
    }
    this.#wrong += 1;
    if (this.#wrong < maxPinAttempts) return errors.badPin;
    this.#wrong = 0;
    this.#lockedUntilMs = now + pinLockoutMs;
    return errors.tooManyPinAttempts;
  }
}
