/**
 * The recovery code as it is printed: 128 bits in seven groups of four, `7XK2-…`, two of its signs being a checksum. Pure; runs in a browser.
 *
 * The alphabet is Crockford's base 32: no I, L, O, U, and whoever types them is understood. Any one wrong sign, and any two neighbours
 * that changed places, are caught (test/wire/recovery.test.ts tries them all).
 */
import { accept, refuse, type Verdict } from './faults.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Bytes of the secret. */
export const recoveryBytes = 16;
/** 128 bits need 26 signs of five bits; two more are the checksum. */
const [dataSigns, checkSigns, groupSigns] = [26, 2, 4];
const spareBits = BigInt(dataSigns * 5 - recoveryBytes * 8);
/** The largest prime below two signs' worth: an error changes the number by no multiple of it. */
const prime = 1021n;

const toNumber = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** A fresh code of 128 random bits, as it is printed. */
export const newRecoveryCode = (): string =>
  toRecoveryCode(globalThis.crypto.getRandomValues(new Uint8Array(recoveryBytes)));

/** @param secret  16 bytes */
export function toRecoveryCode(secret: Uint8Array): string {
  const data = toNumber(secret) << spareBits;
  let rest = (data << BigInt(checkSigns * 5)) | (data % prime);
  let signs = '';
  for (let left = dataSigns + checkSigns; left > 0; left -= 1) {
    signs = alphabet[Number(rest & 31n)] + signs;
    rest >>= 5n;
  }
  return signs.replace(new RegExp(`(.{${groupSigns}})(?=.)`, 'g'), '$1-');
}

const alike: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/**
 * Reads a code as people type it: blanks, hyphens and small letters do not matter, and 0 and O, 1, I and L are one.
 * @returns the 16 bytes; RECOVERY_CODE_MISTYPED when it is too short or long, or its checksum does not fit
 */
export function readRecoveryCode(typed: string): Verdict<Uint8Array> {
  const signs = typed.length > 256 ? '' : typed.toUpperCase().replace(/[\s-]/g, '');
  if (signs.length !== dataSigns + checkSigns) return refuse('RECOVERY_CODE_MISTYPED', { signs: signs.length });
  let all = 0n;
  for (const sign of signs) {
    const value = alphabet.indexOf(alike[sign] ?? sign);
    if (value < 0) return refuse('RECOVERY_CODE_MISTYPED', { sign });
    all = (all << 5n) | BigInt(value);
  }
  const [data, check] = [all >> BigInt(checkSigns * 5), all & ((1n << BigInt(checkSigns * 5)) - 1n)];
  const isWhole = data % prime === check && data % (1n << spareBits) === 0n;
  if (!isWhole) return refuse('RECOVERY_CODE_MISTYPED');
  const secret = new Uint8Array(recoveryBytes);
  let rest = data >> spareBits;
  for (let at = recoveryBytes - 1; at >= 0; at -= 1) {
    secret[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return accept(secret);
}
