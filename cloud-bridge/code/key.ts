/** The key that hand-over codes are derived with. It stands in a file of its own: no database and no backup of one holds it. */
import { randomBytes } from 'node:crypto';
import { Fault } from '../../wire/faults.ts';

/** 32 random bytes. */
export type CodeKey = Uint8Array;

/** @returns as the file holds it: base64url */
export const createCodeKey = (): string => randomBytes(32).toString('base64url');

/** @param file  where the text comes from. @throws Fault CONFIG_INVALID */
export function readCodeKey(text: string, file: string): CodeKey {
  if (!/^[A-Za-z0-9_-]{43}\n?$/.test(text)) throw new Fault('CONFIG_INVALID', { file, why: 'no key of 32 bytes' });
  return Buffer.from(text.trim(), 'base64url');
}
