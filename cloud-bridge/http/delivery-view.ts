/** A delivery as its carrier and its owner see it. */
import * as v from 'valibot';
import { places } from '../../wire/plan.ts';
import { AnyDoor } from '../../wire/sandbox.ts';
import { Count, HubId, Id, Millis, Seconds, Slug } from '../../wire/shapes.ts';
import { deliveryStates } from '../delivery/progress.ts';
import { purposeOf, purposes } from '../delivery/purpose.ts';
import { planOf, toPlaces } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';

const common = {
  delivery: Id,
  door: AnyDoor,
  hub: HubId,
  from: Seconds,
  until: Seconds,
  /** `service`: somebody of a company comes to work, without parcels. */
  purpose: v.picklist(purposes),
  /** 0 of a service visit. */
  parcels: v.number(),
  state: v.picklist(deliveryStates),
  /** Whether the owner is asked before the door opens; left out when no door is to be opened. */
  consent: v.optional(v.picklist(['ask', 'auto'])),
  outcome: v.optional(v.string()),
  proof: v.optional(v.string()),
  receipt: v.optional(v.string()),
  /** When its carrier said that it is on the way. */
  onTheWay: v.optional(Millis),
  attempt: Count,
  /** Of this attempt, `YYYY-MM-DD` in the home's zone; left out where deliveries had no attempts yet. */
  day: v.optional(v.string()),
};

/** For its owner: without the carrier's reference. */
export const OwnerDelivery = v.strictObject({
  ...common,
  carrier: Slug,
  rule: v.optional(Slug),
  /** How many can be looked at; left out where there is none. */
  photos: v.optional(Count),
});
/** For its carrier: without the owner's rule. */
export const CarrierDelivery = v.strictObject({
  ...common,
  reference: v.string(),
  /** Where it may end, in this order; nothing else does. `door`: what an assignment is signed for. */
  plan: v.array(v.strictObject({ place: v.picklist(places), door: v.optional(AnyDoor) })),
});

const commonOf = (row: Row<'delivery'>, attempt: Row<'attempt'> | undefined) => ({
  delivery: row.id,
  door: row.door,
  hub: row.hub,
  from: row.from_s,
  until: row.until_s,
  purpose: purposeOf(row),
  parcels: row.parcels,
  state: row.state,
  ...(row.rule === '' ? {} : { consent: row.consent }),
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
  ...(row.proof === null ? {} : { proof: row.proof }),
  ...(row.receipt === null ? {} : { receipt: row.receipt }),
  ...(row.on_the_way_at === null ? {} : { onTheWay: row.on_the_way_at }),
  attempt: row.attempt,
  ...(attempt === undefined ? {} : { day: attempt.day }),
});

export const toOwnerDelivery = (row: Row<'delivery'>, attempt: Row<'attempt'> | undefined, photos = 0) => ({
  ...commonOf(row, attempt),
  carrier: row.carrier,
  ...(row.rule === '' ? {} : { rule: row.rule }),
  ...(photos === 0 ? {} : { photos }),
});
export const toCarrierDelivery = (row: Row<'delivery'>, attempt: Row<'attempt'> | undefined) => ({
  ...commonOf(row, attempt),
  reference: row.reference,
  plan: toPlaces(planOf(row)),
});
