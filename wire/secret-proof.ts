/** Proofs of a secret that two devices share and nobody between them has. Pure; it runs in a browser too. */
import { fromBase64Url, toBase64Url } from './media.ts';

const utf8 = new TextEncoder();

/** HMAC-SHA-256 of the secret's bytes over a text, base64url: 43 characters. @param secret  base64url */
export async function proveSecret(secret: string, text: string): Promise<string> {
  const bytes = fromBase64Url(secret) ?? new Uint8Array();
  const { subtle } = globalThis.crypto;
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', bytes as Uint8Array<ArrayBuffer>, hmac, false, ['sign']);
  return toBase64Url(new Uint8Array(await subtle.sign('HMAC', key, utf8.encode(text))));
}

/** Compares two proofs in constant time. */
export function isSameProof(a: string, b: string): boolean {
  let differs = a.length ^ b.length;
  for (let at = 0; at < a.length; at += 1) differs |= a.charCodeAt(at) ^ (b.charCodeAt(at) || 0);
  return differs === 0;
}
