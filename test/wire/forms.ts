/** Every compact document: a good one, who signs it, and how it is refused when it is not genuine. */
import { createHash } from 'node:crypto';
import type * as v from 'valibot';
import { alarmForm, verifyAlarm } from '../../wire/alarm-message.ts';
import { approvalForm, verifyApproval } from '../../wire/approval.ts';
import { assignmentForm, verifyAssignment } from '../../wire/assignment.ts';
import { commissioningForm, verifyCommissioning } from '../../wire/commissioning.ts';
import type { FaultCode, Verdict } from '../../wire/faults.ts';
import { grantForm, verifyGrant } from '../../wire/grant.ts';
import { hubKeyForm } from '../../wire/hub-key.ts';
import type { IssuerKeys } from '../../wire/issuer-set.ts';
import { journalHeadForm, verifyJournalHead } from '../../wire/journal.ts';
import { type DocumentForm, hashOf, newId, type SignKey } from '../../wire/jws.ts';
import { knockForm, verifyKnock } from '../../wire/knock.ts';
import { lockAnswerForm, lockOrderForm } from '../../wire/lock-order.ts';
import {
  clearanceForm,
  clockResetForm,
  ownerChangeForm,
  ownerListForm,
  verifyClearance,
  verifyClockReset,
  verifyOwnerChange,
  verifyOwnerList,
} from '../../wire/owner.ts';
import { pagesManifestForm, verifyPagesManifest } from '../../wire/pages-manifest.ts';
import { receiptForm, verifyReceipt } from '../../wire/receipt.ts';
import { recoveryCodeForm, recoveryForm, recoveryPinForm } from '../../wire/recovery.ts';
import { revocationForm, verifyRevocation } from '../../wire/revocation.ts';
import { ruleBookForm, verifyRuleBook } from '../../wire/rule-book.ts';
import type { EcJwk, OkpJwk } from '../../wire/shapes.ts';
import {
  type StopReceiptClaims,
  stopReceiptForm,
  stopSealForm,
  verifyStopReceipt,
  verifyStopSeal,
} from '../../wire/stop-receipt.ts';
import { verifyHubKey } from '../../wire/verify-hub-key.ts';
import { verifyLockAnswer, verifyLockOrder } from '../../wire/verify-lock-order.ts';
import { verifyRecovery, verifyRecoveryCode, verifyRecoveryPin } from '../../wire/verify-recovery.ts';
import {
  verifyLook,
  verifyRetention,
  verifySight,
  verifyVideoHead,
  verifyVideoKey,
  verifyVideoShare,
} from '../../wire/verify-video.ts';
import { lookForm, retentionForm, sightForm, videoHeadForm, videoKeyForm, videoShareForm } from '../../wire/video.ts';
import { timeForm, verifyTime, verifyWitness, witnessForm } from '../../wire/witness.ts';
import { type Cast, grantClaimsOf, newSealJwk, ruleBookClaimsOf } from '../support/keys.ts';

export interface Specimen {
  // biome-ignore lint/suspicious/noExplicitAny: forms of every schema
  readonly form: DocumentForm<any>;
  readonly claims: Record<string, unknown>;
  readonly signer: SignKey;
  /** Somebody with a key of the same kind whom nobody trusts. */
  readonly stranger: SignKey;
  /** When the key is not known at all. */
  readonly unknown: FaultCode;
  readonly verify: (jws: string) => Promise<Verdict<unknown>>;
}

export const issuersOf = (cast: Cast): IssuerKeys => ({
  version: 1,
  exp: cast.nowS + 1000,
  issuer: 'doorward',
  keys: [{ key: cast.issuer, nbf: cast.nowS - 1000, exp: cast.nowS + 1000 }],
});

