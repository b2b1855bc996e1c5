/**
 * The receipt of a stop: what was proven of one attempt of a delivery, and what was not. The cloud signs what it was told and saw; the
 * hub's seal says what of it the hub saw itself.
 *
 * It keeps two facts apart: the right receiver, and a proper hand-over (S009). It names no person (S004), and there is no way to write
 * into it that the contents were right (T30).
 */
import * as v from 'valibot';
import { digestOf } from './digest.ts';
import { accept, refuse, type Verdict } from './faults.ts';
import type { IssuerKeys } from './issuer-set.ts';
import { type DocumentForm, peek, type VerifyKey, verifyKnown, verifyPeeked } from './jws.ts';
import { places } from './plan.ts';
import { proofs } from './receipt.ts';
import { AnyDoor } from './sandbox.ts';
import { Count, Hash, HubId, Id, Millis, Seconds, SeenHead, Slug } from './shapes.ts';
import { leaveReasons, presences, stopEnds } from './stop.ts';

/** Who received. `code-holder`: whoever had the code; `recipient-device`: an owner's device said so by its signature. */
export const receivers = ['code-holder', 'recipient-device', 'nobody'] as const;

/** What a receipt can lack, by name. */
export const unproven = [
  'receiver',
  'place',
  'presence',
  'ring',
  'wait',
  'photo',
  'door',
  'contents',
  'condition',
] as const;

export const StopReceiptClaims = v.strictObject({
  iss: Slug,
  jti: Id,
  iat: Seconds,
  hub: HubId,
  /** Thumbprint of the key that this hub signs with. */
  hubKey: Hash,
  carrier: Slug,
  delivery: Id,
  attempt: v.pipe(Count, v.minValue(1)),
  /** In the home's time zone. */
  day: v.pipe(v.string(), v.isoDate()),
  end: v.picklist(stopEnds),
  /** Why the courier left, where it did. */
  left: v.optional(v.picklist(leaveReasons)),
  place: v.optional(v.picklist(places)),
  receiver: v.strictObject({
    proven: v.picklist(receivers),
    /** What the holder is to the home, never who. */
    holder: v.optional(v.picklist(['account', 'household', 'neighbour', 'gift', 'reception'])),
    typedBy: v.optional(v.picklist(['courier', 'recipient', 'scan'])),
    wrongEntries: Count,
  }),
  handover: v.strictObject({
    /** Thumbprint of the courier's device. */
    jkt: v.optional(Hash),
    presence: v.picklist(presences),
    arrivedAt: v.optional(Millis),
    rangAt: v.optional(Millis),
    endedAt: Millis,
    /** How far the phone said it was from the home's position, metres. It can be forged. */
    metres: v.optional(Count),
    /** SHA-256 of the photo as it was sealed. */
    photo: v.optional(Hash),
  }),
  /** That the delivery was announced for. */
  door: AnyDoor,
  /** Through a door, as its hub signed it: the hash of the hub's own receipt. */
  visit: v.optional(v.strictObject({ id: Id, receipt: Hash, proof: v.picklist(proofs) })),
  /** The signed acts of the courier's device, in order, by hash. */
  acts: v.pipe(v.array(Hash), v.maxLength(32)),
  /** Nobody looked. It cannot say anything else. */
  contents: v.literal('not-checked'),
  notProven: v.pipe(v.array(v.picklist(unproven)), v.minLength(1), v.maxLength(unproven.length)),
});
export type StopReceiptClaims = v.InferOutput<typeof StopReceiptClaims>;

export const stopReceiptForm: DocumentForm<typeof StopReceiptClaims> = {
  typ: 'stopreceipt+jwt',
  algs: ['EdDSA'],
  maxBytes: 8192,
  key: 'kid',
  claims: StopReceiptClaims,
  malformed: 'RECEIPT_MALFORMED',
  notGenuine: 'RECEIPT_NOT_GENUINE',
};

export const StopSealClaims = v.strictObject({
  iss: HubId,
  /** `hashOf` the receipt. */
  receipt: Hash,
  iat: Seconds,
  /** What the hub saw of this stop itself. */
  saw: v.strictObject({
    /** Hash of its own receipt of the visit. */
    visit: v.optional(Hash),
    presence: v.picklist(['nothing', 'someone', 'felt', 'heard']),
    /** Hash of the photo that the courier's act names, where the hub took it itself. */
    photo: v.optional(Hash),
  }),
  /** The entry that says so. */
  entry: SeenHead,
});
export type StopSealClaims = v.InferOutput<typeof StopSealClaims>;

export const stopSealForm: DocumentForm<typeof StopSealClaims> = {
  typ: 'stopseal+jwt',
  algs: ['EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: StopSealClaims,
  malformed: 'RECEIPT_MALFORMED',
  notGenuine: 'RECEIPT_NOT_GENUINE',
};

/** Verifies a receipt with the keys that may sign for the cloud at the time when it was made. @returns RECEIPT_… when it is not genuine */
export async function verifyStopReceipt(jws: string, issuers: IssuerKeys): Promise<Verdict<StopReceiptClaims>> {
  const peeked = peek(stopReceiptForm, jws);
  if (!peeked.ok) return peeked;
  const { claims, kid } = peeked.value;
  const known = issuers.keys.find(({ key }) => key.kid === kid);
  if (known === undefined || claims.iss !== issuers.issuer) return refuse('RECEIPT_NOT_GENUINE', { why: 'issuer' });
  if (claims.iat < known.nbf || claims.iat >= known.exp)
    return refuse('RECEIPT_NOT_GENUINE', { why: 'time of the key' });
  return verifyPeeked(stopReceiptForm, jws, peeked.value, known.key);
}

/** Verifies the hub's seal on a receipt. @returns RECEIPT_… when it is of another hub, key or receipt */
export async function verifyStopSeal(
  seal: string,
  receipt: { readonly jws: string; readonly claims: StopReceiptClaims },
  hub: VerifyKey,
): Promise<Verdict<StopSealClaims>> {
  if (hub.kid !== receipt.claims.hubKey) return refuse('RECEIPT_NOT_GENUINE', { why: 'key of the hub' });
  const verified = await verifyKnown(stopSealForm, seal, [hub], 'RECEIPT_NOT_GENUINE');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.iss !== receipt.claims.hub) return refuse('RECEIPT_NOT_GENUINE', { why: 'hub' });
  if (claims.receipt !== (await digestOf(receipt.jws)))
    return refuse('RECEIPT_NOT_GENUINE', { why: 'another receipt' });
  return accept(claims);
}
