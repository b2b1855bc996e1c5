/** A folder that only the hub's own user can read: 0700, its files 0600. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../../wire/faults.ts';

/** One folder and nothing below it, as little of it as secrets need: a test cuts it off at every step. */
export interface OwnFolder {
  readonly path: string;
  /** None when there is no folder. */
  names(): Promise<readonly string[]>;
  /** @returns undefined when there is no such file. @throws Fault SECRET_MISSING when others could have read it */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Makes a file, and the folder for it; its content is on the disk when this resolves. Rejects when there is one. */
  make(name: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** No error when there is none. */
  remove(name: string): Promise<void>;
  /** Names are on the disk when this resolves. */
  sync(): Promise<void>;
}

const othersMask = 0o077;

/**
 * The real folder, made when there is something to put.
 *
 * A file or folder that others can read, or that belongs to somebody else, is not used: its secret may be known.
 * @throws Fault (from its methods) SECRET_MISSING, `detail.why` saying what to do
 */
export function ownFolder(dir: string): OwnFolder {
  return {
    path: dir,
    names: () => attempt('list', dir, async () => readdir(dir).catch(ifMissing<string[]>([]))),
    read: (name) =>
      attempt('read', name, async () => {
        const path = join(dir, name);
        const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ifMissing(undefined));
        if (file === undefined) return undefined;
        try {
          await refuseShared(dir);
          await checkOwn(file, path);
          return await file.readFile();
        } finally {
          await file.close();
        }
      }),
    make: (name, bytes) =>
      attempt('write', name, async () => {
        const made = await mkdir(dir, { recursive: true, mode: 0o700 });
        if (made !== undefined) await syncFolder(dirname(made));
        await refuseShared(dir);
        const file = await open(join(dir, name), 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
      }),
    rename: (from, to) => attempt('write', to, () => rename(join(dir, from), join(dir, to))),
    remove: (name) => attempt('remove', name, () => rm(join(dir, name), { force: true })),
    sync: () => attempt('write', dir, () => syncFolder(dir)),
  };
}

/** Puts bytes in place of what is there: whole or not at all, on the disk when it resolves. */
export async function replaceWhole(folder: OwnFolder, name: string, bytes: Uint8Array): Promise<void> {
  const draft = `.${name}.${randomBytes(6).toString('hex')}`;
  try {
    await folder.make(draft, bytes);
    await folder.rename(draft, name);
    // A rename is durable only when its folder is.
    await folder.sync();
  } catch (cause) {
    await folder.remove(draft).catch(() => undefined);
    throw cause;
  }
}

async function attempt<T>(what: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('SECRET_MISSING', { why: `cannot ${what} ${name}: ${codeOf(cause) ?? 'unknown'}` }, { cause });
  }
}

const ifMissing =
  <T>(fallback: T) =>
  (cause: unknown): T => {
    if (codeOf(cause) === 'ENOENT') return fallback;
    throw cause;
  };

const openFolder = (dir: string): Promise<FileHandle> => open(dir, constants.O_RDONLY | constants.O_DIRECTORY);

async function refuseShared(dir: string): Promise<void> {
  const folder = await openFolder(dir);
  try {
    await checkOwn(folder, dir);
  } finally {
    await folder.close();
  }
}

async function checkOwn(handle: FileHandle, path: string): Promise<void> {
  const { mode, uid } = await handle.stat();
  const self = process.geteuid?.();
  if (self !== undefined && uid !== self) {
    throw new Fault('SECRET_MISSING', {
      path,
      why: 'it belongs to another user: give it to the user that runs the hub',
    });
  }
  if ((mode & othersMask) !== 0) {
    throw new Fault('SECRET_MISSING', {
      path,
      why: 'others can read it: remove their access (chmod go=), and replace the secret if they might have',
    });
  }
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await openFolder(dir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException | undefined)?.code;
