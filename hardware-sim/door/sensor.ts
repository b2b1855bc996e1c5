/** A sensor at the door with its wires: what it tells follows the truth, until something is wrong with it. */
import type { Clock } from '../clock.ts';

/** What arrives at the terminals: a level, or the fault of a supervised loop. */
export type Reading = 'yes' | 'no' | 'wire-cut';

export type SensorFault =
  | { readonly is: 'stuck'; readonly reading: 'yes' | 'no' }
  | { readonly is: 'flapping'; readonly everyMs: number }
  | { readonly is: 'wire-cut' };

export class Sensor {
  readonly #clock: Clock;
  readonly #truth: () => boolean;
  readonly #onChange: () => void;
  #fault: SensorFault | undefined;
  #flap = false;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, truth: () => boolean, onChange: () => void) {
    this.#clock = clock;
    this.#truth = truth;
    this.#onChange = onChange;
  }

  read(): Reading {
    if (this.#fault?.is === 'wire-cut') return 'wire-cut';
    if (this.#fault?.is === 'stuck') return this.#fault.reading;
    return this.#truth() !== this.#flap ? 'yes' : 'no';
  }

  /** @param fault  undefined mends it */
  set(fault: SensorFault | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#flap = false;
    this.#fault = fault;
    if (fault?.is === 'flapping') this.#flapEvery(fault.everyMs);
    this.#onChange();
  }

  #flapEvery(everyMs: number): void {
    this.#cancel = this.#clock.after(everyMs, () => {
      this.#flap = !this.#flap;
      this.#onChange();
      this.#flapEvery(everyMs);
    });
  }
}
