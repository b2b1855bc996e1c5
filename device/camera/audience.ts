/** Those who listen to one thing. */

export class Audience<T> {
  readonly #listeners = new Set<(what: T) => void>();

  /** @returns unsubscribe */
  join(listener: (what: T) => void): () => void {
    // A function of its own: the same listener may join twice.
    const own = (what: T): void => listener(what);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(what: T): void {
    for (const listener of [...this.#listeners]) listener(what);
  }
}
