/** The latch that a strike lets go: it takes its time both ways, and can jam. */
import type { Clock } from '../clock.ts';

/** `free`: the leaf can be pulled open. */
export type LatchAt = 'home' | 'leaving' | 'free' | 'returning';

export class Latch {
  readonly #clock: Clock;
  readonly #travelMs: number;
  readonly #onArrival: (at: 'home' | 'free') => void;
  #at: LatchAt = 'home';
  #cancel: (() => void) | undefined;
  #pulled = false;
  #slipped = false;
  #jammed: 'free' | 'home' | undefined;

  constructor(clock: Clock, travelMs: number, onArrival: (at: 'home' | 'free') => void) {
    this.#clock = clock;
    this.#travelMs = travelMs;
    this.#onArrival = onArrival;
  }

  get at(): LatchAt {
    return this.#at;
  }

  /** The strike's coil holds it or lets it return. */
  pull(on: boolean): void {
    this.#pulled = on;
    this.#move();
  }

  /** Held back by hand, or let go. */
  slip(on: boolean): void {
    this.#slipped = on;
    this.#move();
  }

  /** `free`: once free it does not return. `home`: it does not leave. Undefined: mended, it goes where it belongs. */
  jam(where: 'free' | 'home' | undefined): void {
    this.#jammed = where;
    this.#move();
  }

  #move(): void {
    const wanted = this.#pulled || this.#slipped ? 'free' : 'home';
    const isFree = this.#at === 'free' || this.#at === 'leaving';
    if (isFree === (wanted === 'free')) return;
    if (this.#jammed === 'free' && wanted === 'home' && isFree) return;
    if (this.#jammed === 'home' && wanted === 'free') return;
    this.#cancel?.();
    this.#at = wanted === 'free' ? 'leaving' : 'returning';
    this.#cancel = this.#clock.after(this.#travelMs, () => {
      this.#cancel = undefined;
      this.#at = wanted;
      this.#onArrival(wanted);
      this.#move();
    });
  }
}
