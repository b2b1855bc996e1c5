/** One line of the benchmark table. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work done bare, measured in the same run; null where there is none. */
  readonly baseline: number | null;
  /** `value` against `baseline`, the way the bar is written. */
  readonly ratio: number | null;
  readonly bar: number | null;
  /** Whether the bar is kept; null without a bar. */
  readonly holds: boolean | null;
  /** Further figures of the same measurement. */
  readonly detail?: Readonly<Record<string, number>>;
  /** Why nothing was measured: something is missing on this machine. `value` is no number then. */
  readonly skipped?: string;
}

/** A row that says why it has no value. */
export const skipped = (name: string, why: string): BenchResult => ({
  name,
  value: Number.NaN,
  unit: '',
  baseline: null,
  ratio: null,
  bar: null,
  holds: null,
  skipped: why,
});

/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that a share of `values` does not pass, 0..1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
