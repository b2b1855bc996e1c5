/** The link of a holder's own page: derived like the codes, so that nothing stored leads there. It dies with the holder. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CodeKey } from './key.ts';

/** 128 bits. */
const markOf = (key: CodeKey, holder: string): Buffer =>
  createHmac('sha256', key).update(`doorward holder link 1\n${holder}`).digest().subarray(0, 16);

/** @returns the holder's id and what proves it: `HolderToken` */
export const holderToken = (key: CodeKey, holder: string): string =>
  `${holder}.${markOf(key, holder).toString('base64url')}`;

/** @returns the holder's id, or undefined for a token that is none */
export function holderOfToken(key: CodeKey, token: string): string | undefined {
  const [holder = '', mark = ''] = token.split('.');
  const [given, right] = [Buffer.from(mark, 'base64url'), markOf(key, holder)];
  return given.length === right.length && timingSafeEqual(given, right) ? holder : undefined;
}
