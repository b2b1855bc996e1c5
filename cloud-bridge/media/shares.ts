/** Keys that owner devices have shared with later ones: one JWS a line beside the recording. The newest for a device counts. */
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import { videoShareForm } from '../../wire/video.ts';

/** Sixteen devices, each a few times. */
const maxLines = 64;

async function linesOf(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'latin1')).split('\n').filter((line) => line.length > 0);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}

/** @returns the newest for each device; @param to  for this one alone: thumbprint of its `seal` key */
export async function readShares(path: string, to?: string): Promise<string[]> {
  const newest = new Map<string, string>();
  for (const line of await linesOf(path)) {
    // Torn by a power cut, or overwritten: it is none.
    const read = peek(videoShareForm, line);
    if (read.ok && (to === undefined || read.value.claims.to === to)) newest.set(read.value.claims.to, line);
  }
  return [...newest.values()];
}

/** Adds one; durable when it resolves. The same text again changes nothing. @returns RATE_LIMITED when there are too many */
export async function addShare(path: string, share: string): Promise<Verdict<undefined>> {
  const lines = await linesOf(path);
  if (lines.includes(share)) return accept(undefined);
  if (lines.length >= maxLines) return refuse('RATE_LIMITED', { what: 'shares' });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    // A line before it that a power cut has torn ends here.
    await file.appendFile(`\n${share}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return accept(undefined);
}
