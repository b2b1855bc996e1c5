/** Makes what was written count: file first, then index, then acknowledgement. */
import type { Row } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Range } from './ranges.ts';
import type { Writer } from './writer.ts';

export interface FlushParts {
  readonly store: Pick<Store, 'write'>;
  readonly writers: () => Iterable<Writer>;
  readonly before: () => Promise<void>;
  readonly failed: (what: string, error: unknown) => void;
  /** These frames of this recording are on disk and in the index. */
  readonly stored: (row: Row<'recording'>, ranges: readonly Range[]) => void;
}

/** @returns one flush: it takes everything that was appended before it was asked for. Flushes run one after the other; none fails */
export function flusherOf(parts: FlushParts): () => Promise<void> {
  /** On disk, not in the index yet. */
  const unindexed = new Map<string, { row: Row<'recording'>; ranges: Range[] }>();
  let last: Promise<void> = Promise.resolve();

  async function flushOnce(): Promise<void> {
    await parts.before();
    const dirty = [...parts.writers()].filter((writer) => writer.isDirty);
    for (const done of await Promise.all(dirty.map((writer) => writer.sync()))) {
      if (done === undefined) continue;
      const before = unindexed.get(done.row.stream)?.ranges ?? [];
      unindexed.set(done.row.stream, { row: done.row, ranges: [...before, ...done.ranges] });
    }
    if (unindexed.size === 0) return;
    const batch = [...unindexed.values()];
    await parts.store.write(async ({ recordings }) => {
      for (const { row } of batch) {
        const { ended_at, end_seq, last_at, frames, late, last_seq, bytes, ranges } = row;
        await recordings.change(row.stream, { ended_at, end_seq, last_at, frames, late, last_seq, bytes, ranges });
      }
    });
    unindexed.clear();
    for (const { row, ranges } of batch) if (ranges.length > 0) parts.stored(row, ranges);
  }

  return () => {
    last = last.then(flushOnce).catch((error: unknown) => parts.failed('index', error));
    return last;
  };
}
