/** Seals what the database must keep and nobody may read who has the database alone. The key is a file of its own, outside of it. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';

export interface Vault {
  /** @param about  what it is and whose: only under the same words it opens again */
  seal(about: string, text: string): string;
  /** @throws Fault INTERNAL for what was altered, or sealed about something else or under another key */
  open(about: string, sealed: string): string;
  /** 32 bytes that follow from the key and these words, and from which neither follows. */
  derive(about: string): Uint8Array;
}

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** @returns a new key, base64url */
export const createVaultKey = (): string => randomBytes(keyBytes).toString('base64url');

/**
 * AES-256-GCM under a key of its own for each thing (HKDF-SHA-256).
 * @param file  where the text comes from. @throws Fault CONFIG_INVALID
 */
export function openVault(text: string, file: string): Vault {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== keyBytes) throw new Fault('CONFIG_INVALID', { file, why: 'no key of 32 bytes' });
  const keyAbout = (about: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', key, '', `doorward-vault-1:${about}`, keyBytes));
  return {
    derive: (about) => keyAbout(`derived:${about}`),
    seal: (about, plain) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', keyAbout(about), iv);
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    },
    open: (about, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyAbout(about), bytes.subarray(0, ivBytes));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const plain = decipher.update(bytes.subarray(ivBytes, -tagBytes));
        return Buffer.concat([plain, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Fault('INTERNAL', { what: 'sealed' }, { cause });
      }
    },
  };
}
