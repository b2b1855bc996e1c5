/** Who speaks to the lock next: one at a time, and whoever has to be quick before whoever can wait. */

/** `command`: something moves, or is looked at while it moves. `question`: how the lock stands. */
export type Rank = 'command' | 'question' | 'administration';
const ranks: readonly Rank[] = ['command', 'question', 'administration'];

export class Turns {
  readonly #waiting: { readonly [R in Rank]: (() => Promise<void>)[] } = {
    command: [],
    question: [],
    administration: [],
  };
  #isTaken = false;

  /** Runs after what runs already, and after everything that waits with the same rank or a higher one. @returns what `run` does */
  take<T>(rank: Rank, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting[rank].push(() => run().then(resolve, reject));
      void this.#go();
    });
  }

  async #go(): Promise<void> {
    if (this.#isTaken) return;
    this.#isTaken = true;
    for (;;) {
      const waiting = ranks.map((rank) => this.#waiting[rank]).find(({ length }) => length > 0);
      const turn = waiting?.shift();
      if (turn === undefined) break;
      await turn();
    }
    this.#isTaken = false;
  }
}
