/** One thing after the other for each name. */

export interface Turns {
  /** Runs `work` after all that came before under this name, whether that failed or not. */
  take<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function turnsOf(): Turns {
  const tails = new Map<string, Promise<unknown>>();
  return {
    take: (name, work) => {
      const done = (tails.get(name) ?? Promise.resolve()).then(work);
      const tail = done.then(
        () => undefined,
        () => undefined,
      );
      tails.set(name, tail);
      void tail.then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
      return done;
    },
  };
}
