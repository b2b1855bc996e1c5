/** Passkeys in a browser (WebAuthn Level 3): made, asked to log in, asked to confirm a document. The question is the browser's own. */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import { fromBase64Url, toBase64Url } from '../../../wire/media.ts';
import { accountText, challengeOf, type Passkey, withAssertion } from '../../../wire/passkey.ts';
import { owned } from './bytes.ts';

/** What the cloud asks a passkey for. */
export interface Question {
  readonly challenge: string;
  /** RP ID. */
  readonly rp: string;
}

/** What the cloud takes as a new passkey. */
export interface MadePasskey {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports: readonly string[];
}

/** What the cloud takes as an answer to log in with. */
export interface Answer {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string;
}

/** Passkeys are for names: at a bare address the browser has none. */
export const canHavePasskeys = (): boolean =>
  'PublicKeyCredential' in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);

const text = (buffer: ArrayBuffer): string => toBase64Url(new Uint8Array(buffer));
const bytes = (base64Url: string): Uint8Array<ArrayBuffer> => owned(fromBase64Url(base64Url) ?? new Uint8Array());
/** ES256 (RFC 9053): what hubs can pin. */
const es256 = -7;

/** @returns PASSKEY_CANCELLED when the person closed the question, or took too long; PASSKEY_UNAVAILABLE with what the browser says */
async function ask(question: () => Promise<Credential | null>): Promise<Verdict<PublicKeyCredential>> {
  if (!canHavePasskeys()) return refuse('PASSKEY_UNAVAILABLE');
  try {
    const credential = await question();
    return credential instanceof PublicKeyCredential ? accept(credential) : refuse('PASSKEY_UNAVAILABLE');
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const isClosed = error.name === 'NotAllowedError' || error.name === 'AbortError';
    return refuse(isClosed ? 'PASSKEY_CANCELLED' : 'PASSKEY_UNAVAILABLE', { why: error.name });
  }
}

/** The public key that the browser made, from its SubjectPublicKeyInfo. */
async function toJwk(spki: ArrayBuffer): Promise<Passkey['jwk']> {
  const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key);
  return { kty: 'EC', crv: 'P-256', x, y };
}

/**
 * Makes a passkey on this device.
 * @param name   what the browser lists it under; nobody but this device learns it
 * @param known  passkeys of the account: the same authenticator is not asked for a second one
 */
export async function makePasskey(
  { challenge, rp, account }: Question & { readonly account: string },
  name: string,
  known: readonly string[] = [],
): Promise<Verdict<{ made: MadePasskey; passkey: Passkey }>> {
  const signed = owned(await challengeOf(accountText(challenge)));
  const asked = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: signed,
        rp: { id: rp, name: 'Doorward' },
        user: { id: bytes(account), name, displayName: name },
        pubKeyCredParams: [{ type: 'public-key', alg: es256 }],
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
        excludeCredentials: known.map((id) => ({ type: 'public-key', id: bytes(id) })),
        attestation: 'none',
      },
    }),
  );
  if (!asked.ok) return asked;
  const { id, response } = asked.value;
  if (!(response instanceof AuthenticatorAttestationResponse)) return refuse('PASSKEY_UNAVAILABLE');
  const spki = response.getPublicKey();
  if (spki === null || response.getPublicKeyAlgorithm() !== es256) return refuse('PASSKEY_UNAVAILABLE');
  const { clientDataJSON, attestationObject } = response;
  const made = {
    id,
    clientDataJSON: text(clientDataJSON),
    attestationObject: text(attestationObject),
    transports: response.getTransports(),
  };
  return accept({ made, passkey: { id, jwk: await toJwk(spki), rp } });
}

/** @param ids  which passkeys may answer; any of this name when left out */
async function assert(
  challenge: Uint8Array,
  rp: string,
  ids: readonly string[] = [],
): Promise<Verdict<{ id: string; response: AuthenticatorAssertionResponse }>> {
  const asked = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: owned(challenge),
        rpId: rp,
        userVerification: 'required',
        allowCredentials: ids.map((id) => ({ type: 'public-key', id: bytes(id) })),
      },
    }),
  );
  if (!asked.ok) return asked;
  const { id, response } = asked.value;
  return response instanceof AuthenticatorAssertionResponse ? accept({ id, response }) : refuse('PASSKEY_UNAVAILABLE');
}

/** Asks any passkey of Doorward that this device or its maker's cloud has to log in. */
export async function answerQuestion({ challenge, rp }: Question): Promise<Verdict<Answer>> {
  const asked = await assert(await challengeOf(accountText(challenge)), rp);
  if (!asked.ok) return asked;
  const { id, response } = asked.value;
  return accept({
    id,
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle === null ? {} : { userHandle: text(response.userHandle) }),
  });
}

/**
 * Has the person confirm one signed document with the passkey that the hub pinned with this device.
 * @returns the document with its assertion; PASSKEY_CANCELLED, PASSKEY_UNAVAILABLE
 */
export async function confirmDocument(jws: string, { id, rp }: Passkey): Promise<Verdict<string>> {
  const asked = await assert(await challengeOf(jws), rp, [id]);
  if (!asked.ok) return asked;
  const { clientDataJSON, authenticatorData, signature } = asked.value.response;
  const parts = {
    authenticatorData: new Uint8Array(authenticatorData),
    clientDataJson: new Uint8Array(clientDataJSON),
    signature: new Uint8Array(signature),
  };
  return accept(withAssertion(jws, parts));
}
