/** The task link: what a courier's device and the carrier's dispatch compare before anything is signed. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';

/** Token of a task link: 256 random bits, base64url. */
export const TaskToken = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));

/**
 * Six digits that stand for a device key. The courier tells them to the dispatch over the carrier's own channel; the dispatch signs
 * only for the key whose digits match, so that whoever claims a forwarded link is confirmed by nobody.
 *
 * The first 8 bytes of SHA-256 over `doorward-device-check-1:<jkt>`, as a big-endian number, modulo 1 000 000, with leading zeros.
 * @param jkt  RFC 7638 thumbprint of the device key
 */
export const deviceCheck = (jkt: string): string => toCheck(createHash('sha256').update(checkInput(jkt)).digest());

/** What is hashed for `deviceCheck`: a browser does so with its own means. */
export const checkInput = (jkt: string): string => `doorward-device-check-1:${jkt}`;

/** @param digest  SHA-256 of `checkInput` */
export const toCheck = ({ buffer, byteOffset }: Uint8Array): string =>
  (new DataView(buffer, byteOffset).getBigUint64(0) % 1_000_000n).toString().padStart(6, '0');
