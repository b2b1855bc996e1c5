/** The receipt: the hub's signed word on how one visit went, for owner and carrier. */
import * as v from 'valibot';
import { accept, type Verdict } from './faults.ts';
import { type DocumentForm, type VerifyKey, verifyKnown } from './jws.ts';
import { AnyDoor } from './sandbox.ts';
import { Hash, HubId, Id, Millis, SeenHead } from './shapes.ts';

/** How the visit went. `contact-fault`: said to be done although the door was never seen open. */
export const outcomes = [
  'completed',
  'nobody-entered',
  'stopped',
  'aborted',
  'incomplete',
  'contact-fault',
  'lock-failed',
  'interrupted',
] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * How the door was left. `secured`: all evidence of its kind, reported after it last moved. `locked`: the bolt is proven, the
 * contact was not seen to work in this visit or there is none. `closed`: no bolt monitor; the owner accepted that.
 * `untouched`: proven before and never moved. `unsecured`: not proven, an alarm stands.
 */
export const proofs = ['secured', 'locked', 'closed', 'untouched', 'unsecured'] as const;
export type Proof = (typeof proofs)[number];

export const ReceiptClaims = v.strictObject({
  iss: HubId,
  visit: Id,
  door: AnyDoor,
  delivery: v.optional(Id),
  /** Thumbprint of the visitor's device. */
  jkt: Hash,
  arrivedAt: Millis,
  endedAt: Millis,
  outcome: v.picklist(outcomes),
  proof: v.picklist(proofs),
  /** The entry that ended the visit. */
  entry: SeenHead,
});
export type ReceiptClaims = v.InferOutput<typeof ReceiptClaims>;

export const receiptForm: DocumentForm<typeof ReceiptClaims> = {
  typ: 'receipt+jwt',
  algs: ['EdDSA'],
  maxBytes: 2048,
  key: 'kid',
  claims: ReceiptClaims,
  malformed: 'RECEIPT_MALFORMED',
  notGenuine: 'RECEIPT_NOT_GENUINE',
};

/** Verifies a receipt with the hub's key. @returns RECEIPT_… when it is not genuine */
export async function verifyReceipt(jws: string, hub: VerifyKey): Promise<Verdict<ReceiptClaims>> {
  const verified = await verifyKnown(receiptForm, jws, [hub], 'RECEIPT_NOT_GENUINE');
  return verified.ok ? accept(verified.value.claims) : verified;
}
