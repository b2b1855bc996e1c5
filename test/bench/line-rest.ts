/** How long a command that comes at a random moment waits for a poll exchange on the line to be over. */
import type { Exchange } from './unlock-visits.ts';

/** A stretch of time in which the line only polled, and the exchanges around it. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly exchanges: readonly Exchange[];
}

/** @returns ms, the mean over all moments of all windows; 0 at moments at which the line rests */
export function meanRestMs(windows: readonly Window[]): number {
  let [restMs2, totalMs] = [0, 0];
  for (const { fromMs, untilMs, exchanges } of windows) {
    totalMs += untilMs - fromMs;
    for (const { startMs, endMs } of exchanges) {
      const [from, until] = [Math.max(fromMs, startMs), Math.min(untilMs, endMs)];
      // At a moment t of an exchange its rest is endMs - t.
      if (from < until) restMs2 += ((endMs - from) ** 2 - (endMs - until) ** 2) / 2;
    }
  }
  return totalMs === 0 ? 0 : restMs2 / totalMs;
}
