/** What a browser sends of a passkey, as `pages/common/passkey.ts` writes it. */
import * as v from 'valibot';
import type { Passkey } from '../../wire/passkey.ts';
import { EcJwk } from '../../wire/shapes.ts';

const base64Url = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(/^[\w-]+$/));
const CredentialId = v.pipe(v.string(), v.regex(/^[\w-]{22,344}$/));
const clientDataJSON = base64Url(2_048);

/** A passkey that was just made. */
export const Made = v.strictObject({
  id: CredentialId,
  clientDataJSON,
  attestationObject: base64Url(4_096),
  transports: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(16))), v.maxLength(8)), []),
});
export type Made = v.InferOutput<typeof Made>;

/** A challenge that a passkey has signed. */
export const Answered = v.strictObject({
  id: CredentialId,
  clientDataJSON,
  authenticatorData: base64Url(1_024),
  signature: base64Url(128),
  userHandle: v.optional(base64Url(86)),
});
export type Answered = v.InferOutput<typeof Answered>;

/** ES256, the only kind that hubs pin (RFC 9053). */
export const es256 = -7;

/** Loaded by the first passkey: a service starts without. */
const helpers = (): Promise<typeof import('@simplewebauthn/server/helpers')> =>
  import('@simplewebauthn/server/helpers');

type Bytes = Uint8Array<ArrayBuffer>;
export const toBytes = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64url'));
export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** @param cose  an EC2 key of P-256 (RFC 9053, 7.1) */
export async function toJwk(publicKey: Bytes): Promise<EcJwk | undefined> {
  const { cose, decodeCredentialPublicKey } = await helpers();
  const key = decodeCredentialPublicKey(publicKey);
  if (!cose.isCOSEPublicKeyEC2(key)) return undefined;
  const [x, y] = [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)];
  if (x === undefined || y === undefined) return undefined;
  const parsed = v.safeParse(EcJwk, { kty: 'EC', crv: 'P-256', x: toText(x), y: toText(y) });
  return parsed.success ? parsed.output : undefined;
}

/** As a hub pins it. */
export async function toPasskey(id: string, publicKey: Bytes, rp: string): Promise<Passkey | undefined> {
  const jwk = await toJwk(publicKey);
  return jwk && { id, jwk, rp };
}

/**
 * Is this an attestation that says nothing of its maker? We ask for none, and to check another one would mean to fetch revocation lists from
 * wherever it says.
 */
export async function isPlain(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await helpers();
  return decodeAttestationObject(toBytes(attestationObject)).get('fmt') === 'none';
}
