/** Announces a delivery: only where the owner's wishes and rules leave a way for it. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { Abilities, deliveryKinds, ParcelFacts, supportedKinds } from '../../wire/plan.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { AnyDoor } from '../../wire/sandbox.ts';
import { Seconds } from '../../wire/shapes.ts';
import type { Parts } from '../parts.ts';
import { makePlan } from '../plan/make-plan.ts';
import { wishBookOf, zoneOf } from '../plan/wishes.ts';
import { beginAttempt, dayOfWindow } from '../stop/begin-attempt.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { parcelsOf, purposeOf } from './purpose.ts';
import { findRuleOf, type RuleNeed, ruleBookOf } from './rules.ts';

export const DeliveryWish = v.pipe(
  v.strictObject({
    door: v.pipe(
      AnyDoor,
      v.description(
        "A door of a home, as its owner gives it. A client of the sandbox asks for what is to be played by the door's name: `GET /v1/sandbox` says what happens at each, and what `can` has to say for it.",
      ),
    ),
    from: Seconds,
    until: Seconds,
    parcels: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(99),
        v.description(
          'A carrier has to say it. A service company announces a visit and leaves out `parcels`, `parcel` and `can`.',
        ),
      ),
    ),
    /** The carrier's own; it stays between carrier and cloud. */
    reference: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
    parcel: v.optional(ParcelFacts),
    can: v.optional(Abilities),
    kind: v.optional(v.picklist(deliveryKinds), 'home'),
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
  at: Omit<RuleNeed, 'carrier'>,
): Promise<Rule | undefined> {
  const book = await ruleBookOf(tables, at.hub, parts.keys);
  return findRuleOf(parts, tables, book, { ...at, carrier });
}

/** A delivery with its first attempt. */
export interface Announced {
  readonly delivery: Row<'delivery'>;
  readonly attempt: Row<'attempt'>;
}

/** @returns the delivery; BODY_MALFORMED where `parcels` and who announces do not fit, DELIVERY_UNSUPPORTED, or DELIVERY_NOT_ALLOWED: for an unknown door too, so that nobody learns which doors there are */
export async function announce(
  parts: RuleParts & Pick<Parts, 'config'>,
  tables: Tables,
  carrier: Row<'carrier'>,
  wish: DeliveryWish,
): Promise<Verdict<Announced>> {
  const counted = parcelsOf(carrier, wish);
  if (!counted.ok) return counted;
  const known = await tables.hubs.doors.find(wish.door);
  const hub = known?.present === 1 ? await tables.hubs.find(known.hub) : undefined;
  if (hub === undefined) return refuse('DELIVERY_NOT_ALLOWED');
  if (!supportedKinds.has(wish.kind)) return refuse('DELIVERY_UNSUPPORTED', { kind: wish.kind });
  const book = await wishBookOf(tables, hub.home);
  const { parcel, can, from, until } = wish;
  const parcels = counted.value;
  const { plan, rule } = await makePlan(parts, tables, {
    ...{ carrier, hub, door: wish.door, from, until, parcels, parcel, can },
    ...{ wishes: book.wishes, forThisOne: {} },
  });
  if (plan.length === 0) return refuse('DELIVERY_NOT_ALLOWED');

  const at = parts.now();
  const delivery: Row<'delivery'> = {
    id: newId(),
    carrier: carrier.id,
    home: hub.home,
    hub: hub.id,
    door: wish.door,
    from_s: from,
    until_s: until,
    parcels,
    reference: wish.reference,
    rule: rule?.id ?? '',
    consent: rule?.consent ?? 'ask',
    state: 'announced',
    outcome: null,
    proof: null,
    receipt: null,
    created_at: at,
    on_the_way_at: null,
    parcel: parcel === undefined ? null : JSON.stringify(parcel),
    plan: JSON.stringify(plan),
    wishes: null,
    can: can === undefined ? null : JSON.stringify(can),
    kind: wish.kind,
    coming: null,
    order_ref: parcel?.order ?? null,
    attempt: 1,
  };
  await tables.deliveries.add(delivery);
  const zone = zoneOf(parts, book);
  const attempt = await beginAttempt(tables, delivery, { number: 1, day: dayOfWindow(delivery, zone), zone }, at);
  const purpose = purposeOf(delivery);
  const data = { delivery: delivery.id, carrier: carrier.id, door: wish.door, from, until, parcels, purpose };
  await tables.events.add([{ party: `home:${hub.home}`, type: 'delivery.announced', data, at }]);
  return accept({ delivery, attempt });
}
