/** What every page does with bytes, by the browser's own cryptography; small. */
import { toBase64Url } from '../../../wire/media.ts';

/** What the types of WebCrypto call a buffer: ours are never shared between threads. */
export const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', owned(bytes)));

/** SHA-256 of a text, base64url: how documents name each other. */
export const hashOf = async (text: string): Promise<string> =>
  toBase64Url(await sha256(new TextEncoder().encode(text)));

/** 128 random bits, base64url. */
export const newId = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
