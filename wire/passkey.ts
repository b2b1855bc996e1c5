/**
 * The owner's yes with finger, face or PIN (WebAuthn Level 3): an assertion of the device's passkey over one signed document, so that no
 * script of a page can widen access silently (DESIGN 3). Pure: WebCrypto alone, it runs in Node and in browsers.
 *
 * A document that carries one is `<jws>~<authenticatorData>.<clientDataJSON>.<signature>`, each part base64url. The challenge is the
 * SHA-256 of the jws text: an assertion is good for this document and for no other.
 */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from './faults.ts';
import { fromBase64Url, toBase64Url } from './media.ts';
import { EcJwk } from './shapes.ts';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** A passkey that the hub pins with its device: its key is in the phone's secure part, behind user verification. */
export const Passkey = v.strictObject({
  /** Credential id, base64url, 16..258 bytes: how the browser finds it again. */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,344}$/)),
  /** ES256. */
  jwk: EcJwk,
  /** RP ID: the name that the pages are served from, or a parent of it. */
  rp: v.pipe(v.string(), v.maxLength(253), v.regex(new RegExp(`^${label}(?:\\.${label})*$`))),
});
export type Passkey = v.InferOutput<typeof Passkey>;

/** A passkey in the text that a hand-over or an invitation proves: its parts hold no dot but the last. */
export const passkeyText = ({ id, jwk, rp }: Passkey): string => [jwk.x, jwk.y, id, rp].join('.');

/** Longest assertion as text, in characters. */
export const maxAssertionChars = 2_047;

/** What the authenticator signed, and what it was told. */
export interface Assertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJson: Uint8Array;
  /** r and s, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Divides a document from its assertion. @returns both texts; `assertion` undefined when it carries none */
export function splitAsserted(text: string): { readonly jws: string; readonly assertion: string | undefined } {
  const at = typeof text === 'string' ? text.indexOf('~') : -1;
  return at < 0 ? { jws: text, assertion: undefined } : { jws: text.slice(0, at), assertion: text.slice(at + 1) };
}

/** @param signature  as the browser gives it: DER */
export const withAssertion = (
  jws: string,
  parts: {
    readonly authenticatorData: Uint8Array;
    readonly clientDataJson: Uint8Array;
    readonly signature: Uint8Array;
  },
): string => `${jws}~${[parts.authenticatorData, parts.clientDataJson, parts.signature].map(toBase64Url).join('.')}`;

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

/** What the authenticator is asked to sign for this document: 32 bytes. */
export const challengeOf = (jws: string): Promise<Uint8Array> => sha256(new TextEncoder().encode(jws));

/**
 * What stands in a document's place when a passkey makes an account or logs in. No document begins like it: a log-in is never the yes to
 * something that was signed before.
 * @param challenge  of the cloud, base64url
 */
export const accountText = (challenge: string): string => `doorward-account.${challenge}`;

/** One INTEGER of a DER signature as 32 bytes, and where the next begins. Minimal encodings only (X.690, 8.3.2). */
function readInteger(der: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length < 1 || length > 33) return undefined;
  const end = at + 2 + length;
  const digits = der.subarray(at + 2, end);
  const [first, second] = digits;
  if (digits.length !== length || first === undefined || first >= 0x80) return undefined;
  const isPadded = first === 0 && length > 1;
  if (isPadded && (second ?? 0) < 0x80) return undefined;
  const number = isPadded ? digits.subarray(1) : digits;
  if (number.length > 32) return undefined;
  const bytes = new Uint8Array(32);
  bytes.set(number, 32 - number.length);
  return { bytes, end };
}

/** ECDSA-Sig-Value (RFC 3279, 2.2.3) as WebCrypto wants it. @returns 64 bytes, undefined for anything else */
function fromDer(der: Uint8Array): Uint8Array | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const r = readInteger(der, 2);
  const s = r && readInteger(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  const both = new Uint8Array(64);
  both.set(r.bytes);
  both.set(s.bytes, 32);
  return both;
}

/** Hash of the RP ID, flags, counter: what every authenticator data begin with (WebAuthn 6.1). */
const leastAuthenticatorBytes = 37;

