/**
 * Digits from a key, where they are needed, when they are needed: HMAC-SHA-256 over what they are for (DESIGN 10). They are stored nowhere.
 *
 *   block   = HMAC-SHA-256(key, field("doorward hand-over code 1") | field(scope) … | field(attempt) | field(holder) | u32(counter))
 *   field   = u32 length in bytes | UTF-8        all numbers big endian
 *   digits  = each u32 of the blocks in turn, below the largest multiple of 10^n, modulo 10^n: every code is as likely as any other
 */
import { createHmac } from 'node:crypto';
import type { CodeKey } from './key.ts';

/** What a code is for. The same code for the same three, and for nothing else. */
export interface CodeFor {
  /** One delivery, or what shares a code: how many parts it has is part of it. */
  readonly scope: readonly string[];
  /** 1, 2, 3 … */
  readonly attempt: number;
  readonly holder: string;
}

const domain = 'doorward hand-over code 1';
const words = 2 ** 32;

const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};

const field = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([u32(bytes.length), bytes]);
};

/** Codes in the order in which they are taken; it does not end. */
function* candidates(key: CodeKey, { scope, attempt, holder }: CodeFor, digits: number): Generator<string> {
  const range = 10 ** digits;
  const below = words - (words % range);
  const message = Buffer.concat([
    ...[domain, String(scope.length), ...scope, String(attempt), holder].map((text) => field(text)),
  ]);
  for (let counter = 0; ; counter += 1) {
    const block = createHmac('sha256', key).update(message).update(u32(counter)).digest();
    for (let at = 0; at < block.length; at += 4) {
      const word = block.readUInt32BE(at);
      if (word < below) yield String(word % range).padStart(digits, '0');
    }
  }
}

/**
 * @param digits  4 to 9
 * @param spent   codes that this one must not be: those of earlier attempts
 * @returns decimal digits, leading zeros included
 */
export function deriveCode(
  key: CodeKey,
  what: CodeFor,
  digits: number,
  spent: ReadonlySet<string> = new Set(),
): string {
  for (const code of candidates(key, what, digits)) if (!spent.has(code)) return code;
  throw new TypeError('unreachable: there are more codes than attempts');
}
