/** SHA-256 by WebCrypto: for what runs in browsers, too. */
import { base64url } from 'jose';

/** As `hashOf`. */
export async function digestOf(text: string): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return base64url.encode(new Uint8Array(bytes));
}
