/** Secrets as files that only the hub's own user can read. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../wire/faults.ts';
import type { Secrets } from './secrets.ts';

const nameForm = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const othersMask = 0o077;

/**
 * Keeps each secret in a file of its own: the folder 0700, the files 0600, replaced whole.
 *
 * A file or folder that others can read, or that belongs to somebody else, is not used: its secret may be known.
 * @param dir  made when there is something to put
 * @throws Fault (from its methods) SECRET_MISSING, `detail.why` saying what to do
 */
export function fileSecrets(dir: string): Secrets {
  return {
    get: async (name) => {
      const path = pathOf(dir, name);
      const file = await openOrUndefined(path, name);
      if (file === undefined) return undefined;
      try {
        await refuseShared(await openFolder(dir), dir);
        await checkOwn(file, path);
        return await file.readFile();
      } catch (cause) {
        throw cause instanceof Fault ? cause : cannot('read', name, cause);
      } finally {
        await file.close();
      }
    },

    put: async (name, bytes) => {
      const path = pathOf(dir, name);
      const next = join(dir, `.${name}.${randomBytes(6).toString('hex')}`);
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await refuseShared(await openFolder(dir), dir);
        await writeNew(next, bytes);
        await rename(next, path);
        await syncFolder(dir);
      } catch (cause) {
        await rm(next, { force: true }).catch(() => undefined);
        throw cause instanceof Fault ? cause : cannot('write', name, cause);
      }
    },

    remove: async (name) => {
      const path = pathOf(dir, name);
      try {
        await rm(path);
        await syncFolder(dir);
      } catch (cause) {
        if (codeOf(cause) !== 'ENOENT') throw cannot('remove', name, cause);
      }
    },
  };
}

/** A name is one plain word: nothing that leaves the folder, nothing hidden. */
function pathOf(dir: string, name: string): string {
  if (!nameForm.test(name)) throw new Fault('SECRET_MISSING', { why: 'a name is 1 to 64 of A-Z a-z 0-9 . _ -' });
  return join(dir, name);
}

async function openOrUndefined(path: string, name: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cannot('read', name, cause);
  }
}

const openFolder = (dir: string): Promise<FileHandle> => open(dir, constants.O_RDONLY | constants.O_DIRECTORY);

/** Closes what it checks. */
async function refuseShared(folder: FileHandle, dir: string): Promise<void> {
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

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable only when its folder is. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await openFolder(dir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException | undefined)?.code;

const cannot = (what: string, name: string, cause: unknown): Fault =>
  new Fault('SECRET_MISSING', { why: `cannot ${what} ${name}: ${codeOf(cause) ?? 'unknown'}` }, { cause });
