/** Announces a delivery: only where a rule of the owner fits. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { DoorId, Seconds, SignJwk } from '../../wire/shapes.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { findRule, ruleBookOf } from './rules.ts';

export const DeliveryWish = v.pipe(
  v.strictObject({
    door: DoorId,
    from: Seconds,
    until: Seconds,
    parcels: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99)),
    /** The carrier's own; it stays between carrier and cloud. */
    reference: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  }),
  v.check((wish) => wish.from < wish.until, 'until is after from'),
);
export type DeliveryWish = v.InferOutput<typeof DeliveryWish>;

type RuleParts = Pick<Parts, 'keys' | 'now'>;

/** The rule that a delivery stands on now; the one that it was announced under may have gone. */
export async function ruleFor(
  parts: RuleParts,
  tables: Tables,
  carrier: Row<'carrier'>,
  at: { readonly hub: Row<'hub'>; readonly door: string; readonly from: number; readonly until: number },
): Promise<Rule | undefined> {
  const book = await ruleBookOf(tables, at.hub, parts.keys);
  const jwk = v.parse(SignJwk, JSON.parse(carrier.jwk));
  const nowS = Math.floor(parts.now() / 1000);
  const { hub, door, from, until } = at;
  return findRule(tables, hub, book, { party: carrier.id, jwk, door, from, until, nowS });
}

/** @returns the delivery, or DELIVERY_NOT_ALLOWED: for an unknown door too, so that nobody learns which doors there are */
export async function announce(
  parts: RuleParts,
  tables: Tables,
  carrier: Row<'carrier'>,
  wish: DeliveryWish,
): Promise<Verdict<Row<'delivery'>>> {
  const door = await tables.hubs.doors.find(wish.door);
  const hub = door?.present === 1 ? await tables.hubs.find(door.hub) : undefined;
  if (hub === undefined) return refuse('DELIVERY_NOT_ALLOWED');
  const rule = await ruleFor(parts, tables, carrier, { hub, ...wish });
  if (rule === undefined) return refuse('DELIVERY_NOT_ALLOWED');
  const at = parts.now();
  const delivery: Row<'delivery'> = {
    id: newId(),
    carrier: carrier.id,
    home: hub.home,
    hub: hub.id,
    door: wish.door,
    from_s: wish.from,
    until_s: wish.until,
    parcels: wish.parcels,
    reference: wish.reference,
    rule: rule.id,
    consent: rule.consent,
    state: 'announced',
    outcome: null,
    proof: null,
    receipt: null,
    created_at: at,
    on_the_way_at: null,
    parcel: null,
    plan: null,
    wishes: null,
    order_ref: null,
    attempt: 1,
  };
  await tables.deliveries.add(delivery);
  const { door: doorId, from, until, parcels } = wish;
  const data = { delivery: delivery.id, carrier: carrier.id, door: doorId, from, until, parcels };
  await tables.events.add([{ party: `home:${hub.home}`, type: 'delivery.announced', data, at }]);
  return accept(delivery);
}
