/** One thing after another, and none for ever. */
import type { Fault } from '../../../wire/faults.ts';

/** Something that ends once. Whoever waits for it can stop waiting, so that a long life gathers no listeners. */
export interface End {
  readonly over: boolean;
  /** Calls back once, at once if it is over. @returns unsubscribe */
  on(listener: () => void): () => void;
}

/** @returns an end, and what brings it about; a second time does nothing */
export function ending(): End & { end(): void } {
  const listeners = new Set<() => void>();
  let over = false;
  return {
    get over() {
      return over;
    },
    on: (listener) => {
      if (over) listener();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    end: () => {
      if (over) return;
      over = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}

/** Told by `within` when time is over. */
export const late: unique symbol = Symbol('late');

/** What calls work off before its deadline. */
export interface Stop {
  readonly end: End;
  readonly fault: () => Fault;
}

/**
 * @returns what `work` brings, or `late`; a failure that comes after that is nobody's any more
 * @throws what `work` throws, or the fault of the first of `stops` that ends
 */
export function within<T>(ms: number, work: Promise<T>, ...stops: readonly Stop[]): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const offs: (() => void)[] = [];
  return new Promise<T | typeof late>((resolve, reject) => {
    timer = setTimeout(() => resolve(late), Math.max(0, ms));
    for (const { end, fault } of stops) offs.push(end.on(() => reject(fault())));
    work.then(resolve, reject);
  }).finally(() => {
    clearTimeout(timer);
    for (const off of offs) off();
  });
}

/** @returns whether it ended in time */
export async function endsWithin(ms: number, end: End): Promise<boolean> {
  let off = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    off = end.on(resolve);
  });
  const answer = await within(ms, over);
  off();
  return answer !== late;
}

/** @returns runs what it is given in the order of the calls, whether the earlier ones succeeded or not */
export function inTurn(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
}
