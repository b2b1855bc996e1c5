/** The recordings of this hub: one file each, named after its stream. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import { documentIn } from '../../wire/media.ts';
import { videoHeadForm, videoKeyForm } from '../../wire/video.ts';
import type { Disk, DiskFile } from './disk.ts';
import { readKeyMessage, readLastCheckpoint, readRecords, type Stored } from './file.ts';
import { type Ending, type MendParts, mendRecording } from './mend.ts';
import { condemn, type Deleted, destroy, forgotten, toDeleted, toForget, type Why } from './removal.ts';
import { openWriter, type Writer } from './writer.ts';

export interface Recording {
  readonly stream: string;
  readonly door: string;
  readonly visit?: string;
  readonly startedMs: number;
  readonly frames: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Undefined while it runs, and for one whose end could not be signed yet. */
  readonly ended?: { readonly how: 'stopped' | 'lost'; readonly atMs: number };
  readonly running: boolean;
}

/** What a running stream writes through. */
export interface RunningRecording {
  append(message: Uint8Array, type: 'frame' | 'checkpoint'): void;
  /** @returns whether all of it is on the disk. Never rejects */
  sync(): Promise<boolean>;
  /** After the last checkpoint. A recording that the disk did not take whole is ended as `lost` later. Never rejects */
  end(how: 'stopped' | 'lost', atMs: number): Promise<void>;
}

export interface Recordings {
  /** Oldest first. */
  list(): readonly Recording[];
  create(
    of: Pick<Recording, 'stream' | 'door' | 'visit' | 'startedMs'>,
    keyMessage: Uint8Array,
    onFailed: (error: unknown) => void,
  ): RunningRecording;
  /** The messages of one that does not run, in order; ends early when it is deleted meanwhile. Nothing for one that there is not. */
  read(stream: string): AsyncGenerator<Stored>;
  /**
   * Key first, then the pictures, then the journal. What fails on the way is gone all the same: `tidy` goes on with it.
   * @returns RECORDING_UNKNOWN, also for one that runs
   */
  remove(stream: string, why: Why): Promise<Verdict<Deleted>>;
  /** Goes on with what was interrupted: deletions, ends that could not be signed. For every hour or so. */
  tidy(): Promise<void>;
  /** Deleted here, and not yet at the relay. */
  toForget(): readonly string[];
  forgotten(streams: readonly string[]): Promise<void>;
}

export interface RecordingsParts extends MendParts {
  readonly disk: Disk;
  /** A disk is full in the middle of a recording. @returns whether there is more room now */
  readonly makeRoom: () => Promise<boolean>;
  /** Key and pictures are gone: to be journaled. Rejects when it was not; it is told again with the next `tidy`. */
  readonly onDeleted: (deleted: Deleted) => Promise<void>;
  /** A file that the disk does not give or take. @param stream  or the file's name */
  readonly onTrouble: (stream: string, error: unknown) => void;
}

const recordingName = /^([\w-]{22})\.rec$/;

