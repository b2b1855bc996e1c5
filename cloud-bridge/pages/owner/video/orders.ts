/** What this device signs: a stop, a look, a sight, a shared key. */
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { toBase64Url } from '../../../../wire/media.ts';
import { revocationForm } from '../../../../wire/revocation.ts';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { lookForm, sightForm, videoShareForm } from '../../../../wire/video.ts';
import { newId, sha256 } from '../../common/bytes.ts';
import type { Api } from '../device/api.ts';
import { type DeviceSignKey, signDocument, toVerifyKey } from '../device/documents.ts';
import { type Home, unwrapVideoKey } from './stream-key.ts';

export interface Signer {
  readonly hub: string;
  readonly key: DeviceSignKey;
  /** Seconds since 1970. */
  readonly nowS: () => number;
}

const Taken = v.object({ accepted: v.string(), pending: v.optional(v.boolean(), false) });

/**
 * Stops a visit (R8). Resolves when the hub itself has taken the order, or with why it has not.
 * @returns HUB_OFFLINE, HUB_SILENT, CLOUD_SILENT: nothing is stopped; press again
 */
export async function stopVisit(
  signer: Signer,
  api: Api,
  home: string,
  visit: string,
): Promise<Verdict<{ pending: boolean }>> {
  const claims = { aud: signer.hub, jti: newId(), iat: signer.nowS(), ends: { kind: 'visit' as const, id: visit } };
  const document = await signDocument(revocationForm, claims, signer.key);
  const reply = await api.call({ method: 'POST', path: `/v1/homes/${home}/documents`, body: { document } }, Taken);
  return reply.ok ? accept({ pending: reply.value.pending }) : reply;
}

/** How long one look asks for, seconds: it is said again before that. */
const lookForS = 40;

/** "Let me look at this door." */
export const signLook = (signer: Signer, door: string): Promise<string> => {
  const iat = signer.nowS();
  return signDocument(lookForm, { aud: signer.hub, jti: newId(), iat, exp: iat + lookForS, door }, signer.key);
};

/** "I see this picture now." @param data  the opened picture, exactly as the camera made it */
export async function signSight(
  signer: Signer,
  { stream, seq, data }: { readonly stream: string; readonly seq: number; readonly data: Uint8Array },
): Promise<string> {
  const picture = toBase64Url(await sha256(data));
  return signDocument(
    sightForm,
    { aud: signer.hub, jti: newId(), iat: signer.nowS(), stream, seq, picture },
    signer.key,
  );
}

/**
 * Wraps the key of a stream for another device of this home.
 * @param key     its `videokey+jwt`
 * @param shares  what was shared with this device
 * @param to      the other's `seal` key, from the owner list that the hub signed
 * @returns as `unwrapVideoKey` when this device cannot open it itself
 */
export async function shareKey(
  signer: Signer,
  home: Home,
  key: string,
  shares: readonly string[],
  to: EcJwk,
): Promise<Verdict<string>> {
  const opened = await unwrapVideoKey(key, home, shares);
  if (!opened.ok) return opened;
  const { claims, bytes } = opened.value;
  const recipient = await importJWK(to as JWK, 'ECDH-ES+A256KW');
  const sealed = await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
    .encrypt(recipient);
  bytes.fill(0);
  const { kid } = await toVerifyKey(to);
  const share = { aud: home.hub, stream: claims.stream, iat: signer.nowS(), to: kid, sealed };
  return accept(await signDocument(videoShareForm, share, signer.key));
}
