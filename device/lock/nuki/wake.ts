/** How long a lock is kept awake: while something is asked of it, and a little longer, so that the next need not wait. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';

export interface WakeOptions {
  readonly clock: Clock;
  readonly lingerMs: number;
  /** Lets go of the lock. */
  readonly rest: () => Promise<void>;
}

export class Wake {
  readonly #options: WakeOptions;
  #isRunning = false;
  #busy = 0;
  #cancel: () => void = () => undefined;

  constructor(options: WakeOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#busy > 0;
  }

  start(): void {
    this.#isRunning = true;
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancel();
  }

  /** Keeps the connection while `run` runs, and for a while after the last. @throws Fault LOCK_UNAVAILABLE when it is not started */
  async run<T>(run: () => Promise<T>): Promise<T> {
    if (!this.#isRunning) throw new Fault('LOCK_UNAVAILABLE');
    this.#cancel();
    this.#busy += 1;
    try {
      return await run();
    } finally {
      this.#busy -= 1;
      const { clock, lingerMs, rest } = this.#options;
      if (this.#busy === 0 && this.#isRunning) this.#cancel = clock.after(lingerMs, () => void rest());
    }
  }
}
