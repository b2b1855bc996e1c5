/** JWS in the browser's own cryptography (RFC 7515, ES256): all that a visitor's phone signs, and small enough for a bad line. */
import { toBase64Url } from '../../../wire/media.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { checkInput, toCheck } from '../../../wire/task.ts';
import { hashOf, owned, sha256 } from '../common/bytes.ts';

/** One device key of one task: its private half never leaves the browser's key store. */
export interface TaskKey {
  readonly jwk: EcJwk;
  /** RFC 7638 SHA-256 thumbprint. */
  readonly jkt: string;
  readonly privateKey: CryptoKey;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => owned(new TextEncoder().encode(text));
const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));

/** The digits of `deviceCheck`, which is for Node. */
export const checkOf = async (jkt: string): Promise<string> => toCheck(await sha256(utf8(checkInput(jkt))));

/** Makes a key whose private half no script can read. */
export async function makeTaskKey(): Promise<TaskKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
  const jkt = await hashOf(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x, y }));
  return { jwk, jkt, privateKey: pair.privateKey };
}

/** Signs claims under this key, which travels in the header. */
export async function signJws(typ: string, claims: object, { jwk, privateKey }: TaskKey): Promise<string> {
  const input = `${part({ alg: 'ES256', typ, jwk })}.${part(claims)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, privateKey, utf8(input));
  return `${input}.${toBase64Url(new Uint8Array(signature))}`;
}
