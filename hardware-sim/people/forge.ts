/** Changing and re-making signed texts, as somebody does who holds a copy and a key of his own. */
import { CompactSign } from 'jose';
import type { SignKey } from '../../wire/jws.ts';

export type Claims = Readonly<Record<string, unknown>>;

const decode = (part: string | undefined): Claims =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Claims;
const encode = (part: Claims): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Reads a compact JWS without asking whether it is genuine. */
export function readJws(jws: string): { readonly header: Claims; readonly claims: Claims; readonly signature: string } {
  const [header, claims, signature] = jws.split('.');
  return { header: decode(header), claims: decode(claims), signature: signature ?? '' };
}

/** Changes claims or header under a signature that stays (T09). `undefined` takes a field away. */
export function tamper(jws: string, change: { readonly claims?: Claims; readonly header?: Claims }): string {
  const { header, claims, signature } = readJws(jws);
  return `${encode({ ...header, ...change.header })}.${encode({ ...claims, ...change.claims })}.${signature}`;
}

/** The same document without any signature (`alg: none`, RFC 8725 section 2.1). */
export function unsign(jws: string): string {
  return tamper(jws, { header: { alg: 'none' } }).replace(/[^.]*$/, '');
}

/**
 * Signs the same claims again with another key.
 * @param header  `own`: the header names the key that signed; `theirs`: it still names the key of before
 */
export async function resign(
  jws: string,
  key: SignKey,
  header: 'own' | 'theirs',
  change: Claims = {},
): Promise<string> {
  const old = readJws(jws);
  const naming = 'jwk' in old.header ? { jwk: key.jwk } : { kid: key.kid };
  const protectedHeader = { ...old.header, ...(header === 'own' ? naming : {}), alg: key.alg };
  return new CompactSign(Buffer.from(JSON.stringify({ ...old.claims, ...change })))
    .setProtectedHeader(protectedHeader)
    .sign(key.privateKey);
}
