/** Is there room on the disk? */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Finding, fail, ok, warn } from './finding.ts';

export interface Room {
  readonly freeBytes: number;
  /** Files that may still be made; undefined where the file system counts none. */
  readonly freeFiles?: number;
}

/** Less, and the journal may be refused at any moment. */
const leastBytes = 32 * 2 ** 20;
const leastFiles = 64;
const inMb = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;

/** The room for the folder, or for the nearest one above it that is there. */
export async function roomAt(dir: string): Promise<Room> {
  try {
    const { bavail, bsize, ffree, files } = await statfs(dir);
    return { freeBytes: bavail * bsize, ...(files > 0 ? { freeFiles: ffree } : {}) };
  } catch (cause) {
    if (dirname(dir) === dir) throw cause;
    return roomAt(dirname(dir));
  }
}

/** @param reserveBytes  what recordings leave free */
export function checkDisk({ freeBytes, freeFiles }: Room, reserveBytes: number): Finding {
  const fix = 'Free disk space, or put the data folder on a larger disk.';
  if (freeBytes < leastBytes) {
    return fail(
      'disk',
      'JOURNAL_UNAVAILABLE',
      `${inMb(freeBytes)} free: without room for the journal nothing unlocks`,
      fix,
    );
  }
  if (freeFiles !== undefined && freeFiles < leastFiles) {
    return fail('disk', 'JOURNAL_UNAVAILABLE', `room for ${freeFiles} more files only`, fix);
  }
  if (freeBytes < reserveBytes) {
    return warn(
      'disk',
      `${inMb(freeBytes)} free, less than recordings must leave (${inMb(reserveBytes)}): the oldest go`,
      fix,
    );
  }
  return ok('disk', `${inMb(freeBytes)} free`);
}
