/** Stretches of time as lists in order: from (inclusive) until (exclusive), seconds. */
import type { Window } from '../../../../wire/occurrences.ts';

/** In order, and what touches or overlaps as one. */
export function merge(windows: readonly Window[]): readonly Window[] {
  const merged: Window[] = [];
  for (const one of [...windows].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && one.from <= last.until) {
      merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, one.until) };
    } else if (one.from < one.until) merged.push(one);
  }
  return merged;
}

/** What of these lies within a window. */
export const clip = (windows: readonly Window[], { from, until }: Window): readonly Window[] =>
  windows
    .map((one) => ({ from: Math.max(one.from, from), until: Math.min(one.until, until) }))
    .filter((one) => one.from < one.until);

export const covers = (windows: readonly Window[], atS: number): boolean =>
  windows.some(({ from, until }) => from <= atS && atS < until);