/** Reads what there is, finishes deletions and ends recordings that a killed hub left open. @throws what the disk says when it cannot be listed */
export async function openRecordings(parts: RecordingsParts): Promise<Recordings> {
  const { disk, onTrouble, onDeleted } = parts;
  const all = new Map<string, Recording>();
  const running = new Map<string, () => Recording>();
  let forget = new Set<string>();
  /** Nothing is deleted or mended twice at the same time. */
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  const attempt = async (stream: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      onTrouble(stream, error);
    }
  };
  const remove = async (deleted: Deleted): Promise<void> => {
    all.delete(deleted.stream);
    await destroy(disk, await condemn(disk, deleted), onDeleted);
    forget.add(deleted.stream);
  };
  const load = async (stream: string): Promise<void> => {
    const file = await disk.open(`${stream}.rec`);
    let facts: Recording | undefined;
    try {
      facts = await readFacts(file, stream, parts, onTrouble);
    } finally {
      await file.close();
    }
    if (facts !== undefined) all.set(stream, facts);
    // Without its key nobody will ever see it.
    else await remove({ stream, why: 'disk' });
  };
  const tidy = async (): Promise<void> => {
    const names = await disk.names();
    for (const name of names.filter(toDeleted)) await attempt(name, () => destroy(disk, name, onDeleted));
    const streams = names.flatMap((name) => recordingName.exec(name)?.[1] ?? []);
    const open = streams.filter((stream) => !running.has(stream) && all.get(stream)?.ended === undefined);
    for (const stream of open) await attempt(stream, () => load(stream));
    forget = new Set(toForget(await disk.names()));
  };
  await inTurn(tidy);

  return {
    list: () =>
      [...all.values(), ...[...running.values()].map((facts) => facts())].sort((a, b) => a.startedMs - b.startedMs),
    create: (of, keyMessage, onFailed) => {
      let frames = 0;
      const writer: Writer = openWriter({ disk, name: `${of.stream}.rec`, makeRoom: parts.makeRoom, onFailed });
      const facts = (isRunning: boolean): Recording => ({ ...of, frames, bytes: writer.bytes, running: isRunning });
      writer.append(keyMessage);
      running.set(of.stream, () => facts(true));
      return {
        append: (message, type) => {
          if (type === 'frame') frames += 1;
          writer.append(message);
        },
        sync: () => writer.sync(),
        end: async (how, atMs) => {
          const isWhole = await writer.sync();
          await writer.close();
          running.delete(of.stream);
          all.set(of.stream, isWhole ? { ...facts(false), ended: { how, atMs } } : facts(false));
        },
      };
    },
    read: async function* (stream) {
      if (!all.has(stream)) return;
      const file = await disk.open(`${stream}.rec`);
      try {
        yield* readRecords(file, stream);
      } finally {
        await file.close();
      }
    },
    remove: (stream, why) =>
      inTurn(async () => {
        const facts = all.get(stream);
        if (facts === undefined) return refuse('RECORDING_UNKNOWN', running.has(stream) ? { why: 'running' } : {});
        const deleted = { stream, why, ...(facts.visit === undefined ? {} : { visit: facts.visit }) };
        await remove(deleted);
        return accept(deleted);
      }),
    tidy: () => inTurn(tidy),
    toForget: () => [...forget],
    forgotten: async (streams) => {
      await forgotten(disk, streams);
      for (const stream of streams) forget.delete(stream);
    },
  };
}

/** What a file says of itself. One without its end is mended. @returns undefined when it has no key */
async function readFacts(
  file: DiskFile,
  stream: string,
  mend: MendParts,
  onTrouble: RecordingsParts['onTrouble'],
): Promise<Recording | undefined> {
  const first = await readKeyMessage(file, stream);
  const key = first === undefined ? undefined : peek(videoKeyForm, documentIn(first.message));
  if (!key?.ok || key.value.claims.stream !== stream) return undefined;
  const { door, visit, iat } = key.value.claims;
  const ending = (await readEnding(file, stream)) ?? (await mendRecording(file, stream, mend).catch(told));
  return {
    stream,
    door,
    ...(visit === undefined ? {} : { visit }),
    startedMs: iat,
    frames: ending?.seq ?? 0,
    bytes: await file.size(),
    ...(ending?.end === undefined ? {} : { ended: { how: ending.end, atMs: ending.at } }),
    running: false,
  };

  // On a full disk it has no end yet, but it can be deleted like any other.
  function told(error: unknown): undefined {
    onTrouble(stream, error);
  }
}

async function readEnding(file: DiskFile, stream: string): Promise<Ending | undefined> {
  const last = await readLastCheckpoint(file, stream);
  const head = last === undefined ? undefined : peek(videoHeadForm, documentIn(last.message));
  return head?.ok && head.value.claims.end !== undefined ? head.value.claims : undefined;
}