/** Reads the text behind the `~`. @returns PASSKEY_MALFORMED when it is none */
export function readAssertion(text: string): Verdict<Assertion> {
  if (text.length > maxAssertionChars) return refuse('PASSKEY_MALFORMED', { why: 'size' });
  const [authenticatorData, clientDataJson, der, ...more] = text.split('.').map(fromBase64Url);
  if (authenticatorData === undefined || clientDataJson === undefined || der === undefined || more.length > 0) {
    return refuse('PASSKEY_MALFORMED', { why: 'parts' });
  }
  if (authenticatorData.length < leastAuthenticatorBytes) return refuse('PASSKEY_MALFORMED', { why: 'authenticator' });
  const signature = fromDer(der);
  if (signature === undefined) return refuse('PASSKEY_MALFORMED', { why: 'signature' });
  return accept({ authenticatorData, clientDataJson, signature });
}

const ClientData = v.object({
  type: v.string(),
  challenge: v.string(),
  origin: v.string(),
  crossOrigin: v.optional(v.boolean(), false),
});

function readClientData(bytes: Uint8Array): v.InferOutput<typeof ClientData> | undefined {
  try {
    const parsed = v.safeParse(ClientData, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Is this page served from the RP ID, or from below it? Browsers hold to it; an authenticator that somebody built would not. */
function isOf(rp: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === rp || hostname.endsWith(`.${rp}`);
}

/** Imports the key of a passkey. @returns undefined when it is no point of its curve */
async function importKey({ kty, crv, x, y }: EcJwk) {
  try {
    const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
    return await globalThis.crypto.subtle.importKey('jwk', { kty, crv, x, y }, ecdsa, false, ['verify']);
  } catch {
    return undefined;
  }
}

/** May this passkey be pinned: is its key a point of its curve? */
export const isUsable = async (passkey: Passkey): Promise<boolean> => (await importKey(passkey.jwk)) !== undefined;

const flags = { userPresent: 0x01, userVerified: 0x04 } as const;

/**
 * Verifies an assertion over a document (WebAuthn 7.2, as far as a document has it: no counter, which synced passkeys do not keep).
 * @param jws        without its assertion
 * @param assertion  the text behind the `~`
 * @returns PASSKEY_MALFORMED; PASSKEY_NOT_GENUINE with why; PASSKEY_NOT_VERIFIED when nobody showed finger, face or PIN
 */
export async function verifyAssertion(jws: string, assertion: string, passkey: Passkey): Promise<Verdict<true>> {
  const read = readAssertion(assertion);
  if (!read.ok) return read;
  const { authenticatorData, clientDataJson, signature } = read.value;
  const client = readClientData(clientDataJson);
  if (client === undefined) return refuse('PASSKEY_MALFORMED', { why: 'client data' });
  if (client.type !== 'webauthn.get') return refuse('PASSKEY_NOT_GENUINE', { why: 'type' });
  if (client.challenge !== toBase64Url(await challengeOf(jws))) {
    return refuse('PASSKEY_NOT_GENUINE', { why: 'another document' });
  }
  if (client.crossOrigin || !isOf(passkey.rp, client.origin)) return refuse('PASSKEY_NOT_GENUINE', { why: 'origin' });
  const rpIdHash = await sha256(new TextEncoder().encode(passkey.rp));
  if (!rpIdHash.every((byte, at) => byte === authenticatorData[at])) {
    return refuse('PASSKEY_NOT_GENUINE', { why: 'rp' });
  }
  const key = await importKey(passkey.jwk);
  if (key === undefined) return refuse('PASSKEY_NOT_GENUINE', { why: 'key' });
  const signed = new Uint8Array(authenticatorData.length + 32);
  signed.set(authenticatorData);
  signed.set(await sha256(clientDataJson), authenticatorData.length);
  const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
  const { subtle } = globalThis.crypto;
  const isSigned = await subtle.verify(ecdsa, key, signature as Uint8Array<ArrayBuffer>, signed);
  if (!isSigned) return refuse('PASSKEY_NOT_GENUINE', { why: 'signature' });
  const asked = flags.userPresent | flags.userVerified;
  return ((authenticatorData[32] ?? 0) & asked) === asked ? accept(true) : refuse('PASSKEY_NOT_VERIFIED');
}
