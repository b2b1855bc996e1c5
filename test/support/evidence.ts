/** The evidence of one delivery that was handed over, with all that can be in it, signed by the people of a cast. */
import { assignmentForm } from '../../wire/assignment.ts';
import type { EvidencePack } from '../../wire/evidence.ts';
import { hashOf, newId, signDocument } from '../../wire/jws.ts';
import { receiptForm } from '../../wire/receipt.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import { type StopActClaims, stopActForm } from '../../wire/stop.ts';
import { type StopReceiptClaims, stopReceiptForm, stopSealForm } from '../../wire/stop-receipt.ts';
import { type Cast, issuerSetOf, rootSetOf } from './keys.ts';

/** @param change  of the receipt: what the cloud would have signed otherwise */
export async function evidenceOf(cast: Cast, change: Partial<StopReceiptClaims> = {}): Promise<EvidencePack> {
  const { nowS, hubId, delivery, courier } = cast;
  const act = (claims: Pick<StopActClaims, 'act'> & object): Promise<string> =>
    signDocument(
      stopActForm,
      { delivery, attempt: 1, jti: newId(), iat: nowS, nonce: newId(), ...claims } as StopActClaims,
      courier,
    );
  const holder = newId();
  const acts = [
    await act({ act: 'arrive' }),
    await act({ act: 'ring' }),
    await act({ act: 'hand-over', holder, typedBy: 'recipient' } as Pick<StopActClaims, 'act'>),
  ];
  const seen = { seq: 9, hash: hashOf('9') };
  const visitId = newId();
  const visit = await signDocument(
    receiptForm,
    {
      ...{ iss: hubId, visit: visitId, door: cast.doorId, delivery, jkt: courier.kid, entry: seen },
      ...{ arrivedAt: nowS * 1000, endedAt: nowS * 1000, outcome: 'completed', proof: 'secured' },
    },
    cast.hub,
  );
  const claims: StopReceiptClaims = {
    ...{ iss: 'doorward', jti: newId(), iat: nowS, hub: hubId, hubKey: cast.hub.kid },
    ...{ carrier: cast.carrierId, delivery, attempt: 1, day: '2026-10-25', end: 'handed-over', place: 'in-person' },
    receiver: { proven: 'code-holder', holder: 'account', typedBy: 'recipient', wrongEntries: 1 },
    handover: { jkt: courier.kid, presence: 'felt', arrivedAt: nowS * 1000, rangAt: nowS * 1000, endedAt: nowS * 1000 },
    door: cast.doorId,
    visit: { id: visitId, receipt: hashOf(visit), proof: 'secured' },
    acts: acts.map(hashOf),
    contents: 'not-checked',
    notProven: ['contents', 'condition', 'photo'],
    ...change,
  };
  const receipt = await signDocument(stopReceiptForm, claims, cast.issuer);
  const saw = { visit: hashOf(visit), presence: 'felt' as const };
  const seal = { iss: hubId, receipt: hashOf(receipt), iat: nowS, saw, entry: seen };
  const assigned = {
    ...{ iss: cast.carrierId, aud: hubId, jti: newId(), iat: nowS, nbf: nowS, exp: nowS + 60 },
    ...{ delivery, door: cast.doorId, cnf: { jkt: courier.kid } },
  };
  return {
    doorward: 'evidence-1',
    roots: [await rootSetOf(cast)],
    issuers: await issuerSetOf(cast),
    receipt,
    hubKey: cast.hub.jwk as OkpJwk,
    seal: await signDocument(stopSealForm, seal, cast.hub),
    visit,
    acts,
    assignment: { text: await signDocument(assignmentForm, assigned, cast.carrier), key: cast.carrier.jwk },
  };
}
