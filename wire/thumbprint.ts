/** The name of a public key. Pure; it runs in a browser too. */
import { toBase64Url } from './media.ts';
import type { SignJwk } from './shapes.ts';

/** RFC 7638 SHA-256 thumbprint, by WebCrypto: required members only, in lexicographic order, base64url. */
export async function thumbprint(jwk: SignJwk): Promise<string> {
  const { crv, kty, x } = jwk;
  const members = jwk.kty === 'EC' ? { crv, kty, x, y: jwk.y } : { crv, kty, x };
  const bytes = new TextEncoder().encode(JSON.stringify(members));
  return toBase64Url(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}
