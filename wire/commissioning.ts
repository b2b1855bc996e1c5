/** The commissioning report: the hub's signed word on how a door worked when its installer tried it. */
import * as v from 'valibot';
import { accept, type Verdict } from './faults.ts';
import { type DocumentForm, type VerifyKey, verifyKnown } from './jws.ts';
import { outcomes, proofs } from './receipt.ts';
import { DoorId, HubId, Id, Millis } from './shapes.ts';

/** What is seen at the door in a whole cycle, in this order. `proven`: on all evidence that this door can give. */
export const testSteps = ['asked', 'released', 'opened', 'closed', 'locking', 'proven'] as const;
export type TestStep = (typeof testSteps)[number];

/** What holds the door: an OSDP strike, a Nuki smart lock, a garage operator. */
export const holders = ['strike', 'nuki', 'barrier'] as const;
export type Holder = (typeof holders)[number];

const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));
const AfterMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400_000));

export const CommissioningClaims = v.strictObject({
  iss: HubId,
  door: DoorId,
  /** The visit that it was, as the journal has it. */
  visit: Id,
  heldBy: v.picklist(holders),
  /** A sensor of its own tells where bolt or latch is. */
  seesBolt: v.boolean(),
  seesDoor: v.boolean(),
  /** The owner accepted that visits end `closed`. */
  acceptsClosed: v.boolean(),
  /** Model and firmware as the device names itself. */
  identity: v.optional(text(128)),
  batteryPercent: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  /** The hub's system time. */
  startedAt: Millis,
  endedAt: Millis,
  /** Each the first time that it was seen, ms after `startedAt`. */
  steps: v.pipe(v.array(v.strictObject({ step: v.picklist(testSteps), afterMs: AfterMs })), v.maxLength(16)),
  outcome: v.picklist(outcomes),
  proof: v.picklist(proofs),
  /** As the installer gave it: it is in this file alone, never in the journal. */
  installer: v.optional(text(64)),
  software: text(64),
});
export type CommissioningClaims = v.InferOutput<typeof CommissioningClaims>;

export const commissioningForm: DocumentForm<typeof CommissioningClaims> = {
  typ: 'commissioning+jwt',
  algs: ['EdDSA'],
  maxBytes: 4096,
  key: 'kid',
  claims: CommissioningClaims,
  malformed: 'REPORT_MALFORMED',
  notGenuine: 'REPORT_NOT_GENUINE',
};

/** Verifies a report with the hub's key. @returns REPORT_… when it is not genuine */
export async function verifyCommissioning(jws: string, hub: VerifyKey): Promise<Verdict<CommissioningClaims>> {
  const verified = await verifyKnown(commissioningForm, jws, [hub], 'REPORT_NOT_GENUINE');
  return verified.ok ? accept(verified.value.claims) : verified;
}
