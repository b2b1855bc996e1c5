/** `Recordings` in files under the data folder, with their index in the store. */
import { mkdir, open, statfs } from 'node:fs/promises';
import { accept, Fault, refuse } from '../../wire/faults.ts';
import type { Log } from '../log.ts';
import type { Row } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { eraseKey, erasePictures } from './erase.ts';
import { flusherOf } from './flush.ts';
import { hashBytes, newRow } from './new-row.ts';
import { placeOf } from './places.ts';
import type { Range } from './ranges.ts';
import { readRecording } from './read-recording.ts';
import { lengthBytes, recordsOf } from './rec-file.ts';
import { type Recording, type RecordingListener, type Recordings, type StreamStart, thenClose } from './recordings.ts';
import { dueOf } from './retention.ts';
import { addShare, readShares } from './shares.ts';
import { turnsOf } from './turns.ts';
import { type Writer, writerOn } from './writer.ts';

export interface RecordingLimits {
  /** Recordings of one home together, bytes. */
  readonly homeBytes: number;
  /** This much of the disk is left for everything else, bytes. */
  readonly reserveBytes: number;
}

const syncMs = 1_000;
/** Late frames that wait at most, before they are forced to disk. */
const flushLate = 32;
const sweepMs = 60_000;
const lookAtDiskMs = 10_000;
/** What the hub is told of a deleted stream: all of it. */
const everything: Range = [1, 2 ** 32 - 1];
const maxToldRanges = 256;

