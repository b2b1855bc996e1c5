/** Root set and issuer set: which keys may sign for the cloud, signed by a threshold of offline root keys. */
import { errors, type GeneralJWS, GeneralSign, generalVerify } from 'jose';
import * as v from 'valibot';
import { accept, type FaultCode, refuse, type Verdict } from './faults.ts';
import { decodeText, hashOf, type SignKey, toVerifyKey, type VerifyKey } from './jws.ts';
import { Count, Hash, OkpJwk, Seconds, Slug } from './shapes.ts';

export const RootSetClaims = v.strictObject({
  version: Count,
  exp: Seconds,
  /** How many root keys have to sign, 1..5; 2 of 3 in production. */
  threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  keys: v.pipe(v.array(OkpJwk), v.minLength(1), v.maxLength(5)),
});
export type RootSetClaims = v.InferOutput<typeof RootSetClaims>;

export const IssuerSetClaims = v.strictObject({
  version: Count,
  exp: Seconds,
  /** `iss` of every document that these keys sign. */
  issuer: Slug,
  keys: v.pipe(v.array(v.strictObject({ jwk: OkpJwk, nbf: Seconds, exp: Seconds })), v.minLength(1), v.maxLength(16)),
});
export type IssuerSetClaims = v.InferOutput<typeof IssuerSetClaims>;

/** Root keys in force, imported. */
export interface RootKeys {
  readonly version: number;
  readonly exp: number;
  readonly threshold: number;
  readonly keys: readonly VerifyKey[];
}

/** Issuer keys in force, imported, each with its own time. */
export interface IssuerKeys {
  readonly version: number;
  readonly exp: number;
  readonly issuer: string;
  readonly keys: readonly { readonly key: VerifyKey; readonly nbf: number; readonly exp: number }[];
}

const maxBytes = 16_384;
const SignedSet = v.strictObject({
  payload: v.pipe(v.string(), v.maxLength(maxBytes)),
  signatures: v.pipe(
    v.array(
      v.strictObject({
        protected: v.pipe(v.string(), v.maxLength(512)),
        signature: v.pipe(v.string(), v.maxLength(512)),
      }),
    ),
    v.minLength(1),
    v.maxLength(10),
  ),
});
const SetHeader = v.strictObject({ alg: v.literal('EdDSA'), typ: v.string(), kid: Hash });

interface SetForm<S extends v.GenericSchema> {
  readonly typ: string;
  readonly claims: S;
  readonly malformed: FaultCode;
  readonly notGenuine: FaultCode;
}

