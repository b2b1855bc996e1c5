/** Deletes a recording: the key first, then the pictures. What is interrupted in between is done again from the start, harmlessly. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Place } from './places.ts';
import { lengthBytes, readAt } from './rec-file.ts';

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Overwrites the first bytes of a file and forces that to disk. @param bytes  how many, by what stands there */
async function overwrite(path: string, bytes: (file: FileHandle, size: number) => Promise<number>): Promise<void> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, await bytes(file, size));
    if (length > 0) await file.writev([Buffer.alloc(length)], 0);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * Overwrites every copy of the wrapped key: the key message and what owner devices shared. What is left is noise to everybody.
 * (A file system that copies on write may keep old blocks; the key in them was sealed for the owner's devices.)
 */
export async function eraseKey({ recording, shares }: Place): Promise<void> {
  await overwrite(recording, async (file) => {
    const length = await readAt(file, 0, lengthBytes);
    return length === undefined ? lengthBytes : lengthBytes + length.readUInt32BE();
  });
  await overwrite(shares, async (_file, size) => size);
}

/** Then everything else. */
export async function erasePictures({ recording, shares }: Place): Promise<void> {
  await rm(shares, { force: true });
  await rm(recording, { force: true });
}
