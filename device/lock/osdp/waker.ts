/** A wait that ends early when someone calls. */
import type { Clock } from '../../clock/clock.ts';

export class Waker {
  readonly #clock: Clock;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms`, or at the next `wake`. One waits at a time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#end = undefined;
        resolve();
      };
      const cancel = this.#clock.after(Math.max(0, ms), end);
      this.#end = end;
    });
  }

  wake(): void {
    this.#end?.();
  }
}
