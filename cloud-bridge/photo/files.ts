/** Sealed photos on disk, one file each, named after their hash. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../wire/jws.ts';

/** A file that is on disk, and is no photo yet: each sending has its own, so that none touches another's. */
export interface Draft {
  /** It is the photo from now on; durable when it resolves. Quick: it belongs into the transaction that records the photo. */
  keep(): Promise<void>;
  /** Overwrites it, then removes it. */
  drop(): Promise<void>;
}

export interface PhotoFiles {
  /** Durable when it resolves. */
  draft(hash: string, sealed: string): Promise<Draft>;
  /** @returns undefined for one that is not there */
  read(hash: string): Promise<string | undefined>;
  /** Overwrites it, then removes it. Harmless for one that is gone. (A file system that copies on write may keep old blocks.) */
  erase(hash: string): Promise<void>;
  /** Erases drafts that were left behind, and what is no photo of anybody's. */
  eraseStrays(isPhoto: (hash: string) => Promise<boolean>): Promise<void>;
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

  async function eraseFile(path: string): Promise<void> {
    try {
      const file = await open(path, 'r+');
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
    await rm(path, { force: true });
  }

  async function names(): Promise<readonly string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isAway(error)) return [];
      throw error;
    }
  }

  return {
    draft: async (hash, sealed) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = `${pathOf(hash)}.${newId()}`;
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      return {
        keep: async () => {
          await rename(path, pathOf(hash));
          await force(folder);
        },
        drop: () => eraseFile(path),
      };
    },
    read: async (hash) => {
      try {
        return await readFile(pathOf(hash), 'utf8');
      } catch (error) {
        if (isAway(error)) return undefined;
        throw error;
      }
    },
    erase: (hash) => eraseFile(pathOf(hash)),
    eraseStrays: async (isPhoto) => {
      for (const name of await names()) {
        if (name.endsWith(suffix) && (await isPhoto(name.slice(0, -suffix.length)))) continue;
        await eraseFile(join(folder, name));
      }
    },
  };
}
