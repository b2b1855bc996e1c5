/** The homes of `live.relay`: their ids, their one key, their streams. What the relay is shown is as a hub seals it; what is inside is noise. */
import { randomBytes } from 'node:crypto';
import { newId, type SignKey, signDocument, toSignKey } from '../../wire/jws.ts';
import { frameHeader, joinMessage, writeDocumentMessage } from '../../wire/media.ts';
import type { SignJwk } from '../../wire/shapes.ts';
import { videoKeyForm } from '../../wire/video.ts';
import { hubIdOf } from '../broker/pki.ts';

export type PrivateJwk = SignJwk & { d: string };

const seedOf = (index: number): string => `live${index}x`;
export const homeAt = (index: number): { seed: string; hubId: string; door: string; home: string } => {
  const hubId = hubIdOf(seedOf(index));
  return { seed: seedOf(index), hubId, door: hubId.replace('hub-', 'door-'), home: `home${index}x`.padEnd(22, '0') };
};

export interface NoiseStream {
  readonly keyMessage: Uint8Array;
  /** The next frame, taken now: a buffer of its own, as one from a socket. */
  next(): Uint8Array;
}

/** @param bytes  of a picture. A key picture each second */
export async function openNoise(index: number, signJwk: PrivateJwk, bytes: number): Promise<NoiseStream> {
  const { hubId, door } = homeAt(index);
  const key: SignKey = await toSignKey(signJwk);
  const stream = newId();
  const iat = Date.now();
  const claims = { iss: hubId, stream, door, iat, codec: 'jpeg' as const, owners: 0, sealed: 'x'.repeat(600) };
  const document = await signDocument(videoKeyForm, claims, key);
  const sealed = randomBytes(bytes + 16);
  let seq = 0;
  return {
    keyMessage: writeDocumentMessage({ type: 'key', stream, seq: 0, capturedMs: iat, codec: 'jpeg' }, document),
    next: () => {
      seq += 1;
      const head = { stream, seq, capturedMs: Date.now(), isKey: seq % 15 === 1, codec: 'jpeg' as const };
      return joinMessage(frameHeader(head), sealed);
    },
  };
}
