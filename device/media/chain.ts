/** The hash chain over the frames of a stream: what a checkpoint signs. */
import { createHash } from 'node:crypto';
import { chainStart } from '../../wire/media.ts';

/** SHA-256, 32 bytes. */
export const sha256 = (...parts: readonly (Uint8Array | string)[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Before the first frame. @param keyHash  SHA-256 of the key's document */
export const firstLink = (keyHash: Uint8Array): Uint8Array => sha256(chainStart, keyHash);

/** @param frame  the whole message, header included */
export const nextLink = (before: Uint8Array, frame: Uint8Array): Uint8Array => sha256(before, sha256(frame));

/** As a checkpoint says it. */
export const toLinkText = (link: Uint8Array): string => Buffer.from(link).toString('base64url');
