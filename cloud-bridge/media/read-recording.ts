/** Reads a recording in the order of its pictures, whatever order it came in. */
import type { FileHandle } from 'node:fs/promises';
import { lengthBytes, readAt, recordsOf } from './rec-file.ts';

/** Where a message stands, and where it belongs. */
interface Place {
  readonly offset: number;
  readonly bytes: number;
  readonly seq: number;
  /** 0 key, 1 frame, 2 checkpoint: the order at the same seq. */
  readonly rank: number;
  readonly isKey: boolean;
}

const ranks = { key: 0, frame: 1, checkpoint: 2, photo: 2 } as const;
/** Neighbours in the file are read together up to this, bytes. */
const readBytes = 262_144;

/** The key message first, then frames each once with their checkpoints behind them. */
async function placesOf(file: FileHandle, stream: string, until: number): Promise<Place[]> {
  const places: Place[] = [];
  const known = new Set<string>();
  for await (const { offset, length, media } of recordsOf(file, stream, until)) {
    const { type, seq, capturedMs, isKey } = media;
    // A checkpoint may be signed again for the same frame, a second later.
    const name = type === 'checkpoint' ? `${seq}/${capturedMs}` : `${type}${seq}`;
    if (known.has(name)) continue;
    known.add(name);
    places.push({ offset, bytes: lengthBytes + length, seq, rank: ranks[type], isKey });
  }
  // Sorting is stable: checkpoints of one frame stay as they came.
  return places.sort((a, b) => (a.rank === 0 ? 0 : 1) - (b.rank === 0 ? 0 : 1) || a.seq - b.seq || a.rank - b.rank);
}

/** From the newest frame at or before `from` that can be decoded alone. */
function placesFrom(places: readonly Place[], from: number): Place[] {
  let start = 0;
  for (const { rank, seq, isKey } of places) if (rank === 1 && isKey && seq <= from) start = seq;
  return places.filter(({ rank, seq }) => rank === 0 || seq >= start);
}

/**
 * @param until  bytes of the file that count
 * @param from   seq to begin at: the key frame at or before it is the first; all when left out
 * @yields bytes of the file's form, at most 256 kB and one message at a time
 */
export async function* readRecording(
  file: FileHandle,
  stream: string,
  until: number,
  from?: number,
): AsyncGenerator<Buffer> {
  const all = await placesOf(file, stream, until);
  const places = from === undefined ? all : placesFrom(all, from);
  for (let at = 0; at < places.length; ) {
    const { offset } = places[at]!;
    let end = offset;
    while (at < places.length && places[at]!.offset === end && end - offset < readBytes) {
      end += places[at]!.bytes;
      at += 1;
    }
    const bytes = await readAt(file, offset, end - offset);
    if (bytes === undefined) return;
    yield bytes;
  }
}
