/** The disk that recordings lie on, as little of it as they need: a test takes it away, fills it up, cuts it off. */
import { type FileHandle, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** One open file. Its methods reject with what the system says (`code` ENOSPC, EIO, …). */
export interface DiskFile {
  /** @returns `bytes` bytes from `at`, fewer only at the end of the file */
  read(at: number, bytes: number): Promise<Uint8Array>;
  /** Writes all of it, or rejects; what was written of it then is written over next time. */
  write(at: number, bytes: Uint8Array): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  /** Content and size are on the disk when this resolves. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** One folder, and nothing below it. */
export interface Disk {
  names(): Promise<readonly string[]>;
  /** For its owner alone (0600). Rejects with EEXIST when there is one. */
  make(name: string): Promise<DiskFile>;
  open(name: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** No error when there is none. */
  remove(name: string): Promise<void>;
  /** Names are on the disk when this resolves. */
  sync(): Promise<void>;
  /** Bytes that this user may still write. */
  freeBytes(): Promise<number>;
}

/** Does it fail for want of room? */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
/** What the system calls the error. */
export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** The real folder, made (0700) when there is none. */
export async function folderDisk(dir: string): Promise<Disk> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return {
    names: () => readdir(dir),
    make: async (name) => toFile(await open(join(dir, name), 'wx+', 0o600)),
    open: async (name) => toFile(await open(join(dir, name), 'r+')),
    rename: (from, to) => rename(join(dir, from), join(dir, to)),
    remove: (name) => rm(join(dir, name), { force: true }),
    sync: async () => {
      const folder = await open(dir, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(dir);
      return bavail * bsize;
    },
  };
}

const toFile = (handle: FileHandle): DiskFile => ({
  read: async (at, bytes) => {
    const buffer = new Uint8Array(bytes);
    let have = 0;
    while (have < bytes) {
      const { bytesRead } = await handle.read(buffer, have, bytes - have, at + have);
      if (bytesRead === 0) break;
      have += bytesRead;
    }
    return buffer.subarray(0, have);
  },
  write: async (at, bytes) => {
    let done = 0;
    while (done < bytes.length) {
      done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    }
  },
  truncate: (bytes) => handle.truncate(bytes),
  size: async () => (await handle.stat()).size,
  sync: () => handle.datasync(),
  close: () => handle.close(),
});
