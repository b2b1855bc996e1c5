/** One stream of sealed pictures: sealed under a key of its own, chained, recorded, signed about once a second. */
import { Fault } from '../../wire/faults.ts';
import { newId, type SignKey, signDocument } from '../../wire/jws.ts';
import { type Codec, writeDocumentMessage } from '../../wire/media.ts';
import { sealFor } from '../../wire/seal.ts';
import { type VideoHeadClaims, videoHeadForm, videoKeyForm } from '../../wire/video.ts';
import type { OwnersInForce } from '../grant/in-force.ts';
import { firstLink, nextLink, sha256, toLinkText } from './chain.ts';
import type { Recordings, RunningRecording } from './recordings.ts';
import { sealFrame } from './seal.ts';

export interface SealedFrame {
  readonly seq: number;
  readonly capturedMs: number;
  readonly isKey: boolean;
  readonly message: Uint8Array;
  /** SHA-256 of the plaintext, base64url. */
  readonly picture: string;
}

export interface StreamEnd {
  /** The last checkpoint. */
  readonly message: Uint8Array;
  readonly frames: number;
  /** The chain over all of them, base64url. */
  readonly hash: string;
}

export interface VideoStream {
  readonly id: string;
  readonly door: string;
  readonly visit?: string;
  readonly startedMs: number;
  /** The key message: first on the wire and in the file. */
  readonly keyMessage: Uint8Array;
  /**
   * Seals, chains, appends to the recording. Synchronous but for the disk: the message may be sent at once.
   * @param capturedMs  ms since 1970. A time before the last frame's, or before the start, counts as that one: times never go back
   * @throws Fault MEDIA_TOO_BIG, MEDIA_MALFORMED (no bytes), INTERNAL after the end; nothing was added then
   */
  add(picture: { readonly key: boolean; readonly data: Uint8Array }, capturedMs: number): SealedFrame;
  /**
   * Signs the chain so far. Frames that are added meanwhile stand before the checkpoint in the file; it says itself how far it reaches.
   * @param late  frames so far that the relay did not acknowledge while they were fresh
   * @returns the checkpoint message, once the recording is on the disk up to it - or once the disk has failed, which `onDiskFailed` told
   */
  checkpoint(late: number): Promise<Uint8Array>;
  /** Signs the end and destroys the key. Twice is as once. */
  end(how: 'stopped' | 'lost', late: number): Promise<StreamEnd>;
}

export interface StreamWish {
  readonly door: string;
  readonly visit?: string;
  readonly codec: Codec;
  readonly width?: number;
  readonly height?: number;
}

export interface StreamParts {
  readonly hubId: string;
  readonly signKey: SignKey;
  /** The owner list in force. */
  readonly owners: () => Pick<OwnersInForce, 'version' | 'devices'> | undefined;
  /** ms since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Where it is recorded; left out, it is shown alone. */
  readonly recordings?: Pick<Recordings, 'create'>;
  /** Once, when the recording goes no further: the picture stays live. */
  readonly onDiskFailed: (error: unknown) => void;
}

const keyBytes = 32;

/**
 * Starts a stream under a fresh key, sealed for the devices of the owner list as it is now. The key is in memory alone, until the end.
 * @throws Fault OWNER_MISSING when there is no owner's device to seal it for
 */
export async function openStream(wish: StreamWish, parts: StreamParts): Promise<VideoStream> {
  const owners = parts.owners();
  if (owners === undefined || owners.devices.length === 0) throw new Fault('OWNER_MISSING');
  const { hubId, signKey } = parts;
  const { codec, ...rest } = wish;
  const id = newId();
  const key = parts.randomBytes(keyBytes);
  const startedMs = Math.trunc(parts.now());
  try {
    const seals = owners.devices.map(({ seal }) => seal);
    const sealed = await sealFor(seals, key);
    const claims = { iss: hubId, stream: id, ...rest, iat: startedMs, codec, owners: owners.version, sealed };
    const document = await signDocument(videoKeyForm, claims, signKey);
    const keyMessage = writeDocumentMessage(
      { type: 'key', stream: id, seq: 0, capturedMs: startedMs, codec },
      document,
    );
    const of = { door: wish.door, ...(wish.visit === undefined ? {} : { visit: wish.visit }), startedMs };
    const file = parts.recordings?.create({ stream: id, ...of }, keyMessage, parts.onDiskFailed);
    const secret = { key, keyHash: sha256(document) };
    return { id, ...of, keyMessage, ...running({ id, codec, startedMs, secret, file, parts }) };
  } catch (error) {
    key.fill(0);
    throw error;
  }
}

interface Running {
  readonly id: string;
  readonly codec: Codec;
  readonly startedMs: number;
  readonly secret: { readonly key: Uint8Array; readonly keyHash: Uint8Array };
  readonly file: RunningRecording | undefined;
  readonly parts: StreamParts;
}

function running({
  id,
  codec,
  startedMs,
  secret,
  file,
  parts,
}: Running): Pick<VideoStream, 'add' | 'checkpoint' | 'end'> {
  let seq = 0;
  let lastMs = startedMs;
  let link = firstLink(secret.keyHash);
  let ending: Promise<StreamEnd> | undefined;
  /** Checkpoints are written one after the other. */
  let turn: Promise<unknown> = Promise.resolve();

  /** Signs the chain as it is at this moment. */
  const sign = async (head: {
    readonly late: number;
    readonly end?: 'stopped' | 'lost';
  }): Promise<{ message: Uint8Array; claims: VideoHeadClaims }> => {
    const at = Math.max(Math.trunc(parts.now()), lastMs);
    const claims = { iss: parts.hubId, stream: id, seq, hash: toLinkText(link), at, ...head };
    const before = turn;
    const signing = signDocument(videoHeadForm, claims, parts.signKey).then((document) =>
      writeDocumentMessage({ type: 'checkpoint', stream: id, seq: claims.seq, capturedMs: at, codec }, document),
    );
    const written = Promise.all([signing, before]).then(([message]) => {
      file?.append(message, 'checkpoint');
      return message;
    });
    turn = written.catch(() => undefined);
    return { message: await written, claims };
  };

  return {
    add: (picture, capturedMs) => {
      if (ending !== undefined) throw new Fault('INTERNAL', { why: 'the stream has ended' });
      const head = {
        stream: id,
        seq: seq + 1,
        capturedMs: Math.max(Math.trunc(capturedMs), lastMs),
        isKey: picture.key,
        codec,
      };
      const sealed = sealFrame(secret, head, picture.data);
      seq = head.seq;
      lastMs = head.capturedMs;
      link = nextLink(link, sealed.message);
      file?.append(sealed.message, 'frame');
      return { seq, capturedMs: lastMs, isKey: picture.key, ...sealed };
    },
    checkpoint: async (late) => {
      if (ending !== undefined) return (await ending).message;
      const { message } = await sign({ late });
      await file?.sync();
      return message;
    },
    end: (how, late) => {
      ending ??= (async () => {
        const signing = sign({ late, end: how });
        secret.key.fill(0);
        const { message, claims } = await signing;
        await file?.end(how, claims.at);
        return { message, frames: claims.seq, hash: claims.hash };
      })();
      return ending;
    },
  };
}
