/** A bell button: closed for as long as somebody's finger is on it. */
import type { Clock } from '../clock.ts';

const fingerMs = 200;

export class Bell {
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #cancel: (() => void) | undefined;

  /** @param onChange  called when it is pressed and when it is let go */
  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get isPressed(): boolean {
    return this.#cancel !== undefined;
  }

  /** Pressed until `forMs` from now; pressed again while it is, the later time counts. */
  press(forMs = fingerMs): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(forMs, () => {
      this.#cancel = undefined;
      this.#onChange();
    });
    this.#onChange();
  }
}
