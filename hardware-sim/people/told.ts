/** What somebody has been told, in order, and waiting for the next of a kind. */
import type { Clock } from '../clock.ts';

/** Kept in memory; the oldest give way. */
const maxKept = 10_000;

export class Told<T> {
  readonly #clock: Clock;
  readonly #items: T[] = [];
  readonly #listeners = new Set<(item: T) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  tell(item: T): void {
    this.#items.push(item);
    if (this.#items.length > maxKept) this.#items.shift();
    for (const listener of this.#listeners) listener(item);
  }

  /** @returns unsubscribe */
  on(listener: (item: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits for an item that matches; one that is there already counts.
   * @param withinMs  how long at most
   * @returns undefined when none came in time
   */
  until<U extends T>(match: (item: T) => item is U, withinMs: number): Promise<U | undefined>;
  until(match: (item: T) => boolean, withinMs: number): Promise<T | undefined>;
  until(match: (item: T) => boolean, withinMs: number): Promise<T | undefined> {
    const there = this.#items.find(match);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve) => {
      const done = (item: T | undefined): void => {
        cancel();
        forget();
        resolve(item);
      };
      const cancel = this.#clock.after(withinMs, () => done(undefined));
      const forget = this.on((item) => {
        if (match(item)) done(item);
      });
    });
  }
}
