/** Checks the evidence of a stop: every signature in it, and that all of it is about the same stop. No clock, no network. */
import { type AssignmentClaims, assignmentForm } from './assignment.ts';
import { digestOf } from './digest.ts';
import { EvidencePack, maxPackChars } from './evidence.ts';
import { accept, type Refusal, refuse, type Verdict } from './faults.ts';
import { type IssuerKeys, verifyFirstRootSet, verifyIssuerSet, verifyNextRootSet } from './issuer-set.ts';
import { peek, toVerifyKey, type VerifyKey, verifyPeeked } from './jws.ts';
import { readJson } from './read-json.ts';
import { type ReceiptClaims, verifyReceipt } from './receipt.ts';
import type { SignJwk } from './shapes.ts';
import { type StopActClaims, stopActForm } from './stop.ts';
import {
  type StopReceiptClaims,
  type StopSealClaims,
  stopReceiptForm,
  verifyStopReceipt,
  verifyStopSeal,
} from './stop-receipt.ts';

/** What a pack proves, each part by the signature that it names. */
export interface Evidence {
  readonly receipt: StopReceiptClaims;
  /** Hash of the first root set: what the reader compares with what Doorward publishes. */
  readonly rootHash: string;
  /** Thumbprints: who signed. */
  readonly keys: { readonly cloud: string; readonly hub: string; readonly carrier?: string };
  readonly seal?: StopSealClaims;
  readonly visit?: ReceiptClaims;
  /** Those that are in the pack: the receipt names all. */
  readonly acts: readonly StopActClaims[];
  readonly assignment?: AssignmentClaims;
}

const altered = (why: string): Refusal => refuse('EVIDENCE_ALTERED', { why });

/** A key that is no point of its curve is nobody's. */
async function keyOf(jwk: SignJwk): Promise<Verdict<VerifyKey>> {
  try {
    return accept(await toVerifyKey(jwk));
  } catch {
    return altered('a key');
  }
}

async function readIssuers(pack: EvidencePack, atS: number): Promise<Verdict<IssuerKeys>> {
  const [first, ...later] = pack.roots;
  // Sets are judged at the time of the receipt, but an older root set may have ended before it: only the newest has to be in force.
  let roots = await verifyFirstRootSet(first!, later.length === 0 ? atS : 0);
  for (const [index, text] of later.entries()) {
    if (!roots.ok) return roots;
    roots = await verifyNextRootSet(text, roots.value, index === later.length - 1 ? atS : 0);
  }
  return roots.ok ? verifyIssuerSet(pack.issuers, roots.value, 0, atS) : roots;
}

async function readVisit(
  pack: EvidencePack,
  receipt: StopReceiptClaims,
  hub: VerifyKey,
): Promise<Verdict<ReceiptClaims | undefined>> {
  if (receipt.visit === undefined) return pack.visit === undefined ? accept(undefined) : altered('a visit too many');
  if (pack.visit === undefined) return accept(undefined);
  if ((await digestOf(pack.visit)) !== receipt.visit.receipt) return altered('another visit');
  const visit = await verifyReceipt(pack.visit, hub);
  if (!visit.ok) return visit;
  const { iss, visit: id, delivery, proof } = visit.value;
  const isSame =
    iss === receipt.hub && delivery === receipt.delivery && id === receipt.visit.id && proof === receipt.visit.proof;
  return isSame ? visit : altered('visit');
}

/** A hash stands for an act that is kept no more. */
const isSigned = (act: string): boolean => act.includes('.');

async function readActs(pack: EvidencePack, receipt: StopReceiptClaims): Promise<Verdict<StopActClaims[]>> {
  const acts: StopActClaims[] = [];
  const hashes = await Promise.all(pack.acts.map((one) => (isSigned(one) ? digestOf(one) : one)));
  if (JSON.stringify(hashes) !== JSON.stringify(receipt.acts)) return altered('acts');
  let jkt: string | undefined;
  for (const text of pack.acts) {
    jkt = undefined;
    if (!isSigned(text)) continue;
    const read = peek(stopActForm, text);
    if (!read.ok) return read;
    const { jwk, claims } = read.value;
    // An attempt that was given to another device has acts of both.
    if (jwk === undefined) return altered('act');
    const key = await keyOf(jwk);
    if (!key.ok) return key;
    const verified = await verifyPeeked(stopActForm, text, read.value, key.value);
    if (!verified.ok) return verified;
    if (claims.delivery !== receipt.delivery || claims.attempt !== receipt.attempt)
      return altered('act of another stop');
    acts.push(claims);
    jkt = key.value.kid;
  }
  return jkt === undefined || jkt === receipt.handover.jkt ? accept(acts) : altered('device');
}

