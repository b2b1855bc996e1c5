/** The small shapes that documents and messages are made of, each with its limit. */
import * as v from 'valibot';

/** Seconds since the epoch (RFC 7519 NumericDate), whole, 0..2^40. */
export const Seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40));
/** Milliseconds since the epoch, whole. */
export const Millis = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 50));
/** A version, sequence number or count: 0..2^40. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 40));

/** Random id: base64url, 22..43 characters (128..256 bits). */
export const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,43}$/));
/** SHA-256 or RFC 7638 thumbprint: base64url, 43 characters. */
export const Hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
/** `hub-` and 20 of a-z0-9. */
export const HubId = v.pipe(v.string(), v.regex(/^hub-[a-z0-9]{20}$/));
/** `door-` and 20 of a-z0-9: nobody guesses it, so it may stand where a carrier addresses a delivery. */
export const DoorId = v.pipe(v.string(), v.regex(/^door-[a-z0-9]{20}$/));
/** `cloud-` and 1..24 of a-z0-9-. */
export const InstanceId = v.pipe(v.string(), v.regex(/^cloud-[a-z0-9-]{1,24}$/));
/** Name of a thing in a document: no blanks, no control characters, never a person's name. 1..64. */
export const Slug = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,64}$/));
/** One compact JWS as text; each document sets its own smaller limit. */
export const Jws = v.pipe(v.string(), v.maxLength(65_536), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/));

/** The same, with or without the assertion of a passkey behind it (`passkey.ts`). */
export const MaybeAsserted = v.pipe(
  v.string(),
  v.maxLength(65_536),
  v.regex(/^[\w-]+\.[\w-]+\.[\w-]+(?:~[\w-]+\.[\w-]+\.[\w-]+)?$/),
);

/** An object that is no array: valibot's records take both. Goes before a record in a pipe. */
export const NoArray = <T>() => v.custom<Readonly<Record<string, T>>>((x) => !Array.isArray(x));

/** Public P-256 key for ES256 or ECDH-ES. Strict: a private key does not fit. */
export const EcJwk = v.strictObject({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  x: Hash,
  y: Hash,
});
/** Public Ed25519 key. */
export const OkpJwk = v.strictObject({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: Hash });
/** A public key that signs: ES256 or EdDSA. */
export const SignJwk = v.variant('kty', [EcJwk, OkpJwk]);

export type EcJwk = v.InferOutput<typeof EcJwk>;
export type OkpJwk = v.InferOutput<typeof OkpJwk>;
export type SignJwk = v.InferOutput<typeof SignJwk>;

/** Which key a document is bound to (RFC 7800, RFC 9449). */
export const Confirmation = v.strictObject({ jkt: Hash });

/** A place in a journal that somebody saw: sequence number and hash of that entry. */
export const SeenHead = v.strictObject({ seq: Count, hash: Hash });
export type SeenHead = v.InferOutput<typeof SeenHead>;
