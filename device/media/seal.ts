/** Seals one picture: AES-256-GCM under the key of its stream, with header and key document authenticated. */
import { createCipheriv, createHash } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';
import {
  frameAad,
  frameHeader,
  frameNonce,
  headerBytes,
  type MediaHeader,
  maxPictureBytes,
  tagBytes,
} from '../../wire/media.ts';

/** What the frames of one stream are sealed with. */
export interface StreamSecret {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** SHA-256 of the key's document, 32 bytes. */
  readonly keyHash: Uint8Array;
}

/** A sealed picture, and the hash by which an owner's device says that it saw it. */
export interface Sealed {
  readonly message: Uint8Array;
  /** SHA-256 of the plaintext, base64url. */
  readonly picture: string;
}

const maxSeq = 2 ** 32 - 1;

/**
 * The nonce is the sequence number, so a key must never see the same one twice: the caller counts up from 1.
 * @param picture  1..maxPictureBytes bytes
 * @throws Fault MEDIA_TOO_BIG; MEDIA_MALFORMED for no picture at all, and past the last sequence number
 * @see NIST SP 800-38D section 8.2.1
 */
export function sealFrame(secret: StreamSecret, head: Omit<MediaHeader, 'type'>, picture: Uint8Array): Sealed {
  if (picture.length > maxPictureBytes) throw new Fault('MEDIA_TOO_BIG', { bytes: picture.length });
  if (picture.length === 0) throw new Fault('MEDIA_MALFORMED', { why: 'empty' });
  if (head.seq < 1 || head.seq > maxSeq) throw new Fault('MEDIA_MALFORMED', { why: 'seq' });
  const header = frameHeader(head);
  const cipher = createCipheriv('aes-256-gcm', secret.key, frameNonce(head.seq));
  cipher.setAAD(frameAad(header, secret.keyHash));
  const message = new Uint8Array(headerBytes + picture.length + tagBytes);
  message.set(header);
  message.set(cipher.update(picture), headerBytes);
  cipher.final();
  message.set(cipher.getAuthTag(), headerBytes + picture.length);
  return { message, picture: createHash('sha256').update(picture).digest('base64url') };
}
