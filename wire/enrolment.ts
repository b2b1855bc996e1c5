/** Enrolment: a hub proves its keys and a one-time token, and gets its certificate, its broker and the root keys to pin. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { type DocumentForm, hashOf, peek, thumbprintOf, toVerifyKey, verifyPeeked } from './jws.ts';
import { DoorId, EcJwk, Hash, HubId, Id, type OkpJwk, Seconds } from './shapes.ts';

/** Signed with the hub's new Ed25519 key, which it brings along: proof that the keys and the certificate request belong together. */
export const EnrolmentClaims = v.strictObject({
  iat: Seconds,
  /** `hashOf` the one-time token. */
  token: Hash,
  /** `hashOf` the PEM text of the certificate request. */
  csr: Hash,
  /** The hub's ECDH key, for what is meant for it alone. */
  seal: EcJwk,
});
export type EnrolmentClaims = v.InferOutput<typeof EnrolmentClaims>;

export const enrolmentForm: DocumentForm<typeof EnrolmentClaims> = {
  typ: 'enrolment+jwt',
  algs: ['EdDSA'],
  maxBytes: 4096,
  key: 'jwk',
  claims: EnrolmentClaims,
  malformed: 'ENROLMENT_MALFORMED',
  notGenuine: 'ENROLMENT_NOT_GENUINE',
};

const Pem = v.pipe(v.string(), v.maxLength(16_384), v.startsWith('-----BEGIN '));

export const EnrolmentRequest = v.strictObject({
  token: Id,
  /** PKCS#10, PEM; its key is P-256 and its subject is ignored. */
  csr: Pem,
  proof: v.pipe(v.string(), v.maxLength(4096)),
});
export type EnrolmentRequest = v.InferOutput<typeof EnrolmentRequest>;

export const EnrolmentAnswer = v.strictObject({
  hub: HubId,
  home: Id,
  /** PEM, CN = hub id, OU = hub. */
  certificate: Pem,
  /** PEM, CN = media id of the hub, OU = media, for the same key: the identity of its second connection, which carries pictures. */
  mediaCertificate: Pem,
  /** PEM: what the hub trusts the broker's certificate by. */
  brokerCa: Pem,
  broker: v.pipe(v.string(), v.maxLength(256), v.regex(/^mqtts:\/\/[^\s/]+$/)),
  rootSet: v.pipe(v.string(), v.maxLength(16_384)),
  issuerSet: v.pipe(v.string(), v.maxLength(16_384)),
});
export type EnrolmentAnswer = v.InferOutput<typeof EnrolmentAnswer>;

/** A door as the hub announces it: what it can do and what it can prove. No name, no address. */
export const DoorFacts = v.strictObject({
  id: DoorId,
  kind: v.picklist(['latch', 'bolt', 'barrier']),
  seesBolt: v.boolean(),
  seesDoor: v.boolean(),
  camera: v.boolean(),
  /** Outside, and the hub hears its keys. Left out where there is none. */
  hasKeypad: v.optional(v.boolean()),
  /** The hub hears its bell. Left out where there is none. */
  hasBell: v.optional(v.boolean()),
  /** A camera of its doorstep takes photos, where the owner has signed that it may. Left out where there is none. */
  hasDoorstep: v.optional(v.boolean()),
});
export type DoorFacts = v.InferOutput<typeof DoorFacts>;

/** Verifies the proof of an enrolment. @returns ENROLMENT_MALFORMED or ENROLMENT_NOT_GENUINE when it fails */
export async function verifyEnrolment(
  request: EnrolmentRequest,
): Promise<Verdict<{ sign: OkpJwk; seal: EcJwk; kid: string }>> {
  const peeked = peek(enrolmentForm, request.proof);
  if (!peeked.ok) return peeked;
  const { jwk } = peeked.value;
  if (jwk?.kty !== 'OKP') return refuse('ENROLMENT_MALFORMED', { why: 'key' });
  let key: Awaited<ReturnType<typeof toVerifyKey>>;
  try {
    key = await toVerifyKey(jwk);
    await toVerifyKey(peeked.value.claims.seal);
  } catch {
    return refuse('ENROLMENT_NOT_GENUINE', { why: 'key' });
  }
  const verified = await verifyPeeked(enrolmentForm, request.proof, peeked.value, key);
  if (!verified.ok) return verified;
  const { token, csr, seal } = verified.value;
  if (token !== hashOf(request.token) || csr !== hashOf(request.csr)) return refuse('ENROLMENT_NOT_GENUINE');
  return accept({ sign: jwk, seal, kid: thumbprintOf(jwk) });
}
