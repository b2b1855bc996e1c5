/** Ends a recording that its process did not end: the torn tail goes, the chain is followed again, the hub signs how far it holds. */

import { type SignKey, signDocument } from '../../wire/jws.ts';
import { documentIn, writeDocumentMessage } from '../../wire/media.ts';
import { verifyVideoHead, verifyVideoKey } from '../../wire/verify-video.ts';
import { type VideoHeadClaims, videoHeadForm } from '../../wire/video.ts';
import { firstLink, nextLink, sha256, toLinkText } from './chain.ts';
import type { DiskFile } from './disk.ts';
import { readRecords, type Stored, toRecords } from './file.ts';

export interface MendParts {
  readonly hubId: string;
  readonly signKey: SignKey;
  /** ms since 1970. */
  readonly now: () => number;
}

/** How a recording ends: what its last checkpoint says. */
export type Ending = Pick<VideoHeadClaims, 'seq' | 'hash' | 'at' | 'end' | 'late'>;

/**
 * Cuts what is no whole message, then appends a last checkpoint that says `lost`, durably.
 *
 * What checkpoints vouched for is compared: where the frames are not those that the hub signed for, the last checkpoint reaches no
 * further than they were. The frames behind stay in the file, and nobody takes them for signed.
 * @returns undefined when the file has no key that this hub signed: it is left as it is
 */
export async function mendRecording(file: DiskFile, stream: string, parts: MendParts): Promise<Ending | undefined> {
  const { hubId, signKey } = parts;
  const found = await followFile(file, stream, parts);
  if (found === undefined) return undefined;
  if ((await file.size()) > found.to) await file.truncate(found.to);
  if (found.end !== undefined) return found.end;
  const late = found.late === undefined ? {} : { late: found.late };
  const claims = {
    iss: hubId,
    stream,
    ...found.holds,
    at: Math.max(Math.trunc(parts.now()), found.lastMs),
    end: 'lost',
    ...late,
  } as const;
  const head = { type: 'checkpoint', stream, seq: claims.seq, capturedMs: claims.at, codec: 'jpeg' } as const;
  const message = writeDocumentMessage(head, await signDocument(videoHeadForm, claims, signKey));
  await file.write(found.to, toRecords([message]));
  await file.sync();
  return claims;
}

interface Found {
  /** Where whole messages end. */
  readonly to: number;
  /** How far the chain agrees with every checkpoint. */
  readonly holds: { readonly seq: number; readonly hash: string };
  /** The last time that the file tells, ms. */
  readonly lastMs: number;
  readonly late?: number;
  /** It was ended after all. */
  readonly end?: Ending;
}

async function followFile(file: DiskFile, stream: string, { hubId, signKey }: MendParts): Promise<Found | undefined> {
  /** Links since the last checkpoint, by frame: a checkpoint may stand behind frames that it does not cover. */
  const links = new Map<number, string>();
  let found: Found | undefined;
  let link: Uint8Array = new Uint8Array();
  let [seq, isWhole, vouched] = [0, true, { seq: 0, hash: '' }];

  const begin = async (key: Stored): Promise<Found | undefined> => {
    const jws = documentIn(key.message);
    const verified = await verifyVideoKey(jws, signKey, hubId);
    if (key.message.type !== 'key' || !verified.ok || verified.value.stream !== stream) return undefined;
    link = firstLink(sha256(jws));
    vouched = { seq: 0, hash: toLinkText(link) };
    links.set(0, vouched.hash);
    return { to: key.to, holds: vouched, lastMs: verified.value.iat };
  };
  const takeFrame = ({ message, bytes, to }: Stored, before: Found): Found => {
    isWhole &&= message.seq === seq + 1;
    if (!isWhole) return { ...before, to };
    seq = message.seq;
    link = nextLink(link, bytes);
    const hash = toLinkText(link);
    links.set(seq, hash);
    return { ...before, to, holds: { seq, hash }, lastMs: Math.max(before.lastMs, message.capturedMs) };
  };
  const takeCheckpoint = async ({ message, to }: Stored, before: Found): Promise<Found> => {
    const verified = await verifyVideoHead(documentIn(message), signKey, { hubId, stream });
    if (!verified.ok) return { ...before, to };
    const claims = verified.value;
    const late = claims.late === undefined ? {} : { late: claims.late };
    const end = claims.end === undefined ? {} : { end: claims };
    const next = { ...before, to, lastMs: Math.max(before.lastMs, claims.at), ...late, ...end };
    if (isWhole && links.get(claims.seq) === claims.hash) {
      vouched = { seq: claims.seq, hash: claims.hash };
      for (const old of links.keys()) if (old < claims.seq) links.delete(old);
      return next;
    }
    isWhole = false;
    return { ...next, holds: vouched };
  };

  for await (const stored of readRecords(file, stream)) {
    if (found === undefined) found = await begin(stored);
    else if (stored.message.type === 'frame') found = takeFrame(stored, found);
    else if (stored.message.type === 'checkpoint') found = await takeCheckpoint(stored, found);
    else found = { ...found, to: stored.to };
    if (found === undefined) return undefined;
  }
  return found;
}
