/** A delivery as its carrier and its owner see it. */
import * as v from 'valibot';
import { DoorId, HubId, Id, Millis, Seconds, Slug } from '../../wire/shapes.ts';
import { deliveryStates } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';

const common = {
  delivery: Id,
  door: DoorId,
  hub: HubId,
  from: Seconds,
  until: Seconds,
  parcels: v.number(),
  state: v.picklist(deliveryStates),
  consent: v.picklist(['ask', 'auto']),
  outcome: v.optional(v.string()),
  proof: v.optional(v.string()),
  receipt: v.optional(v.string()),
  /** When its carrier said that it is on the way. */
  onTheWay: v.optional(Millis),
};

/** For its owner: without the carrier's reference. */
export const OwnerDelivery = v.strictObject({ ...common, carrier: Slug, rule: Slug });
/** For its carrier: without the owner's rule. */
export const CarrierDelivery = v.strictObject({ ...common, reference: v.string(), possible: v.literal('inside') });

const commonOf = (row: Row<'delivery'>) => ({
  delivery: row.id,
  door: row.door,
  hub: row.hub,
  from: row.from_s,
  until: row.until_s,
  parcels: row.parcels,
  state: row.state,
  consent: row.consent,
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
  ...(row.proof === null ? {} : { proof: row.proof }),
  ...(row.receipt === null ? {} : { receipt: row.receipt }),
  ...(row.on_the_way_at === null ? {} : { onTheWay: row.on_the_way_at }),
});

export const toOwnerDelivery = (row: Row<'delivery'>) => ({ ...commonOf(row), carrier: row.carrier, rule: row.rule });
export const toCarrierDelivery = (row: Row<'delivery'>) => ({
  ...commonOf(row),
  reference: row.reference,
  possible: 'inside' as const,
});
