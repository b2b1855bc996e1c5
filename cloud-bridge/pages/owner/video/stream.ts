/** One stream as it comes: opens its pictures, and names what was done to them on their way. */
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import { type Codec, documentIn, frameAad, frameNonce, type MediaMessage } from '../../../../wire/media.ts';
import { type VideoHeadClaims, videoHeadForm } from '../../../../wire/video.ts';
import { owned } from '../../common/bytes.ts';
import { verifyDocument } from '../device/documents.ts';
import { createChain } from './chain.ts';
import type { Home, OpenKey } from './stream-key.ts';

/** A picture that the hub sealed, opened. */
export interface Picture {
  readonly seq: number;
  /** ms since 1970, by the hub's clock. */
  readonly capturedMs: number;
  readonly isKey: boolean;
  readonly codec: Codec;
  readonly data: Uint8Array;
  /** Pictures before it are missing: what depends on them cannot be decoded. */
  readonly afterGap: boolean;
}

export type Taken =
  | { readonly is: 'picture'; readonly picture: Picture }
  /** `covered`: the chain holds from the checkpoint before up to this one. */
  | { readonly is: 'checkpoint'; readonly claims: VideoHeadClaims; readonly covered: boolean };

export interface Stream {
  readonly id: string;
  readonly key: OpenKey;
  /** Number of the last picture that was taken; 0 before the first. */
  readonly last: number;
  /** How the hub said that it ended. */
  readonly ended: 'stopped' | 'lost' | undefined;
  /**
   * Takes the next message. One at a time, in the order in which they came.
   * @returns VIDEO_FRAME_REPLAYED, VIDEO_FRAME_ALTERED, VIDEO_HEAD_…, VIDEO_CHAIN_BROKEN; VIDEO_KEY_NOT_GENUINE for another stream
   */
  take(message: MediaMessage, bytes: Uint8Array): Promise<Verdict<Taken>>;
  /** The relay said that it left these out. */
  skipped(from: number, to: number): void;
  /** Numbers that are missing although nobody said so, since the last call: VIDEO_FRAME_MISSING. */
  missing(): readonly (readonly [number, number])[];
}

/** A hub signs about once a second; this many frames without a signature are none of its doing. */
const maxUnsigned = 150;

/** @param fromStart  true for a recording; false for a viewer that joins a running stream */
export async function openStream(key: OpenKey, home: Home, fromStart: boolean): Promise<Stream> {
  const { stream: id, codec } = key.claims;
  const chain = await createChain(key.hash, fromStart);
  let last = 0;
  let ended: 'stopped' | 'lost' | undefined;
  let skips: (readonly [number, number])[] = [];
  let holes: (readonly [number, number])[] = [];
  let broken = false;

  const isOwned = (from: number, to: number): boolean => {
    let at = from;
    for (const [first, end] of skips) if (first <= at && end >= at) at = end + 1;
    return at > to;
  };

  /** Notes what lies between the last picture and this number. @returns whether anything does */
  const step = (seq: number): boolean => {
    const joins = last === 0 && !fromStart;
    const gap = seq > last + 1 && !joins;
    if (gap && !isOwned(last + 1, seq - 1)) holes.push([last + 1, seq - 1]);
    if (gap) skips = skips.filter(([, to]) => to >= seq);
    last = seq;
    return gap || joins;
  };

  const open = async ({ header, body, seq }: MediaMessage): Promise<Uint8Array | undefined> => {
    const iv = owned(frameNonce(seq));
    const additionalData = owned(frameAad(header, key.hash));
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key.key, owned(body)));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'OperationError') return undefined;
      throw error;
    }
  };

  async function takeFrame(message: MediaMessage, bytes: Uint8Array): Promise<Verdict<Taken>> {
    const { seq, capturedMs, isKey } = message;
    if (seq <= last || ended !== undefined) return refuse('VIDEO_FRAME_REPLAYED', { seq, last });
    const data = message.codec === codec ? await open(message) : undefined;
    // its number is not believed: whoever altered the picture could have altered that
    if (data === undefined) {
      broken = true;
      return refuse('VIDEO_FRAME_ALTERED', { seq });
    }
    if (broken && seq > last + 1) skips.push([last + 1, seq - 1]);
    const afterGap = step(seq) || broken;
    broken = false;
    await chain.add(seq, bytes);
    if (chain.waiting > maxUnsigned) {
      broken = true;
      return refuse('VIDEO_CHAIN_BROKEN', { seq, why: 'no checkpoint' });
    }
    return accept({ is: 'picture', picture: { seq, capturedMs, isKey, codec, data, afterGap } });
  }

  async function takeCheckpoint(message: MediaMessage): Promise<Verdict<Taken>> {
    const verified = await verifyDocument(videoHeadForm, documentIn(message), [home.hubKey], 'VIDEO_HEAD_NOT_GENUINE');
    if (!verified.ok) return verified;
    const { claims } = verified.value;
    if (claims.iss !== home.hub || claims.stream !== id) return refuse('VIDEO_HEAD_NOT_GENUINE', { why: 'stream' });
    const fit = await chain.check(claims.seq, claims.hash);
    if (fit === 'broken') return refuse('VIDEO_CHAIN_BROKEN', { seq: claims.seq });
    // what never came shows when the next picture comes; after the last one, it shows here
    if (claims.end !== undefined && claims.seq > last && !isOwned(last + 1, claims.seq))
      holes.push([last + 1, claims.seq]);
    ended ??= claims.end;
    return accept({ is: 'checkpoint', claims, covered: fit === 'fits' });
  }

  return {
    id,
    key,
    get last() {
      return last;
    },
    get ended() {
      return ended;
    },
    take: async (message, bytes) => {
      if (message.stream !== id) return refuse('VIDEO_KEY_NOT_GENUINE', { why: 'stream' });
      return message.type === 'frame' ? takeFrame(message, bytes) : takeCheckpoint(message);
    },
    skipped: (from, to) => {
      skips.push([from, to]);
      skips = skips.slice(-64);
    },
    missing: () => {
      const found = holes;
      holes = [];
      return found;
    },
  };
}
