/**
 * Seals a photo for the household's devices, by the browser's own cryptography: what `wire/seal.ts` opens (RFC 7516, ECDH-ES+A256KW, A256GCM).
 * A library for it would weigh more than the page.
 */
import * as v from 'valibot';
import type { PhotoKeys } from '../../../../wire/delivery-photo.ts';
import { fromBase64Url, toBase64Url } from '../../../../wire/media.ts';
import { OwnerDevice } from '../../../../wire/owner-device.ts';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { owned } from '../../common/bytes.ts';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => owned(new TextEncoder().encode(text));
const json = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));

const Header = v.object({ alg: v.literal('EdDSA'), typ: v.literal('ownerlist+jwt') });
const List = v.object({ iss: v.string(), version: v.number(), devices: v.pipe(v.array(OwnerDevice), v.minLength(1)) });
export type OwnerDevices = v.InferOutput<typeof List>;

const partOf = (text: string): unknown => JSON.parse(new TextDecoder().decode(fromBase64Url(text)));

/**
 * The devices that this hub has signed for. Which hub it is the phone is told by the cloud.
 * @returns undefined for a list that is not the hub's, and where the browser knows no Ed25519: then nothing is sealed
 */
export async function devicesOf({ hub, hubKey, ownerList }: PhotoKeys): Promise<OwnerDevices | undefined> {
  try {
    const [header = '', claims = '', signature = ''] = ownerList.split('.');
    const key = await crypto.subtle.importKey('jwk', hubKey, 'Ed25519', false, ['verify']);
    const signed = owned(v.parse(v.instance(Uint8Array), fromBase64Url(signature)));
    if (!(await crypto.subtle.verify('Ed25519', key, signed, utf8(`${header}.${claims}`)))) return undefined;
    v.parse(Header, partOf(header));
    const list = v.parse(List, partOf(claims));
    return list.iss === hub ? list : undefined;
  } catch {
    return undefined;
  }
}

const alg = 'ECDH-ES+A256KW';
const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;
const sized = (text: string): number[] => [0, 0, 0, text.length, ...utf8(text)];

/** Concat KDF with one round (RFC 7518 section 4.6.2): 256 bits for A256KW. */
async function wrappingKey(secret: ArrayBuffer): Promise<CryptoKey> {
  const about = [...sized(alg), ...sized(''), ...sized(''), 0, 0, 1, 0];
  const input = owned(new Uint8Array([0, 0, 0, 1, ...new Uint8Array(secret), ...about]));
  const bits = await crypto.subtle.digest('SHA-256', input);
  return crypto.subtle.importKey('raw', bits, 'AES-KW', false, ['wrapKey']);
}

async function wrapFor(jwk: EcJwk, content: CryptoKey): Promise<{ epk: object; wrapped: string }> {
  const pair = await crypto.subtle.generateKey(curve, true, ['deriveBits']);
  const their = await crypto.subtle.importKey('jwk', jwk, curve, false, []);
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: their }, pair.privateKey, 256);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const wrapped = await crypto.subtle.wrapKey('raw', content, await wrappingKey(secret), 'AES-KW');
  return { epk: { kty, crv, x, y }, wrapped: toBase64Url(new Uint8Array(wrapped)) };
}

/** @returns compact JWE for one key, general JSON for several; as text */
export async function sealPhoto(keys: readonly EcJwk[], plain: Uint8Array): Promise<string> {
  const content = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const wraps = await Promise.all(keys.map((key) => wrapFor(key, content)));
  const [first, ...others] = wraps;
  const isOne = first !== undefined && others.length === 0;
  const head = json(isOne ? { alg, enc: 'A256GCM', epk: first.epk } : { enc: 'A256GCM' });
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(head), tagLength: 128 };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, content, owned(plain)));
  const ciphertext = toBase64Url(sealed.subarray(0, -16));
  const tag = toBase64Url(sealed.subarray(-16));
  if (isOne) return [head, first.wrapped, toBase64Url(iv), ciphertext, tag].join('.');
  const recipients = wraps.map(({ epk, wrapped }) => ({ header: { alg, epk }, encrypted_key: wrapped }));
  return JSON.stringify({ protected: head, recipients, iv: toBase64Url(iv), ciphertext, tag });
}
