/** The bell at a door as the hub hears it: that somebody pressed it, and when. Nothing opens by it, and nothing rings. */

export interface Doorbell {
  /**
   * Begins to listen; what is pressed before is not told. Harmless when it listens already. Never throws: a bell that cannot be heard is
   * silent, and is tried again.
   */
  start(): void;
  /** Ends it: nothing is told any more. */
  close(): Promise<void>;
  /**
   * Calls back once for each press, with its time by `Clock.monotonic()`. Contacts bounce, and whoever waits presses twice: what comes
   * within 2 s of a press that was told is the same.
   * @returns unsubscribe
   */
  onPress(listener: (atMs: number) => void): () => void;
}

/** What comes so soon after a press is the same, ms. */
export const samePressMs = 2_000;

/** Those who are told, and what is told to them: one press where a contact bounces. */
export class Presses {
  readonly #listeners = new Set<(atMs: number) => void>();
  #toldMs = Number.NEGATIVE_INFINITY;

  /** The button was seen pressed. @param atMs  monotonic */
  pressed(atMs: number): void {
    if (atMs - this.#toldMs < samePressMs) return;
    this.#toldMs = atMs;
    for (const listener of [...this.#listeners]) listener(atMs);
  }

  onPress(listener: (atMs: number) => void): () => void {
    // A function of its own: the same listener may be given twice.
    const own = (atMs: number): void => listener(atMs);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
