/** A queue that takes one thing at a time and knows what each of them still has under way. */

interface Job<T> {
  readonly item: T;
  /** What is not over yet: being taken, and what it caused. */
  open: number;
  readonly settled: () => void;
}

/** Notes something that the item caused and that ends in a further item, or in none. */
export type Hold<T> = (caused: Promise<T | undefined>, options?: { readonly untilNext?: boolean }) => void;

export class Queue<T> {
  readonly #take: (item: T, hold: Hold<T>) => Promise<void>;
  readonly #jobs: Job<T>[] = [];
  /** Lets go of what is held only as long as its answer is awaited. */
  readonly #awaited = new Set<() => void>();
  #isRunning = false;
  #isClosed = false;

  /** @param take  takes one item; what it passes to `hold` is part of the item */
  constructor(take: (item: T, hold: Hold<T>) => Promise<void>) {
    this.#take = take;
  }

  /** Resolves when the item was taken and everything that it caused is over. Never rejects. */
  push(item: T): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((settled) => {
      this.#jobs.push({ item, open: 1, settled });
      void this.#run();
    });
  }

  /** Nobody waits any more for what was held `untilNext`: its answer still comes as an item, of nobody's. */
  forget(): void {
    for (const letGo of [...this.#awaited]) letGo();
  }

  /** Takes no more. Whoever waits is let go. */
  close(): void {
    this.#isClosed = true;
    this.forget();
    for (const job of this.#jobs.splice(0)) job.settled();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      const current = job;
      await this.#take(current.item, (caused, options) => this.#hold(current, caused, options));
      this.#release(current);
    }
    this.#isRunning = false;
  }

  #hold(job: Job<T>, caused: Promise<T | undefined>, options: { readonly untilNext?: boolean } = {}): void {
    job.open += 1;
    let isHeld = true;
    const letGo = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.#awaited.delete(letGo);
      this.#release(job);
    };
    if (options.untilNext) this.#awaited.add(letGo);
    void caused
      .catch(() => undefined)
      .then(async (item) => {
        this.#awaited.delete(letGo);
        if (item !== undefined) await this.push(item);
        letGo();
      });
  }

  #release(job: Job<T>): void {
    job.open -= 1;
    if (job.open === 0) job.settled();
  }
}
