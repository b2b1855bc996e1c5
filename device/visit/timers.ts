/** Timers that fire even when the clock fails: a second source stands behind the first. */
import type { Clock } from '../clock/clock.ts';

/** Calls back once, after about `ms`. @returns cancel */
export type After = (ms: number, callback: () => void) => () => void;

/** How much later than the clock the second source fires, ms. */
export const guardSlackMs = 1_000;

/**
 * @param clock  may throw, or never call back
 * @param guard  fires `guardSlackMs` later, unless the clock did
 */
export const guardedAfter =
  (clock: Pick<Clock, 'after'>, guard: Pick<Clock, 'after'>): After =>
  (ms, callback) => {
    let isOver = false;
    const cancels: (() => void)[] = [];
    const end = (): void => {
      isOver = true;
      for (const cancel of cancels) attempt(cancel);
    };
    const fire = (): void => {
      if (isOver) return;
      end();
      callback();
    };
    attempt(() => cancels.push(clock.after(ms, fire)));
    attempt(() => cancels.push(guard.after(ms + guardSlackMs, fire)));
    return end;
  };

/** A clock that throws has no say. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // the other source fires
  }
}

/** The value, or `undefined` after `ms` without one. A rejection stays one. */
export const within = <T>(after: After, ms: number, value: Promise<T>): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const cancel = after(ms, () => resolve(undefined));
    value.then(resolve, reject).finally(cancel);
  });