const rootSetForm: SetForm<typeof RootSetClaims> = {
  typ: 'rootset+jwt',
  claims: RootSetClaims,
  malformed: 'ROOT_SET_MALFORMED',
  notGenuine: 'ROOT_SET_NOT_GENUINE',
};
const issuerSetForm: SetForm<typeof IssuerSetClaims> = {
  typ: 'issuerset+jwt',
  claims: IssuerSetClaims,
  malformed: 'ISSUER_SET_MALFORMED',
  notGenuine: 'ISSUER_SET_NOT_GENUINE',
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const parsePart = (part: string): unknown => {
  try {
    return JSON.parse(decodeText(part));
  } catch {
    return undefined;
  }
};

function readSet<S extends v.GenericSchema>(
  form: SetForm<S>,
  text: string,
): Verdict<{ jws: GeneralJWS; kids: string[]; claims: v.InferOutput<S> }> {
  if (typeof text !== 'string' || text.length > maxBytes) return refuse(form.malformed, { why: 'size' });
  const jws = v.safeParse(SignedSet, parseJson(text));
  if (!jws.success) return refuse(form.malformed, { why: 'not a signed set' });
  const kids: string[] = [];
  for (const one of jws.output.signatures) {
    const header = v.safeParse(SetHeader, parsePart(one.protected));
    if (!header.success || header.output.typ !== form.typ) return refuse(form.malformed, { why: 'header' });
    kids.push(header.output.kid);
  }
  const claims = v.safeParse(form.claims, parsePart(jws.output.payload));
  if (!claims.success) return refuse(form.malformed, { why: 'claims' });
  return accept({ jws: jws.output, kids, claims: claims.output });
}

/** How many different keys of `roots` have signed. A signature that does not verify does not count. */
async function countSigners(jws: GeneralJWS, kids: readonly string[], roots: readonly VerifyKey[]): Promise<number> {
  const signers = new Set<string>();
  for (const [index, kid] of kids.entries()) {
    const root = roots.find((one) => one.kid === kid);
    const signature = jws.signatures[index];
    if (root === undefined || signature === undefined || signers.has(kid)) continue;
    try {
      await generalVerify({ payload: jws.payload, signatures: [signature] }, root.key, { algorithms: ['EdDSA'] });
      signers.add(kid);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  return signers.size;
}

const toRootKeys = async (claims: RootSetClaims): Promise<RootKeys> => ({
  ...claims,
  keys: await Promise.all(claims.keys.map(toVerifyKey)),
});

/**
 * Verifies a root set that comes by itself, to be pinned at enrolment: it must be signed by a threshold of its own keys.
 * Trust in it comes from `rootSetHash`, which the installer compares.
 * @returns ROOT_SET_MALFORMED, ROOT_SET_NOT_GENUINE or ROOT_SET_EXPIRED when not
 */
export async function verifyFirstRootSet(text: string, nowS: number): Promise<Verdict<RootKeys>> {
  const read = readSet(rootSetForm, text);
  if (!read.ok) return read;
  const roots = await toRootKeys(read.value.claims);
  if ((await countSigners(read.value.jws, read.value.kids, roots.keys)) < roots.threshold) {
    return refuse('ROOT_SET_NOT_GENUINE');
  }
  return nowS < roots.exp ? accept(roots) : refuse('ROOT_SET_EXPIRED');
}

/**
 * Verifies the next root set: signed by a threshold of the pinned keys and by a threshold of its own.
 * @returns also ROOT_SET_OLD for a version that is not above the pinned one
 */
export async function verifyNextRootSet(text: string, pinned: RootKeys, nowS: number): Promise<Verdict<RootKeys>> {
  const read = readSet(rootSetForm, text);
  if (!read.ok) return read;
  if ((await countSigners(read.value.jws, read.value.kids, pinned.keys)) < pinned.threshold) {
    return refuse('ROOT_SET_NOT_GENUINE');
  }
  const next = await verifyFirstRootSet(text, nowS);
  if (!next.ok) return next;
  return next.value.version > pinned.version ? next : refuse('ROOT_SET_OLD', { has: pinned.version });
}

/**
 * Verifies an issuer set against the pinned root keys.
 * @param atLeast  lowest version to take; one below it is ISSUER_SET_OLD
 * @param nowS     seconds; 0 reads a kept set whose expiry is judged when it is used
 * @returns ISSUER_SET_… or, past the expiry of the root keys themselves, ROOT_SET_EXPIRED
 */
export async function verifyIssuerSet(
  text: string,
  roots: RootKeys,
  atLeast: number,
  nowS: number,
): Promise<Verdict<IssuerKeys>> {
  const read = readSet(issuerSetForm, text);
  if (!read.ok) return read;
  if ((await countSigners(read.value.jws, read.value.kids, roots.keys)) < roots.threshold) {
    return refuse('ISSUER_SET_NOT_GENUINE');
  }
  const { claims } = read.value;
  if (claims.version < atLeast) return refuse('ISSUER_SET_OLD', { has: atLeast });
  if (nowS >= roots.exp) return refuse('ROOT_SET_EXPIRED');
  if (nowS >= claims.exp) return refuse('ISSUER_SET_EXPIRED');
  const keys = await Promise.all(
    claims.keys.map(async ({ jwk, nbf, exp }) => ({ key: await toVerifyKey(jwk), nbf, exp })),
  );
  return accept({ version: claims.version, exp: claims.exp, issuer: claims.issuer, keys });
}

/** What the installer compares: the hash of the first root set's text, base64url, 43 characters. */
export const rootSetHash = (text: string): string => hashOf(text);

/** Version that an issuer set claims, verified or not: so that a set that no longer verifies is not followed by an older one. -1 for no set. */
export function claimedIssuerSetVersion(text: string): number {
  const read = readSet(issuerSetForm, text);
  return read.ok ? read.value.claims.version : -1;
}

async function signSet(typ: string, claims: unknown, signers: readonly SignKey[]): Promise<string> {
  const jws = new GeneralSign(Buffer.from(JSON.stringify(claims)));
  for (const one of signers) jws.addSignature(one.privateKey).setProtectedHeader({ alg: 'EdDSA', typ, kid: one.kid });
  return JSON.stringify(await jws.sign());
}

/** Signs a root set with root keys (an act of the offline ceremony). */
export const signRootSet = (claims: RootSetClaims, signers: readonly SignKey[]): Promise<string> =>
  signSet(rootSetForm.typ, v.parse(RootSetClaims, claims), signers);

/** Signs an issuer set with root keys (an act of the offline ceremony). */
export const signIssuerSet = (claims: IssuerSetClaims, signers: readonly SignKey[]): Promise<string> =>
  signSet(issuerSetForm.typ, v.parse(IssuerSetClaims, claims), signers);
