/** Writes one recording: in the order in which messages come, behind those who watch, and says what is surely on disk. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import type { MediaMessage } from '../../wire/media.ts';
import type { Row } from '../store/schema.ts';
import { add, has, maxRanges, type Range, toRanges } from './ranges.ts';
import { recordsOf, toRecord } from './rec-file.ts';

export interface Writer {
  readonly row: Row<'recording'>;
  /** When something came last, ms. */
  readonly lastAt: number;
  /** Did the last attempt to write fail? */
  readonly failing: boolean;
  /** Bytes of the file that hold whole messages. */
  readonly written: number;
  /** Takes one message; a frame that is there is only acknowledged again. @returns false when it is not stored */
  append(message: Uint8Array, media: MediaMessage, isLate: boolean): boolean;
  /** The hub has signed this end. */
  end(atMs: number, seq: number): void;
  /** Is there anything that `sync` would have to say? */
  readonly isDirty: boolean;
  /** Writes what waits and forces it to disk. @returns what changed, to be kept in the index, and the frames to acknowledge after */
  sync(): Promise<{ readonly row: Row<'recording'>; readonly ranges: readonly Range[] } | undefined>;
  close(): Promise<void>;
}

/** Messages that wait for the disk, bytes: behind that a slow disk loses them here, and the hub sends them again. */
const maxWaitingBytes = 4_194_304;
/** After a failure the disk is left alone for this long, ms. */
const retryMs = 1_000;

interface Waiting {
  readonly message: Uint8Array;
  readonly seq: number | undefined;
  readonly isLate: boolean;
}

/** Forces a new name in a folder to disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

async function openFile(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
  const file = await open(path, 'wx+', 0o600);
  await syncFolder(dirname(path));
  return file;
}

/**
 * @param row         as the index has it: what is behind its `bytes` in the file was never acknowledged, and is cut
 * @param keyMessage  stands first in the file
 * @param failed      told of every attempt that the disk refused
 */
export function writerOn(
  path: string,
  row: Row<'recording'>,
  keyMessage: Uint8Array,
  parts: { readonly now: () => number; readonly failed: (error: unknown) => void },
): Writer {
  let current = row;
  let lastAt = parts.now();
  let ranges = JSON.parse(row.ranges) as Range[];
  let file: FileHandle | undefined;
  let written = row.bytes;
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let failedAt: number | undefined;
  let closed = false;
  let changed = false;
  const underWay = new Set<number>();
  /** Written, not forced to disk. */
  const fresh = new Set<number>();
  /** On disk, to be acknowledged. */
  const again = new Set<number>();
  let forced = false;
  let tail: Promise<void> = Promise.resolve();

  async function ready(): Promise<FileHandle> {
    if (file !== undefined) return file;
    const opened = await openFile(path);
    try {
      const { size } = await opened.stat();
      if (size < written) await readAgain(opened, size);
      else if (size > written) await opened.truncate(written);
      if (written === 0) {
        const parts = toRecord(keyMessage);
        const length = parts[0].length + keyMessage.length;
        await opened.writev(parts, 0);
        written = length;
      }
      file = opened;
      return opened;
    } catch (error) {
      await opened.close().catch(() => undefined);
      throw error;
    }
  }

  /** The disk lost what it had promised: what is left counts, and the hub is asked for the rest when it asks what is here. */
  async function readAgain(opened: FileHandle, size: number): Promise<void> {
    ranges = [];
    written = 0;
    for await (const { offset, length, media } of recordsOf(opened, row.stream, size)) {
      if (media.type === 'frame') add(ranges, media.seq);
      written = offset + 4 + length;
    }
    await opened.truncate(written);
    changed = true;
  }

  /** Writes everything that waits. A part of a message that a full disk took is overwritten by the next attempt, or cut at open. */
  async function drain(): Promise<void> {
    const batch = waiting;
    waiting = [];
    waitingBytes = 0;
    if (batch.length === 0) return;
    try {
      if (closed) throw new Fault('RECORDING_UNKNOWN');
      const target = await ready();
      const buffers = batch.flatMap(({ message }) => toRecord(message));
      const total = buffers.reduce((sum, { length }) => sum + length, 0);
      const { bytesWritten } = await target.writev(buffers, written);
      if (bytesWritten !== total) throw new Fault('STORE_UNAVAILABLE', { what: 'short write' });
      written += total;
      failedAt = undefined;
      note(batch);
    } catch (error) {
      failedAt = parts.now();
      await file?.close().catch(() => undefined);
      file = undefined;
      if (!closed) parts.failed(error);
    } finally {
      for (const { seq } of batch) if (seq !== undefined) underWay.delete(seq);
    }
  }

  function note(batch: readonly Waiting[]): void {
    let { frames, late, last_seq } = current;
    for (const { seq, isLate } of batch) {
      if (seq === undefined || !add(ranges, seq)) continue;
      fresh.add(seq);
      frames += 1;
      if (isLate) late += 1;
      last_seq = Math.max(last_seq, seq);
    }
    current = { ...current, frames, late, last_seq };
    changed = true;
  }

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    tail = tail.then(work);
    return tail;
  };

  /** After a failure nobody knows what of it is on disk, and the next attempt may say yes to what is lost: it counts as not written. */
  function takeBack(error: unknown): void {
    failedAt = parts.now();
    written = current.bytes;
    ranges = JSON.parse(current.ranges) as Range[];
    fresh.clear();
    current = { ...current, frames: ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0) };
    parts.failed(error);
  }

  async function force(): Promise<void> {
    if (!changed || closed) return;
    try {
      await file?.datasync();
    } catch (error) {
      await file?.close().catch(() => undefined);
      file = undefined;
      return takeBack(error);
    }
    changed = false;
    current = { ...current, bytes: written, ranges: JSON.stringify(ranges), last_at: lastAt };
    for (const seq of fresh) again.add(seq);
    fresh.clear();
    forced = true;
  }

  return {
    get row() {
      return current;
    },
    get lastAt() {
      return lastAt;
    },
    get failing() {
      return failedAt !== undefined;
    },
    get written() {
      return written;
    },
    get isDirty() {
      return changed || forced || again.size > 0 || waiting.length > 0;
    },
    append: (message, { type, seq }, isLate) => {
      lastAt = parts.now();
      const frame = type === 'frame' ? seq : undefined;
      if (frame !== undefined && underWay.has(frame)) return true;
      if (frame !== undefined && has(ranges, frame)) {
        if (!fresh.has(frame)) again.add(frame);
        return true;
      }
      if (closed || waitingBytes > maxWaitingBytes || ranges.length >= maxRanges) return false;
      if (failedAt !== undefined && parts.now() - failedAt < retryMs) return false;
      if (frame !== undefined) underWay.add(frame);
      waiting.push({ message, seq: frame, isLate });
      waitingBytes += message.length;
      // Whatever comes while the disk is busy goes with the next write.
      if (waiting.length === 1) void inTurn(drain);
      return true;
    },
    end: (atMs, seq) => {
      current = { ...current, ended_at: atMs, end_seq: seq };
      changed = true;
    },
    sync: async () => {
      await inTurn(drain);
      await inTurn(force);
      if (closed || (!forced && again.size === 0)) return undefined;
      forced = false;
      const seqs = toRanges(again);
      again.clear();
      return { row: current, ranges: seqs };
    },
    close: async () => {
      closed = true;
      await tail;
      await file?.close().catch(() => undefined);
      file = undefined;
    },
  };
}