async function readAssignment(
  pack: EvidencePack,
  receipt: StopReceiptClaims,
): Promise<Verdict<{ claims: AssignmentClaims; kid: string } | undefined>> {
  if (pack.assignment === undefined) return accept(undefined);
  const key = await keyOf(pack.assignment.key);
  if (!key.ok) return key;
  const read = peek(assignmentForm, pack.assignment.text);
  if (!read.ok) return read;
  if (read.value.kid !== key.value.kid) return altered('key of the carrier');
  const verified = await verifyPeeked(assignmentForm, pack.assignment.text, read.value, key.value);
  if (!verified.ok) return verified;
  const { iss, aud, delivery, cnf } = verified.value;
  const isSame =
    iss === receipt.carrier && aud === receipt.hub && delivery === receipt.delivery && cnf.jkt === receipt.handover.jkt;
  return isSame ? accept({ claims: verified.value, kid: key.value.kid }) : altered('assignment');
}

/** @returns the pack, unverified; EVIDENCE_MALFORMED when it is none */
export function readPack(text: string): Verdict<EvidencePack> {
  if (text.length > maxPackChars) return refuse('EVIDENCE_MALFORMED', { why: 'size' });
  return readJson(EvidencePack, text, 'EVIDENCE_MALFORMED');
}

/**
 * @param text  a pack as JSON
 * @param known.root  `rootSetHash` as the reader has it from elsewhere. Without it the pack proves only that it fits together: whoever
 *   made up all keys could have made up all of it
 * @returns EVIDENCE_MALFORMED for no pack; EVIDENCE_ALTERED for parts that do not belong together; EVIDENCE_OTHER_ROOT; or the refusal
 *   of the document whose signature does not hold
 */
export async function verifyEvidence(text: string, known: { readonly root?: string } = {}): Promise<Verdict<Evidence>> {
  const read = readPack(text);
  if (!read.ok) return read;
  const pack = read.value;
  const rootHash = await digestOf(pack.roots[0]!);
  if (known.root !== undefined && known.root !== rootHash) return refuse('EVIDENCE_OTHER_ROOT', { root: rootHash });
  const claimed = peek(stopReceiptForm, pack.receipt);
  if (!claimed.ok) return claimed;

  const issuers = await readIssuers(pack, claimed.value.claims.iat);
  if (!issuers.ok) return issuers;
  const receipt = await verifyStopReceipt(pack.receipt, issuers.value);
  if (!receipt.ok) return receipt;
  const hubKey = await keyOf(pack.hubKey);
  if (!hubKey.ok) return hubKey;
  const hub = hubKey.value;
  if (hub.kid !== receipt.value.hubKey) return altered('key of the hub');
  const seal =
    pack.seal === undefined
      ? accept(undefined)
      : await verifyStopSeal(pack.seal, { jws: pack.receipt, claims: receipt.value }, hub);
  if (!seal.ok) return seal;
  const { photo } = seal.value?.saw ?? {};
  if (photo !== undefined && photo !== receipt.value.handover.photo) return altered('another photo');
  const visit = await readVisit(pack, receipt.value, hub);
  if (!visit.ok) return visit;
  const acts = await readActs(pack, receipt.value);
  if (!acts.ok) return acts;
  const assignment = await readAssignment(pack, receipt.value);
  if (!assignment.ok) return assignment;

  return accept({
    receipt: receipt.value,
    rootHash,
    keys: {
      cloud: claimed.value.kid!,
      hub: hub.kid,
      ...(assignment.value === undefined ? {} : { carrier: assignment.value.kid }),
    },
    ...(seal.value === undefined ? {} : { seal: seal.value }),
    ...(visit.value === undefined ? {} : { visit: visit.value }),
    acts: acts.value,
    ...(assignment.value === undefined ? {} : { assignment: assignment.value.claims }),
  });
}
