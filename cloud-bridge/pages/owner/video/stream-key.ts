/** Opens the key of a stream: who started it, for which door, and whether this device may watch. */
import { type CryptoKey, compactDecrypt, errors, type GeneralJWE, generalDecrypt } from 'jose';
import { accept, refuse, type Verdict } from '../../../../wire/faults.ts';
import type { VerifyKey } from '../../../../wire/jws.ts';
import { type VideoKeyClaims, videoKeyForm, videoShareForm } from '../../../../wire/video.ts';
import { owned, sha256 } from '../../common/bytes.ts';
import { verifyDocument } from '../device/documents.ts';

/** What this device knows of its home. */
export interface Home {
  /** `hub-…` */
  readonly hub: string;
  /** The hub's key, pinned by its thumbprint. */
  readonly hubKey: VerifyKey;
  /** `sign` keys of the devices in the newest owner list. */
  readonly owners: readonly VerifyKey[];
  /** This device's private P-256 key, and the thumbprint of its public half. */
  readonly seal: { readonly kid: string; readonly privateKey: CryptoKey };
}

/** A stream that this device may watch. */
export interface OpenKey {
  readonly claims: VideoKeyClaims;
  /** AES-256-GCM, decrypt only. */
  readonly key: CryptoKey;
  /** SHA-256 of the key's document. */
  readonly hash: Uint8Array;
}

const wrap = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] };

/** @returns undefined when it is not sealed for this key */
async function unseal(sealed: string, key: CryptoKey): Promise<Uint8Array | undefined> {
  try {
    const opened = sealed.startsWith('{')
      ? await generalDecrypt(JSON.parse(sealed) as GeneralJWE, key, wrap)
      : await compactDecrypt(sealed, key, wrap);
    return opened.plaintext.length === 32 ? opened.plaintext : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined;
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Only a document that a device of this home signed, for this stream and this device, is looked into. */
async function unsealShared(share: string, stream: string, home: Home): Promise<Uint8Array | undefined> {
  const verified = await verifyDocument(videoShareForm, share, home.owners, 'VIDEO_SHARE_KEY_UNKNOWN');
  if (!verified.ok) return undefined;
  const { aud, to, sealed, stream: of } = verified.value.claims;
  return aud === home.hub && of === stream && to === home.seal.kid ? unseal(sealed, home.seal.privateKey) : undefined;
}

/**
 * Unwraps the key of a stream, as bytes: only to wrap it again for another device.
 * @param shares  `videoshare+jwt` documents, tried when the hub did not seal for this device
 * @returns VIDEO_KEY_MALFORMED, VIDEO_KEY_NOT_GENUINE (a session that the hub did not start), VIDEO_KEY_NOT_FOR_YOU
 */
export async function unwrapVideoKey(
  jws: string,
  home: Home,
  shares: readonly string[] = [],
): Promise<Verdict<{ readonly claims: VideoKeyClaims; readonly bytes: Uint8Array }>> {
  const verified = await verifyDocument(videoKeyForm, jws, [home.hubKey], 'VIDEO_KEY_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.iss !== home.hub) return refuse('VIDEO_KEY_NOT_GENUINE', { why: 'hub' });
  let bytes = await unseal(claims.sealed, home.seal.privateKey);
  for (const share of shares) bytes ??= await unsealShared(share, claims.stream, home);
  return bytes === undefined ? refuse('VIDEO_KEY_NOT_FOR_YOU') : accept({ claims, bytes });
}

/** Verifies and opens the key of a stream, ready to open its pictures. @returns as `unwrapVideoKey` */
export async function openVideoKey(jws: string, home: Home, shares: readonly string[] = []): Promise<Verdict<OpenKey>> {
  const opened = await unwrapVideoKey(jws, home, shares);
  if (!opened.ok) return opened;
  const { claims, bytes } = opened.value;
  const key = await crypto.subtle.importKey('raw', owned(bytes), 'AES-GCM', false, ['decrypt']);
  bytes.fill(0);
  return accept({ claims, key, hash: await sha256(new TextEncoder().encode(jws)) });
}
