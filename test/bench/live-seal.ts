/** `live.seal`: what the hub does with one picture before it is sent, against AES-256-GCM alone over the same bytes. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folderDisk } from '../../device/media/disk.ts';
import { openRecordings, type Recordings } from '../../device/media/recordings.ts';
import { openStream, type StreamParts, type VideoStream } from '../../device/media/stream.ts';
import { frameNonce } from '../../wire/media.ts';
import { newDoorId, newHubId, newSealJwk, newSignKey } from '../support/keys.ts';
import { type BenchResult, median } from './result.ts';

const sizes = { 'live.seal.13kB': 13_000, 'live.seal.40kB': 40_000 };
/** Many short rounds, each way in turn: what disturbs one disturbs the others. */
const rounds = 60;
const warmUpRounds = 15;
const framesARound = 150;
/** At 15 frames a second: one signature a second. */
const framesACheckpoint = 15;

type Way = 'seal' | 'checkpoints' | 'disk' | 'cipher' | 'floor';

/** Cipher and tag, and nothing else. */
function cipherAlone(key: Uint8Array, seq: number, picture: Uint8Array): Uint8Array[] {
  const cipher = createCipheriv('aes-256-gcm', key, frameNonce(seq));
  const body = cipher.update(picture);
  cipher.final();
  return [body, cipher.getAuthTag()];
}

/** What no chain and no sight can do without: the cipher, the hash of the message, the hash of the picture. */
function floor(key: Uint8Array, seq: number, picture: Uint8Array): void {
  const message = createHash('sha256');
  for (const part of cipherAlone(key, seq, picture)) message.update(part);
  message.digest();
  createHash('sha256').update(picture).digest();
}

async function openParts(recordings?: Recordings): Promise<StreamParts> {
  return {
    hubId: newHubId(),
    signKey: await newSignKey('EdDSA'),
    owners: () => ({ version: 0, devices: [{ sign: newSealJwk(), seal: newSealJwk() }] }),
    now: Date.now,
    randomBytes,
    ...(recordings === undefined ? {} : { recordings }),
    onDiskFailed: (error) => {
      throw error;
    },
  };
}

function openHere(folder: string, of: StreamParts): Promise<Recordings> {
  const shrug = async (): Promise<void> => undefined;
  return folderDisk(folder).then((disk) =>
    openRecordings({
      disk,
      hubId: of.hubId,
      signKey: of.signKey,
      now: Date.now,
      makeRoom: async () => false,
      onDeleted: shrug,
      onTrouble: () => undefined,
    }),
  );
}

async function addAll(stream: VideoStream, pictures: readonly Uint8Array[], signs: boolean): Promise<void> {
  for (const [index, data] of pictures.entries()) {
    stream.add({ key: true, data }, Date.now());
    if (signs && index % framesACheckpoint === framesACheckpoint - 1) await stream.checkpoint(0);
  }
}

interface Spent {
  readonly cpuUs: number;
  readonly ms: number;
}

/** @returns what it took, for one frame */
async function time(work: () => Promise<unknown> | unknown): Promise<Spent> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / framesARound, ms: (performance.now() - startedMs) / framesARound };
}

async function measure(name: string, bytes: number, folder: string): Promise<BenchResult> {
  const pictures = Array.from({ length: framesARound }, () => randomBytes(bytes));
  const bare = await openParts();
  const recordings = await openHere(folder, bare);
  const wish = { door: newDoorId(), codec: 'jpeg' } as const;
  const [sealing, signing] = [await openStream(wish, bare), await openStream(wish, bare)];
  const key = randomBytes(32);
  let seq = 0;
  const each = (work: (picture: Uint8Array) => unknown): void => {
    for (const picture of pictures) work(picture);
  };
  const ways: Record<Way, () => Promise<Spent>> = {
    seal: () => time(() => addAll(sealing, pictures, false)),
    checkpoints: () => time(() => addAll(signing, pictures, true)),
    disk: async () => {
      const stream = await openStream(wish, { ...bare, recordings });
      const spent = await time(() => addAll(stream, pictures, true));
      await stream.end('stopped', 0);
      await recordings.remove(stream.id, 'owner');
      return spent;
    },
    cipher: () => time(() => each((picture) => cipherAlone(key, ++seq, picture))),
    floor: () => time(() => each((picture) => floor(key, ++seq, picture))),
  };
  const order = Object.keys(ways) as Way[];
  const spent = Object.fromEntries(order.map((way) => [way, [] as Spent[]])) as Record<Way, Spent[]>;
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    for (const way of order) {
      await new Promise(setImmediate);
      const one = await ways[way]();
      if (round >= warmUpRounds) spent[way].push(one);
    }
    order.reverse();
  }
  const cpuUs = (way: Way): number => median(spent[way].map((one) => one.cpuUs));
  const [value, baseline] = [cpuUs('seal'), cpuUs('cipher')];
  const detail = {
    'AES-GCM and the two hashes that are needed, us': cpuUs('floor'),
    'ratio to that': value / cpuUs('floor'),
    'with a signed checkpoint every 15 frames, us': cpuUs('checkpoints'),
    'and recorded, us': cpuUs('disk'),
    'and recorded, until it is on the disk, ms': median(spent.disk.map(({ ms }) => ms)),
  };
  return { name, value, unit: 'us of CPU', baseline, ratio: value / baseline, bar: null, holds: null, detail };
}

/** On the disk of the working folder: a folder in memory would make nothing durable. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-live-'));
  try {
    const results: BenchResult[] = [];
    for (const [name, bytes] of Object.entries(sizes)) results.push(await measure(name, bytes, join(folder, name)));
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
