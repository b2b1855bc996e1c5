/**
 * All secrets of a hub -> the bytes of one file, and back. Pure but for the nonce.
 *
 * | part | bytes |
 * |---|---|
 * | header, ASCII | `doorward-secrets 1 `, what the key comes from, blank, id of the key (16 of base64url), newline |
 * | nonce | 12, random |
 * | ciphertext | as long as the text: JSON, name -> base64 |
 * | tag | 16 |
 *
 * AES-256-GCM, the header authenticated with it: no secret can be taken out, put in, or put in place of another.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';
import type { KeptBy } from './secrets.ts';

export type SealedBy = Exclude<KeptBy, 'plain'>;

/** Fewer bytes are no key. */
export const leastKeyBytes = 32;

const headerForm = /^doorward-secrets 1 (credential|tpm|file) ([A-Za-z0-9_-]{16})\n/;
const longestHeader = 64;
const nonceBytes = 12;
const tagBytes = 16;

const derive = (key: Uint8Array, what: 'seal' | 'id', bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `doorward secrets ${what}`, bytes));

const idOf = (key: Uint8Array): string => derive(key, 'id', 12).toString('base64url');

const damaged = (why: string, cause?: unknown): Fault => new Fault('SECRETS_DAMAGED', { why }, { cause });

/** @param key  `leastKeyBytes` or more, random */
export function sealSecrets(all: ReadonlyMap<string, Uint8Array>, by: SealedBy, key: Uint8Array): Uint8Array {
  const header = Buffer.from(`doorward-secrets 1 ${by} ${idOf(key)}\n`);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', derive(key, 'seal', 32), nonce).setAAD(header);
  const text = JSON.stringify(
    Object.fromEntries([...all].map(([n, bytes]) => [n, Buffer.from(bytes).toString('base64')])),
  );
  return Buffer.concat([header, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Where the key has to come from. @throws Fault SECRETS_DAMAGED */
export function sealedBy(file: Uint8Array): SealedBy {
  return readHeader(file).by;
}

function readHeader(file: Uint8Array): { readonly by: SealedBy; readonly id: string; readonly bytes: number } {
  const found = headerForm.exec(Buffer.from(file.subarray(0, longestHeader)).toString('latin1'));
  if (found === null) throw damaged('it does not begin as a secret store');
  return { by: found[1] as SealedBy, id: found[2]!, bytes: found[0].length };
}

/** @throws Fault SECRETS_KEY_WRONG, SECRETS_DAMAGED */
export function openSealed(file: Uint8Array, key: Uint8Array): Map<string, Uint8Array> {
  const { id, by, bytes } = readHeader(file);
  if (id !== idOf(key)) throw new Fault('SECRETS_KEY_WRONG', { keptBy: by });
  const [header, rest] = [file.subarray(0, bytes), file.subarray(bytes)];
  if (rest.length < nonceBytes + tagBytes) throw damaged('it ends too early');
  try {
    const decipher = createDecipheriv('aes-256-gcm', derive(key, 'seal', 32), rest.subarray(0, nonceBytes))
      .setAAD(header)
      .setAuthTag(rest.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(rest.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString();
    const all = Object.entries(JSON.parse(text) as Record<string, string>);
    return new Map(all.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
  } catch (cause) {
    throw damaged('its seal does not verify', cause);
  }
}
