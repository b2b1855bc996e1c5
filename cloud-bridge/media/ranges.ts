/** Which frames are there: sorted, separate ranges of whole numbers, both ends included. Pure. */

export type Range = readonly [from: number, to: number];

/** Most ranges of one stream: a hub that leaves more gaps sends noise. */
export const maxRanges = 4_096;

/** Where `seq` is, or would go: the first range that does not end before it. */
function placeOf(ranges: readonly Range[], seq: number): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]![1] < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Is this one among them? */
export function has(ranges: readonly Range[], seq: number): boolean {
  const at = ranges[placeOf(ranges, seq)];
  return at !== undefined && at[0] <= seq;
}

/**
 * Adds one number to ranges that the caller owns.
 * @returns false when it was there, or when it would make more than `maxRanges`
 */
export function add(ranges: Range[], seq: number): boolean {
  const at = placeOf(ranges, seq);
  const next = ranges[at];
  if (next !== undefined && next[0] <= seq) return false;
  const before = ranges[at - 1];
  const joinsBefore = before?.[1] === seq - 1;
  const joinsNext = next?.[0] === seq + 1;
  if (joinsBefore && joinsNext) ranges.splice(at - 1, 2, [before![0], next![1]]);
  else if (joinsBefore) ranges[at - 1] = [before![0], seq];
  else if (joinsNext) ranges[at] = [seq, next![1]];
  else if (ranges.length >= maxRanges) return false;
  else ranges.splice(at, 0, [seq, seq]);
  return true;
}

/** The same numbers as few ranges. */
export function toRanges(numbers: Iterable<number>): Range[] {
  const ranges: [number, number][] = [];
  for (const seq of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && seq <= last[1] + 1) last[1] = Math.max(last[1], seq);
    else ranges.push([seq, seq]);
  }
  return ranges;
}
