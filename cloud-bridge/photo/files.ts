/** Sealed photos on disk, one file each, named after their hash. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface PhotoFiles {
  /** Whole or not at all; durable when it resolves. */
  put(hash: string, sealed: string): Promise<void>;
  /** @returns undefined for one that is not there */
  read(hash: string): Promise<string | undefined>;
  /** Overwrites it, then removes it. Harmless for one that is gone. (A file system that copies on write may keep old blocks.) */
  erase(hash: string): Promise<void>;
  /** Hashes of all that are there. */
  all(): Promise<readonly string[]>;
}

const isAway = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';
const suffix = '.jwe';

/** @param folder  made when it is missing */
export function photoFiles(folder: string): PhotoFiles {
  const pathOf = (hash: string): string => join(folder, `${hash}${suffix}`);

  async function force(path: string): Promise<void> {
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
  }

  return {
    put: async (hash, sealed) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${pathOf(hash)}.new`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, pathOf(hash));
      await force(folder);
    },
    read: async (hash) => {
      try {
        return await readFile(pathOf(hash), 'utf8');
      } catch (error) {
        if (isAway(error)) return undefined;
        throw error;
      }
    },
    erase: async (hash) => {
      try {
        const file = await open(pathOf(hash), 'r+');
        try {
          const { size } = await file.stat();
          await file.writev([Buffer.alloc(size)], 0);
          await file.datasync();
        } finally {
          await file.close();
        }
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      await rm(`${pathOf(hash)}.new`, { force: true });
      await rm(pathOf(hash), { force: true });
    },
    all: async () => {
      try {
        const names = await readdir(folder);
        return [...new Set(names.map((name) => name.slice(0, name.indexOf(suffix))).filter((name) => name !== ''))];
      } catch (error) {
        if (isAway(error)) return [];
        throw error;
      }
    },
  };
}
