/**
 * How a recording goes: its key first, then the pictures, then the journal is told, then the relay. The name says how far it came, so
 * that a hub that is killed on the way goes on from there, and a full disk needs no byte for it:
 *
 * | name | what is left to do |
 * |---|---|
 * | `<stream>.rec` | nothing: it stays |
 * | `<stream>.<why>.<visit>.gone` | zeros over the key, cut to nothing, journal |
 * | `<stream>.forget` (empty) | the relay has to forget it too |
 *
 * Zeros are written in place. Flash and copying file systems may keep the old block for a while: what lies there is the key as it was
 * sealed for the owner's devices, never the key itself.
 */
import { codeOf, type Disk } from './disk.ts';
import { zerosForKey } from './file.ts';

/** Retention ran out, the owner said so, or the disk was full or had damaged it. */
export type Why = 'retention' | 'owner' | 'disk';

export interface Deleted {
  readonly stream: string;
  readonly visit?: string;
  readonly why: Why;
}

const goneName = /^([\w-]{22})\.(retention|owner|disk)\.([\w-]{22,43})?\.gone$/;
const forgetName = /^([\w-]{22})\.forget$/;

/** Marks a recording: from now on it is gone, whatever happens. @returns its name */
export async function condemn(disk: Disk, { stream, visit, why }: Deleted): Promise<string> {
  const name = `${stream}.${why}.${visit ?? ''}.gone`;
  await disk.rename(`${stream}.rec`, name);
  await disk.sync();
  return name;
}

/**
 * Destroys the key, then the pictures, and waits until it is written in the journal.
 * @param onDeleted  rejects when it could not be written: it is told again next time
 */
export async function destroy(disk: Disk, name: string, onDeleted: (deleted: Deleted) => Promise<void>): Promise<void> {
  const deleted = toDeleted(name);
  if (deleted === undefined) return;
  const file = await disk.open(name);
  try {
    const zeros = await zerosForKey(file);
    if (zeros.length > 0) {
      await file.write(0, zeros);
      await file.sync();
      await file.truncate(0);
      await file.sync();
    }
  } finally {
    await file.close();
  }
  await onDeleted(deleted);
  for (const note of (await disk.names()).filter(
    (one) => one.startsWith(`${deleted.stream}.`) && one.endsWith('.late'),
  )) {
    await disk.remove(note);
  }
  await disk.rename(name, `${deleted.stream}.forget`);
  await disk.sync();
}

/** What a name says that is under way. */
export function toDeleted(name: string): Deleted | undefined {
  const [, stream, why, visit] = goneName.exec(name) ?? [];
  if (stream === undefined) return undefined;
  return { stream, why: why as Why, ...(visit === undefined ? {} : { visit }) };
}

/** Streams that the relay has to forget. */
export const toForget = (names: readonly string[]): string[] =>
  names.flatMap((name) => forgetName.exec(name)?.[1] ?? []);

/** The relay has forgotten them. */
export async function forgotten(disk: Disk, streams: readonly string[]): Promise<void> {
  for (const stream of streams) await disk.remove(`${stream}.forget`);
  await disk.sync().catch((error: unknown) => {
    // Asked once more after a power cut: that is harmless.
    if (codeOf(error) === undefined) throw error;
  });
}