/** @returns one specimen of each compact form */
export function specimens(cast: Cast): Specimen[] {
  const { nowS, hubId, doorId: door, stranger } = cast;
  const owners = [cast.owner.sign];
  const issuers = issuersOf(cast);
  const [hash, nonce, visit] = [createHash('sha256').digest('base64url'), newId(), newId()];
  const by = { aud: hubId, jti: newId(), iat: nowS };
  const byOwner = { signer: cast.owner.sign, stranger: stranger.ec };
  const byHub = { signer: cast.hub, stranger: stranger.ed };
  const byIssuer = { signer: cast.issuer, stranger: stranger.ed };
  const claims = <S extends v.GenericSchema>(_: DocumentForm<S>, of: v.InferInput<S>) => of as Record<string, unknown>;
  const device = { sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal };
  const mark = { key: cast.roots[0]!.jwk as OkpJwk, note: hash };
  const assigned = { party: cast.carrierId, hubId, door, delivery: cast.delivery, jkt: cast.courier.kid, nowS };
  const stopReceipt: StopReceiptClaims = {
    ...{ iss: 'doorward', jti: newId(), iat: nowS, hub: hubId, hubKey: cast.hub.kid },
    ...{ carrier: cast.carrierId, delivery: cast.delivery, door, attempt: 1, day: '2026-10-25' },
    ...{ end: 'handed-over', place: 'in-person' },
    receiver: { proven: 'code-holder', holder: 'household', typedBy: 'recipient', wrongEntries: 1 },
    handover: { jkt: cast.courier.kid, presence: 'felt', endedAt: nowS * 1000 },
    acts: [hash],
    contents: 'not-checked',
    notProven: ['contents', 'condition'],
  };
  return [
    {
      form: grantForm,
      claims: claims(grantForm, grantClaimsOf(cast)),
      ...byIssuer,
      unknown: 'GRANT_KEY_UNKNOWN',
      verify: (jws) => verifyGrant(jws, issuers, nowS),
    },
    {
      form: assignmentForm,
      claims: claims(assignmentForm, {
        ...by,
        iss: cast.carrierId,
        nbf: nowS,
        exp: nowS + 60,
        delivery: cast.delivery,
        door,
        cnf: { jkt: cast.courier.kid },
      }),
      signer: cast.carrier,
      stranger: stranger.ec,
      unknown: 'ASSIGNMENT_NOT_GENUINE',
      verify: (jws) => verifyAssignment(jws, cast.carrier, assigned),
    },
    {
      form: approvalForm,
      claims: claims(approvalForm, { ...by, exp: nowS + 60, door, grant: hash, seen: { seq: 1, hash } }),
      ...byOwner,
      unknown: 'APPROVAL_KEY_UNKNOWN',
      verify: (jws) => verifyApproval(jws, owners, { hubId, door, grantHash: hash, nowS }),
    },
    {
      form: ruleBookForm,
      claims: claims(ruleBookForm, ruleBookClaimsOf(cast)),
      ...byOwner,
      unknown: 'RULE_BOOK_KEY_UNKNOWN',
      verify: (jws) => verifyRuleBook(jws, owners, { hubId, above: 0, inForce: [], nowS }),
    },
    {
      form: knockForm,
      claims: claims(knockForm, { ...by, act: 'unlock', visit, grant: hash, nonce }),
      signer: cast.courier,
      stranger: stranger.ec,
      unknown: 'KNOCK_OTHER_KEY',
      verify: (jws) => verifyKnock(jws, cast.courier.kid),
    },
    {
      form: revocationForm,
      claims: claims(revocationForm, { ...by, ends: { kind: 'visit', id: visit } }),
      ...byOwner,
      unknown: 'REVOCATION_KEY_UNKNOWN',
      verify: async (jws) => {
        const verdict = await verifyRevocation(jws, { owners, issuers }, { hubId, epoch: 0 });
        return verdict.ok ? { ok: true, value: verdict.value.claims } : verdict;
      },
    },
    {
      form: ownerListForm,
      claims: claims(ownerListForm, { iss: hubId, version: 1, iat: nowS, devices: [device] }),
      ...byHub,
      unknown: 'OWNER_LIST_NOT_GENUINE',
      verify: (jws) => verifyOwnerList(jws, cast.hub),
    },
    {
      form: ownerChangeForm,
      claims: claims(ownerChangeForm, { ...by, version: 2, add: { ...device, seal: newSealJwk() } }),
      ...byOwner,
      unknown: 'OWNER_CHANGE_KEY_UNKNOWN',
      verify: (jws) => verifyOwnerChange(jws, owners, { hubId, version: 1 }),
    },
    {
      form: clearanceForm,
      claims: claims(clearanceForm, { ...by, door, alarm: 3 }),
      ...byOwner,
      unknown: 'CLEARANCE_KEY_UNKNOWN',
      verify: (jws) => verifyClearance(jws, owners, { hubId }),
    },
    {
      form: clockResetForm,
      claims: claims(clockResetForm, { aud: hubId, iat: nowS, nonce, mark: nowS }),
      ...byOwner,
      unknown: 'CLOCK_RESET_KEY_UNKNOWN',
      verify: (jws) => verifyClockReset(jws, owners, { hubId, nonce }),
    },
    {
      form: timeForm,
      claims: claims(timeForm, { aud: hubId, nonce, now: nowS * 1000 }),
      ...byIssuer,
      unknown: 'TIME_KEY_UNKNOWN',
      verify: (jws) => verifyTime(jws, issuers, { hubId, nonce }),
    },
    {
      form: witnessForm,
      claims: claims(witnessForm, { aud: hubId, iat: nowS, seq: 3, hash }),
      ...byIssuer,
      unknown: 'WITNESS_KEY_UNKNOWN',
      verify: (jws) => verifyWitness(jws, issuers, { hubId }),
    },
    {
      form: journalHeadForm,
      claims: claims(journalHeadForm, { iss: hubId, seq: 3, hash, at: nowS * 1000 }),
      ...byHub,
      unknown: 'JOURNAL_HEAD_NOT_GENUINE',
      verify: (jws) => verifyJournalHead(jws, cast.hub, hubId),
    },
    {
      form: receiptForm,
      claims: claims(receiptForm, {
        iss: hubId,
        visit,
        door,
        jkt: cast.courier.kid,
        arrivedAt: nowS * 1000,
        endedAt: nowS * 1000,
        outcome: 'completed',
        proof: 'secured',
        entry: { seq: 3, hash: hashOf('3') },
      }),
      ...byHub,
      unknown: 'RECEIPT_NOT_GENUINE',
      verify: (jws) => verifyReceipt(jws, cast.hub),
    },
    {
      form: stopReceiptForm,
      claims: claims(stopReceiptForm, stopReceipt),
      ...byIssuer,
      unknown: 'RECEIPT_NOT_GENUINE',
      verify: (jws) => verifyStopReceipt(jws, issuers),
    },
    {
      form: stopSealForm,
      claims: claims(stopSealForm, {
        ...{ iss: hubId, receipt: hashOf('a receipt'), iat: nowS },
        ...{ saw: { visit: hash, presence: 'felt' }, entry: { seq: 3, hash } },
      }),
      ...byHub,
      unknown: 'RECEIPT_NOT_GENUINE',
      verify: (jws) => verifyStopSeal(jws, { jws: 'a receipt', claims: stopReceipt }, cast.hub),
    },
    {
      form: pagesManifestForm,
      claims: claims(pagesManifestForm, {
        version: 7,
        product: '0.1.0',
        iat: nowS,
        exp: nowS + 60,
        headers: { 'referrer-policy': 'no-referrer' },
        files: { '/app/': { sha256: `${'A'.repeat(43)}=`, bytes: 1 } },
        moved: { '/': '/app/' },
      }),
      ...byHub,
      unknown: 'PAGES_MANIFEST_KEY_UNKNOWN',
      verify: async (jws) => {
        const verdict = await verifyPagesManifest(jws, [cast.hub], { nowS });
        return verdict.ok ? { ok: true, value: verdict.value.claims } : verdict;
      },
    },
    {
      form: commissioningForm,
      claims: claims(commissioningForm, {
        ...{ iss: hubId, door, visit, heldBy: 'nuki', seesBolt: true, seesDoor: true, acceptsClosed: false },
        ...{ startedAt: nowS * 1000, endedAt: nowS * 1000 + 9_000, steps: [{ step: 'asked', afterMs: 0 }] },
        ...{ outcome: 'completed', proof: 'secured', software: 'doorward/0.1.0' },
      }),
      ...byHub,
      unknown: 'REPORT_NOT_GENUINE',
      verify: (jws) => verifyCommissioning(jws, cast.hub),
    },
    {
      form: alarmForm,
      claims: claims(alarmForm, {
        iss: hubId,
        jti: newId(),
        at: nowS * 1000,
        code: 'LOCK_JAMMED',
        door,
        notFor: [hash],
      }),
      ...byHub,
      unknown: 'ALARM_NOT_GENUINE',
      verify: (jws) => verifyAlarm(jws, cast.hub, hubId),
    },
    {
      form: videoKeyForm,
      claims: claims(videoKeyForm, {
        iss: hubId,
        stream: visit,
        door,
        visit,
        iat: nowS * 1000,
        codec: 'h264',
        width: 640,
        height: 480,
        owners: 1,
        sealed: 'x'.repeat(100),
      }),
      ...byHub,
      unknown: 'VIDEO_KEY_NOT_GENUINE',
      verify: (jws) => verifyVideoKey(jws, cast.hub, hubId),
    },
    {
      form: videoHeadForm,
      claims: claims(videoHeadForm, { iss: hubId, stream: visit, seq: 3, hash, at: nowS * 1000, end: 'lost', late: 1 }),
      ...byHub,
      unknown: 'VIDEO_HEAD_NOT_GENUINE',
      verify: (jws) => verifyVideoHead(jws, cast.hub, { hubId, stream: visit }),
    },
    {
      form: videoShareForm,
      claims: claims(videoShareForm, { aud: hubId, stream: visit, iat: nowS, to: hash, sealed: 'x'.repeat(100) }),
      ...byOwner,
      unknown: 'VIDEO_SHARE_KEY_UNKNOWN',
      verify: (jws) => verifyVideoShare(jws, owners, hubId),
    },
    {
      form: sightForm,
      claims: claims(sightForm, { ...by, stream: visit, seq: 3, picture: hash }),
      ...byOwner,
      unknown: 'SIGHT_KEY_UNKNOWN',
      verify: async (jws) => {
        const verdict = await verifySight(jws, owners, hubId);
        return verdict.ok ? { ok: true, value: verdict.value.claims } : verdict;
      },
    },
    {
      form: lookForm,
      claims: claims(lookForm, { ...by, exp: nowS + 60, door }),
      ...byOwner,
      unknown: 'LOOK_KEY_UNKNOWN',
      verify: (jws) => verifyLook(jws, owners, { hubId, nowS }),
    },
    {
      form: retentionForm,
      claims: claims(retentionForm, { aud: hubId, version: 2, iat: nowS, keepHours: 72, keep: [visit] }),
      ...byOwner,
      unknown: 'RETENTION_KEY_UNKNOWN',
      verify: (jws) => verifyRetention(jws, owners, { hubId, version: 1 }),
    },
    {
      form: recoveryPinForm,
      claims: claims(recoveryPinForm, { iss: hubId, version: 2, iat: nowS, mark }),
      ...byHub,
      unknown: 'RECOVERY_PIN_NOT_GENUINE',
      verify: (jws) => verifyRecoveryPin(jws, cast.hub, hubId),
    },
    {
      form: recoveryCodeForm,
      claims: claims(recoveryCodeForm, { ...by, version: 2, mark }),
      ...byOwner,
      unknown: 'RECOVERY_CODE_KEY_UNKNOWN',
      verify: (jws) => verifyRecoveryCode(jws, owners, { hubId, version: 1 }),
    },
    {
      form: recoveryForm,
      claims: claims(recoveryForm, { ...by, device }),
      signer: cast.roots[0]!,
      stranger: stranger.ed,
      unknown: 'RECOVERY_KEY_UNKNOWN',
      verify: (jws) => verifyRecovery(jws, cast.roots[0], hubId),
    },
    {
      form: hubKeyForm,
      claims: claims(hubKeyForm, { iss: hubId, iat: nowS, seal: cast.owner.seal }),
      ...byHub,
      unknown: 'HUB_KEY_NOT_GENUINE',
      verify: (jws) => verifyHubKey(jws, cast.hub, hubId),
    },
    {
      form: lockOrderForm,
      claims: claims(lockOrderForm, { ...by, exp: nowS + 60, door, order: { do: 'codes.add', sealed: 'a..b.c.d' } }),
      ...byOwner,
      unknown: 'LOCK_ORDER_KEY_UNKNOWN',
      verify: async (jws) => {
        const verdict = await verifyLockOrder(jws, owners, { hubId, nowS });
        return verdict.ok ? { ok: true, value: verdict.value.claims } : verdict;
      },
    },
    {
      form: lockAnswerForm,
      claims: claims(lockAnswerForm, { iss: hubId, order: hash, to: hash, sealed: 'a.b.c.d.e' }),
      ...byHub,
      unknown: 'LOCK_ANSWER_NOT_GENUINE',
      verify: (jws) => verifyLockAnswer(jws, cast.hub, { hubId, order: hash, to: hash }),
    },
  ];
}
