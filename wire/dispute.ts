/** A dispute: an owner says that a delivery did not go as it is told. Pages read it. */
import * as v from 'valibot';
import { Line } from './plan.ts';
import { Count, Id, Millis } from './shapes.ts';

/** Each is an outcome of its own: what is asked of the carrier differs (S102). */
export const disputed = ['not-there', 'wrong-place', 'lost', 'damaged', 'not-mine'] as const;
export const Disputed = v.picklist(disputed);
export type Disputed = v.InferOutput<typeof Disputed>;

/** What the carrier has to do next. The burden of proof is on who delivers (S086). */
export const carrierTasks = ['prove', 'fetch', 'trace', 'inspect', 'take-back'] as const;
export const CarrierTask = v.picklist(carrierTasks);
export type CarrierTask = v.InferOutput<typeof CarrierTask>;

export const followUps: Readonly<Record<Disputed, CarrierTask>> = {
  'not-there': 'prove',
  'wrong-place': 'fetch',
  lost: 'trace',
  damaged: 'inspect',
  'not-mine': 'take-back',
};

/** What a carrier answers. */
export const DisputeText = Line(500);

/** As the household sees it. */
export const Dispute = v.strictObject({
  dispute: Id,
  delivery: Id,
  attempt: Count,
  what: Disputed,
  /** What the carrier was asked to do. */
  next: CarrierTask,
  openedAt: Millis,
  withdrawnAt: v.optional(Millis),
  settledAt: v.optional(Millis),
  /** The carrier's: its word, and no proof. */
  answer: v.optional(v.strictObject({ text: DisputeText, at: Millis })),
  /** Where people of the support read along; absent where too many cases are open. */
  case: v.optional(Id),
});
export type Dispute = v.InferOutput<typeof Dispute>;

export const DisputeList = v.strictObject({
  /** Newest first; at most one of them is open. */
  disputes: v.array(Dispute),
  /** Visits of this delivery: their recordings are kept while it is disputed. */
  visits: v.array(Id),
});
export type DisputeList = v.InferOutput<typeof DisputeList>;
