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

/** What the visitor's page needs of a task link. */
export interface TaskLink {
  readonly token: string;
  /** The API, no path. */
  readonly api: string;
}

const Fragment = v.pipe(v.string(), v.regex(/^#[^@]+@https?:\/\/[^\s/?#;,'@]+$/));

/**
 * Where a visitor opens a task: `…/visit/#<token>@<API>`. All that says which one stands behind the `#`, so that neither the host of
 * the page nor a log on the way sees it.
 * @param pages  origin of the pages
 */
export const toTaskUrl = (pages: string, { token, api }: TaskLink): string => `${pages}/visit/#${token}@${api}`;

/** @param fragment  of a task's URL, with its `#`. @returns undefined for one that was cut off or changed on its way */
export function readTaskFragment(fragment: string): TaskLink | undefined {
  if (!v.is(Fragment, fragment)) return undefined;
  const at = fragment.indexOf('@');
  const [token, api] = [fragment.slice(1, at), fragment.slice(at + 1)];
  return v.is(TaskToken, token) && URL.canParse(api) ? { token, api } : undefined;
}
