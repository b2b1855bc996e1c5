/**
 * Recovery: how an owner who has lost every device adds a new one to the account, with the printed code (DESIGN 3). It opens no door.
 *
 * The code derives a key pair, whose public half the hub has pinned. A request signed with it waits for 24 hours, in which every owner
 * device is told and can veto. Schemas and derivation alone, with WebCrypto: they run in a browser too.
 */
import type { CryptoKey } from 'jose';
import * as v from 'valibot';
import type { DocumentForm } from './jws.ts';
import { fromBase64Url, toBase64Url } from './media.ts';
import { OwnerDevice } from './owner-device.ts';
import { Count, Hash, HubId, Id, OkpJwk, Seconds } from './shapes.ts';

/** How long a recovery waits for a veto, ms of trusted time. */
export const recoveryWaitMs = 24 * 3_600_000;
/** After so many vetoes the code adds nobody any more: a new one has to be pinned. */
export const maxRecoveryVetoes = 3;

/** What a code leaves behind: the key that its requests are signed with, and a note by which its holder knows the hub again. */
export const RecoveryMark = v.strictObject({
  key: OkpJwk,
  /** `noteOf` the hub: the cloud cannot show the holder of the code another one. */
  note: Hash,
});
export type RecoveryMark = v.InferOutput<typeof RecoveryMark>;

export const RecoveryPinClaims = v.strictObject({
  iss: HubId,
  /** Rises with each code that is pinned, and with each hand-over. */
  version: Count,
  iat: Seconds,
  /** None: nobody can recover this home with a code. */
  mark: v.optional(RecoveryMark),
});
export type RecoveryPinClaims = v.InferOutput<typeof RecoveryPinClaims>;

/** Signed by the hub: which code it goes by. */
export const recoveryPinForm: DocumentForm<typeof RecoveryPinClaims> = {
  typ: 'recoverypin+jwt',
  algs: ['EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: RecoveryPinClaims,
  malformed: 'RECOVERY_PIN_MALFORMED',
  notGenuine: 'RECOVERY_PIN_NOT_GENUINE',
};

export const RecoveryCodeClaims = v.strictObject({
  aud: HubId,
  jti: Id,
  iat: Seconds,
  /** The version of the pin that this makes: one above the one in force. */
  version: Count,
  mark: RecoveryMark,
});
export type RecoveryCodeClaims = v.InferOutput<typeof RecoveryCodeClaims>;

/** Signed by an owner device: a new code takes the place of the one of before, and ends what was asked with that. It widens. */
export const recoveryCodeForm: DocumentForm<typeof RecoveryCodeClaims> = {
  typ: 'recoverycode+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'kid',
  claims: RecoveryCodeClaims,
  malformed: 'RECOVERY_CODE_MALFORMED',
  notGenuine: 'RECOVERY_CODE_NOT_GENUINE',
};

export const RecoveryClaims = v.strictObject({
  aud: HubId,
  /** What a veto names. Used once, for ever. */
  jti: Id,
  iat: Seconds,
  /** The device to be added. */
  device: OwnerDevice,
});
export type RecoveryClaims = v.InferOutput<typeof RecoveryClaims>;

/** Signed with the key that the printed code derives. */
export const recoveryForm: DocumentForm<typeof RecoveryClaims> = {
  typ: 'recovery+jwt',
  algs: ['EdDSA'],
  maxBytes: 4096,
  key: 'kid',
  claims: RecoveryClaims,
  malformed: 'RECOVERY_MALFORMED',
  notGenuine: 'RECOVERY_NOT_GENUINE',
};

/** What a code is worth: the key that signs, its public half, and what notes are made with. */
export interface RecoveryKeys {
  readonly jwk: OkpJwk;
  readonly privateKey: CryptoKey;
  readonly noteKey: CryptoKey;
}

const utf8 = new TextEncoder();
/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410, 7). */
const pkcs8Ed25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

/** HKDF-SHA-256 (RFC 5869): one secret, a label for each use. @returns 32 bytes */
async function derive(secret: Uint8Array, use: 'sign' | 'note'): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8.encode('doorward-recovery-1'), info: utf8.encode(use) };
  return new Uint8Array(await subtle.deriveBits(hkdf, key, 256));
}

/** @param secret  the 16 bytes of a code: `readRecoveryCode` */
export async function deriveRecovery(secret: Uint8Array): Promise<RecoveryKeys> {
  const { subtle } = globalThis.crypto;
  const seed = await derive(secret, 'sign');
  const pkcs8 = new Uint8Array([...pkcs8Ed25519, ...seed]);
  const readable = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await subtle.exportKey('jwk', readable);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    jwk: v.parse(OkpJwk, { kty: 'OKP', crv: 'Ed25519', x }),
    privateKey: await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
    noteKey: await subtle.importKey('raw', await derive(secret, 'note'), hmac, false, ['sign', 'verify']),
  };
}

const noted = (hub: { readonly id: string; readonly key: string }): Uint8Array<ArrayBuffer> =>
  utf8.encode(`${hub.id}\n${hub.key}`);

/** The mark of a code at a hub. @param hub.key  thumbprint of the hub's Ed25519 key */
export async function toRecoveryMark(
  { jwk, noteKey }: RecoveryKeys,
  hub: { readonly id: string; readonly key: string },
): Promise<RecoveryMark> {
  const note = await globalThis.crypto.subtle.sign('HMAC', noteKey, noted(hub));
  return { key: jwk, note: toBase64Url(new Uint8Array(note)) };
}

/** Is this the hub that the code was made for? */
export async function isNotedHub(
  { noteKey }: RecoveryKeys,
  hub: { readonly id: string; readonly key: string },
  note: string,
): Promise<boolean> {
  const bytes = fromBase64Url(note);
  return (
    bytes !== undefined &&
    globalThis.crypto.subtle.verify('HMAC', noteKey, bytes as Uint8Array<ArrayBuffer>, noted(hub))
  );
}
