/**
 * Recordings: the sealed messages of each stream, kept until retention or the hub says otherwise.
 *
 * What is acknowledged as stored is in the file, forced to disk, and in the index, committed, in this order. On files here; another
 * kind of storage takes the place of this one file's neighbours (`writer.ts`, `erase.ts`, `shares.ts`, `read-recording.ts`).
 */
import type { FileHandle } from 'node:fs/promises';
import type { Verdict } from '../../wire/faults.ts';
import type { MediaMessage } from '../../wire/media.ts';
import type { MediaHaveAnswer } from '../../wire/messages.ts';
import type { Row } from '../store/schema.ts';
import type { Range } from './ranges.ts';

/** What a genuine key message says, and who sent it. */
export interface StreamStart {
  readonly stream: string;
  readonly hub: string;
  readonly home: string;
  readonly door: string;
  readonly visit: string | undefined;
  /** ms, by the hub's clock. */
  readonly startedAt: number;
  readonly keyMessage: Uint8Array;
}

/** One stream that is being stored. */
export interface Recording {
  /** Newest frame that is stored, 0 for none. */
  readonly lastSeq: number;
  /** Stores behind the caller. @returns false when it is not stored, so that nothing will be acknowledged */
  append(message: Uint8Array, media: MediaMessage, isLate: boolean): boolean;
  /** The hub has signed this end. */
  end(atMs: number, seq: number): void;
  /** Nothing comes any more for now: what waits is written, the file is closed. */
  rest(): Promise<void>;
}

export interface RecordingListener {
  /** These frames are on disk and in the index. */
  stored?(hubId: string, stream: string, ranges: readonly Range[]): void;
  /** This recording is being deleted: whoever holds its key lets go of it. */
  gone?(stream: string): void;
}

export interface Recordings {
  /** False while the disk refuses, or is nearly full: live pictures go on, nothing is acknowledged as stored. */
  readonly healthy: boolean;
  listen(listener: RecordingListener): void;
  /** Ends deletions that were interrupted, then follows retention. */
  start(): Promise<void>;
  /**
   * Begins a stream, or goes on with it after a restart.
   * @returns VIDEO_KEY_NOT_GENUINE when another hub or another key has this stream, RECORDING_UNKNOWN when it was deleted
   */
  begin(start: StreamStart): Promise<Verdict<Recording>>;
  /** The key message of a stream of this hub, as it was stored. */
  keyMessage(hubId: string, stream: string): Promise<Uint8Array | undefined>;
  /** What is on disk. What was deleted is wanted no more, so it counts as whole; what another hub has is not here. */
  have(hubId: string, streams: readonly string[]): Promise<MediaHaveAnswer['streams']>;
  /** Deletes, the key first. @returns those that are gone now */
  forget(hubId: string, streams: readonly string[]): Promise<string[]>;
  /** Opens a recording of this home to read it: the key message, then everything by seq. */
  read(home: string, stream: string, from?: number): Promise<Verdict<AsyncGenerator<Buffer>>>;
  /** @returns RECORDING_UNKNOWN when it is none of this home; RATE_LIMITED */
  addShare(home: string, stream: string, share: string): Promise<Verdict<undefined>>;
  /** The newest share for each device, or for one. */
  shares(home: string, stream: string, to?: string): Promise<Verdict<string[]>>;
  /** Deletes what retention says. Called once a minute; here for tests. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** Is every frame there that the hub signed for? */
export function isComplete(row: Pick<Row<'recording'>, 'end_seq' | 'ranges'>): boolean {
  if (row.end_seq === null) return false;
  const ranges = JSON.parse(row.ranges) as Range[];
  if (row.end_seq === 0) return ranges.length === 0;
  return ranges.length === 1 && ranges[0]![0] === 1 && ranges[0]![1] === row.end_seq;
}

/** Reads to the end, or until the reader leaves, then closes. */
export async function* thenClose(file: FileHandle, bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } finally {
    await file.close();
  }
}
