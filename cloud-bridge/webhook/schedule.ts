/** When a message is tried again: the schedule of the Standard Webhooks specification, ten tries in a bit more than three days. */

const minute = 60_000;
const hour = 60 * minute;
/** Waits after the first, second, … try, ms. */
const waitsMs = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
/** Each wait is up to this much shorter or longer, so that those that failed together do not come back together. */
const jitter = 0.2;

/** A receiver to which nothing has come through for this long is left alone, ms. */
export const failingForMs = 5 * 24 * hour;
/** A receiver may ask for no longer wait than this, ms. */
export const longestWaitMs = 24 * hour;

/**
 * @param tried    how often it was tried, 1 or more
 * @param random   0 to 1
 * @param askedMs  what the receiver said in Retry-After
 * @returns ms until the next try; undefined when that was the last
 */
export function nextWaitMs(tried: number, random: number, askedMs = 0): number | undefined {
  const wait = waitsMs[tried - 1];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait * (1 + jitter * (2 * random - 1)), askedMs));
}
