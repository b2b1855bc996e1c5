/** What the tests of recordings share: a hub with owners, folders that go with their test, a disk that fails when told. */
import { createHash, createPublicKey, generateKeyPairSync, type JsonWebKey, randomBytes, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactDecrypt, generalDecrypt } from 'jose';
import type { Test } from 'tap';
import { type Disk, type DiskFile, folderDisk } from '../../../device/media/disk.ts';
import { openRecordings, type Recordings, type RecordingsParts } from '../../../device/media/recordings.ts';
import type { Deleted } from '../../../device/media/removal.ts';
import { openStream, type StreamParts, type StreamWish, type VideoStream } from '../../../device/media/stream.ts';
import { newId, type SignKey, toSignKey } from '../../../wire/jws.ts';
import type { EcJwk, OkpJwk } from '../../../wire/shapes.ts';
import { newDoorId, newHubId, newSignKey } from '../../support/keys.ts';

export const startMs = 1_790_000_000_000;
export const hubId = newHubId();
export const door = newDoorId();

export function makeFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-recordings-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An owner's device: it seals with the public half, and opens with the private one as a browser does. */
export interface Phone {
  readonly device: { readonly sign: EcJwk; readonly seal: EcJwk };
  readonly open: (sealed: string) => Promise<Uint8Array>;
}

export async function newPhone(): Promise<Phone> {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', publicKey);
  const sign = (await newSignKey('ES256')).jwk as EcJwk;
  return {
    device: { sign, seal: { kty, crv, x, y } as EcJwk },
    open: async (sealed) => {
      const { plaintext } = sealed.startsWith('{')
        ? await generalDecrypt(JSON.parse(sealed), privateKey)
        : await compactDecrypt(sealed, privateKey);
      return plaintext;
    },
  };
}

export const phone = await newPhone();
/** The hub's key; a child process gets it as it is exported. */
const exported = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as unknown as OkpJwk & {
  d: string;
};
export const exportKeyOf = (): object => exported;
export const signKey: SignKey = await toSignKey(exported);
export const hubPublic = createPublicKey({ key: signKey.jwk as JsonWebKey, format: 'jwk' });

/** A clock that a test sets. */
export const time = { ms: startMs };

/** What a test can do to the disk under the recordings. */
export interface Fate {
  /** Bytes that may still be written to files; undefined: any number. */
  room?: number | undefined;
  /** Every write, sync and rename fails with this code. */
  fails?: string | undefined;
  /** The power goes after so many more calls. */
  diesAfter?: number | undefined;
  /** Calls, by name. */
  readonly calls: string[];
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new RangeError(code), { code });

/** The same folder on a disk that has little room, or fails. Deleting bytes gives room back. */
export function fatedDisk(disk: Disk, fate: Fate): Disk {
  const check = (what: string): void => {
    fate.calls.push(what);
    if (fate.diesAfter !== undefined && --fate.diesAfter < 0) throw failure('EIO');
    if (fate.fails !== undefined) throw failure(fate.fails);
  };
  const wrap = (file: DiskFile, name: string): DiskFile => ({
    ...file,
    write: async (at, bytes) => {
      check(`write ${name}`);
      const grows = Math.max(0, at + bytes.length - (await file.size()));
      if (fate.room !== undefined && grows > fate.room) {
        // As a real disk: what fits is written.
        await file.write(at, bytes.subarray(0, bytes.length - grows + fate.room));
        fate.room = 0;
        throw failure('ENOSPC');
      }
      if (fate.room !== undefined) fate.room -= grows;
      await file.write(at, bytes);
    },
    truncate: async (bytes) => {
      check(`truncate ${name}`);
      const before = await file.size();
      await file.truncate(bytes);
      if (fate.room !== undefined) fate.room += before - bytes;
    },
    sync: async () => {
      check(`sync ${name}`);
      await file.sync();
    },
  });
  return {
    ...disk,
    make: async (name) => {
      check(`make ${name}`);
      return wrap(await disk.make(name), name);
    },
    open: async (name) => wrap(await disk.open(name), name),
    rename: async (from, to) => {
      check(`rename ${from} ${to}`);
      await disk.rename(from, to);
    },
    remove: async (name) => {
      check(`remove ${name}`);
      await disk.remove(name);
    },
    sync: async () => {
      check('sync folder');
      await disk.sync();
    },
    freeBytes: async () => fate.room ?? disk.freeBytes(),
  };
}

export interface Shelf {
  readonly folder: string;
  readonly disk: Disk;
  readonly fate: Fate;
  readonly deleted: Deleted[];
  readonly troubles: string[];
  readonly recordings: Recordings;
  /** The hub after a restart. */
  readonly again: (change?: Partial<RecordingsParts>) => Promise<Recordings>;
}

/** Recordings in a folder of their own. */
export async function makeShelf(
  t: Test,
  change: Partial<RecordingsParts> = {},
  folder = makeFolder(t),
): Promise<Shelf> {
  const fate: Fate = { calls: [] };
  const disk = fatedDisk(await folderDisk(folder), fate);
  const [deleted, troubles]: [Deleted[], string[]] = [[], []];
  const parts: RecordingsParts = {
    disk,
    hubId,
    signKey,
    now: () => time.ms,
    makeRoom: async () => false,
    onDeleted: async (one) => void deleted.push(one),
    onTrouble: (stream, error) => void troubles.push(`${stream} ${(error as NodeJS.ErrnoException).code ?? error}`),
    ...change,
  };
  const again = (more: Partial<RecordingsParts> = {}) => openRecordings({ ...parts, ...more });
  return { folder, disk, fate, deleted, troubles, recordings: await again(), again };
}

/** Starts a stream at this door. */
export const start = (
  recordings: Recordings | undefined,
  wish: Partial<StreamWish> = {},
  change: Partial<StreamParts> = {},
): Promise<VideoStream> =>
  openStream(
    { door, visit: newId(), codec: 'jpeg', ...wish },
    {
      hubId,
      signKey,
      owners: () => ({ version: 1, devices: [phone.device] }),
      now: () => time.ms,
      randomBytes: (count) => new Uint8Array(randomBytes(count)),
      ...(recordings === undefined ? {} : { recordings }),
      onDiskFailed: (error) => {
        throw error;
      },
      ...change,
    },
  );

export const picture = (bytes = 200): Uint8Array => new Uint8Array(randomBytes(bytes));

/** A recording of so many frames, with a checkpoint after every third. @returns its stream, ended */
export async function record(
  recordings: Recordings,
  frames: number,
  wish: Partial<StreamWish> = {},
  change: Partial<StreamParts> = {},
): Promise<{ stream: VideoStream; pictures: Uint8Array[] }> {
  const stream = await start(recordings, wish, change);
  const pictures: Uint8Array[] = [];
  for (let n = 1; n <= frames; n += 1) {
    const data = picture();
    pictures.push(data);
    stream.add({ key: n === 1, data }, time.ms + n * 66);
    if (n % 3 === 0) await stream.checkpoint(0);
  }
  await stream.end('stopped', 0);
  return { stream, pictures };
}

export const sha = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