/** @param folder  made when it is missing */
export function fileRecordings(
  folder: string,
  limits: RecordingLimits,
  parts: { readonly store: Store; readonly now: () => number; readonly log: Log },
): Recordings {
  const { store, now, log } = parts;
  const listeners: RecordingListener[] = [];
  const writers = new Map<string, Writer>();
  const turns = turnsOf();
  const timers: NodeJS.Timeout[] = [];
  let isFull = false;
  let lateWaiting = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const failed = (what: string, error: unknown): void => {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    log.recordingFailed({ what, why: String(code ?? name ?? '') });
  };

  const flush = flusherOf({
    store,
    writers: () => writers.values(),
    before: () => lookAtDisk().catch((error: unknown) => failed('disk', error)),
    failed,
    stored: (row, ranges) => {
      for (const listener of listeners) listener.stored?.(row.hub, row.stream, ranges);
    },
  });

  async function lookAtDisk(): Promise<void> {
    lateWaiting = 0;
    if (now() - lookedAt < lookAtDiskMs) return;
    lookedAt = now();
    const { bavail, bsize } = await statfs(folder);
    const full = bavail * bsize < limits.reserveBytes;
    if (full && !isFull) log.recordingFailed({ what: 'disk', why: 'nearly full' });
    isFull = full;
  }

  async function rowFor(start: StreamStart): Promise<Row<'recording'>> {
    return store.write(async ({ recordings }) => {
      const known = await recordings.find(start.stream);
      if (known === undefined) {
        const row = newRow(start, now());
        await recordings.add(row);
        return row;
      }
      if (known.hub !== start.hub) throw new Fault('VIDEO_KEY_NOT_GENUINE', { why: 'stream' });
      if (known.deleting_at !== null) throw new Fault('RECORDING_UNKNOWN');
      if (known.key_hash !== hashBytes(start.keyMessage)) throw new Fault('VIDEO_KEY_NOT_GENUINE', { why: 'key' });
      return known;
    });
  }

  const handleOf = (writer: Writer, allowed: boolean): Recording => ({
    lastSeq: writer.row.last_seq,
    append: (message, media, isLate) => {
      const isRoom = allowed && !isFull && writer.written < limits.homeBytes;
      const isTaken = isRoom && writer.append(message, media, isLate);
      // Whoever brings up what is late waits for these acknowledgements to send more.
      if (isTaken && isLate) lateWaiting += 1;
      if (lateWaiting >= flushLate) void flush();
      return isTaken;
    },
    end: (atMs, seq) => {
      writer.end(atMs, seq);
      void flush();
    },
    rest: () =>
      turns.take(writer.row.stream, async () => {
        if (writers.get(writer.row.stream) !== writer) return;
        await flush();
        writers.delete(writer.row.stream);
        await writer.close();
      }),
  });

  async function erase(row: Row<'recording'>): Promise<void> {
    await store.write(async ({ recordings }) => {
      const { deleting_at } = (await recordings.find(row.stream)) ?? row;
      await recordings.change(row.stream, { deleting_at: deleting_at ?? now() });
    });
    for (const listener of listeners) listener.gone?.(row.stream);
    const writer = writers.get(row.stream);
    writers.delete(row.stream);
    await writer?.close();
    const place = placeOf(folder, row);
    await eraseKey(place);
    await erasePictures(place);
    await store.write(({ recordings }) => recordings.change(row.stream, { deleted_at: now(), bytes: 0 }));
    log.recordingDeleted({ hub: row.hub, stream: row.stream });
  }

  const eraseInTurn = (row: Row<'recording'>): Promise<boolean> =>
    turns.take(row.stream, () =>
      erase(row).then(
        () => true,
        (error: unknown) => {
          failed('delete', error);
          return false;
        },
      ),
    );

  async function ofHome(home: string, stream: string): Promise<Row<'recording'> | undefined> {
    const row = await store.read.recordings.find(stream);
    return row?.home === home && row.deleting_at === null ? row : undefined;
  }

  const sweep = async (): Promise<void> => {
    const half = await store.read.recordings.halfDeleted();
    for (const row of [...half, ...(await dueOf(store.read, now()))]) await eraseInTurn(row);
  };

  return {
    get healthy() {
      return !isFull && ![...writers.values()].some((writer) => writer.failing);
    },
    listen: (listener) => void listeners.push(listener),
    start: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const row of await store.read.recordings.halfDeleted()) await eraseInTurn(row);
      timers.push(setInterval(() => void flush(), syncMs).unref());
      timers.push(setInterval(() => void sweep().catch((error) => failed('sweep', error)), sweepMs).unref());
    },
    begin: (start) =>
      turns.take(start.stream, async () => {
        let row: Row<'recording'>;
        try {
          row = await rowFor(start);
        } catch (error) {
          if (error instanceof Fault) return refuse(error.code, error.detail);
          throw error;
        }
        const allowed = (await store.read.recordings.bytesOfHome(start.home)) < limits.homeBytes;
        if (!allowed) log.recordingFailed({ hub: start.hub, what: 'home', why: 'full' });
        const { recording } = placeOf(folder, row);
        const writer =
          writers.get(row.stream) ??
          writerOn(recording, row, start.keyMessage, { now, failed: (error) => failed('write', error) });
        writers.set(row.stream, writer);
        return accept(handleOf(writer, allowed));
      }),
    keyMessage: async (hubId, stream) => {
      const row = await store.read.recordings.find(stream);
      if (row?.hub !== hubId || row.deleting_at !== null || row.bytes === 0) return undefined;
      const file = await open(placeOf(folder, row).recording, 'r');
      try {
        for await (const { media } of recordsOf(file, stream, row.bytes)) {
          return media.type === 'key' ? Buffer.concat([media.header, media.body]) : undefined;
        }
        return undefined;
      } finally {
        await file.close();
      }
    },
    have: (hubId, streams) =>
      Promise.all(
        streams.map(async (stream) => {
          const row = await store.read.recordings.find(stream);
          if (row?.hub !== hubId) return { stream, key: false, ended: false, ranges: [] };
          if (row.deleting_at !== null) return { stream, key: true, ended: true, ranges: [[...everything]] };
          const ranges = (JSON.parse(row.ranges) as [number, number][]).slice(0, maxToldRanges);
          return { stream, key: row.bytes > lengthBytes, ended: row.ended_at !== null, ranges };
        }),
      ),
    forget: async (hubId, streams) => {
      const forgotten: string[] = [];
      for (const stream of streams) {
        const row = await store.read.recordings.find(stream);
        // What was never here, or is another hub's, is not here for this one.
        if (row?.hub !== hubId || row.deleted_at !== null || (await eraseInTurn(row))) forgotten.push(stream);
      }
      return forgotten;
    },
    read: async (home, stream, from) => {
      const row = await ofHome(home, stream);
      const until = writers.get(stream)?.written ?? row?.bytes ?? 0;
      if (row === undefined || until === 0) return refuse('RECORDING_UNKNOWN');
      try {
        const file = await open(placeOf(folder, row).recording, 'r');
        return accept(thenClose(file, readRecording(file, stream, until, from)));
      } catch (error) {
        failed('read', error);
        return refuse('RECORDING_UNKNOWN');
      }
    },
    addShare: (home, stream, share) =>
      turns.take(stream, async () => {
        const row = await ofHome(home, stream);
        return row === undefined ? refuse('RECORDING_UNKNOWN') : addShare(placeOf(folder, row).shares, share);
      }),
    shares: async (home, stream, to) => {
      const row = await ofHome(home, stream);
      return row === undefined
        ? refuse('RECORDING_UNKNOWN')
        : accept(await readShares(placeOf(folder, row).shares, to));
    },
    sweep,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await flush();
      await Promise.all([...writers.values()].map((writer) => writer.close()));
      writers.clear();
    },
  };
}
