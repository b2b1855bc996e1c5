/** How long to wait before the next attempt: twice as long each time, never two cameras in step. Pure. */

export interface BackOff {
  /** @returns ms: 250, then 500, 1000, … 8000, and each time up to a quarter more */
  next(): number;
  /** It went well: the next wait is a short one again. */
  reset(): void;
}

const firstMs = 250;
const longestMs = 8000;

/** @param random  0 to below 1 */
export function backOff(random: () => number): BackOff {
  let waitMs = firstMs;
  return {
    next: () => {
      const jittered = waitMs * (1 + random() / 4);
      waitMs = Math.min(2 * waitMs, longestMs);
      return jittered;
    },
    reset: () => {
      waitMs = firstMs;
    },
  };
}
