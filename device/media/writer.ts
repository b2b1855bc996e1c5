/** Appends the messages of a running stream to its file, in order, behind the caller's back: a slow disk holds up no picture. */
import { type Disk, type DiskFile, isFull } from './disk.ts';
import { recordBytes, toRecords } from './file.ts';

export interface WriterParts {
  readonly disk: Disk;
  readonly name: string;
  /** The disk is full. @returns whether there is more room now than before */
  readonly makeRoom: () => Promise<boolean>;
  /** Once, when nothing more is written: the disk refused, or fell too far behind. */
  readonly onFailed: (error: unknown) => void;
}

export interface Writer {
  /** Bytes in the file, those that wait for the disk included. */
  readonly bytes: number;
  append(message: Uint8Array): void;
  /** @returns whether all that was appended so far is on the disk. Never rejects */
  sync(): Promise<boolean>;
  /** After all that was appended. Never rejects */
  close(): Promise<void>;
}

/** What may wait for the disk, bytes: more than a minute of pictures. */
export const maxWaitingBytes = 16 * 2 ** 20;

/** Makes the file with the first append. */
export function openWriter({ disk, name, makeRoom, onFailed }: WriterParts): Writer {
  let file: DiskFile | undefined;
  let size = 0;
  let appended = 0;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isNameSynced = false;
  let isFailed = false;
  let turn: Promise<void> = Promise.resolve();

  const fail = (error: unknown): void => {
    if (isFailed) return;
    isFailed = true;
    waiting = [];
    waitingBytes = 0;
    onFailed(error);
  };
  const withRoom = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isFull(error) || !(await makeRoom())) throw error;
      }
    }
  };
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const bytes = toRecords(waiting);
    waiting = [];
    waitingBytes = 0;
    const open = file ?? (await withRoom(() => disk.make(name)));
    file = open;
    await withRoom(() => open.write(size, bytes));
    size += bytes.length;
  };
  const sync = async (): Promise<void> => {
    await withRoom(async () => file?.sync());
    if (isNameSynced) return;
    await disk.sync();
    isNameSynced = true;
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(async () => {
      if (!isFailed) await work().catch(fail);
    });
    return turn;
  };

  return {
    get bytes() {
      return isFailed ? size : appended;
    },
    append: (message) => {
      if (isFailed) return;
      waiting.push(message);
      waitingBytes += recordBytes(message);
      appended += recordBytes(message);
      if (waitingBytes > maxWaitingBytes) fail(new RangeError('the disk is too slow'));
      else if (waiting.length === 1) void inTurn(flush);
    },
    sync: async () => {
      await inTurn(async () => {
        await flush();
        await sync();
      });
      return !isFailed;
    },
    close: async () => {
      await inTurn(flush);
      await turn;
      await file?.close().catch(() => undefined);
    },
  };
}
