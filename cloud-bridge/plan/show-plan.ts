/** One delivery as its owner sees it, with the reasons as they stand now. */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { deliveryKinds, type PlanView, places } from '../../wire/plan.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { makePlan, wantedOf } from './make-plan.ts';
import { isFixed } from './replan.ts';
import { deliveryWishesOf, parcelOf, planOf, wishBookOf, zoneOf } from './wishes.ts';

/** Every place, as they may follow each other. */
const wholeOrder = [...places];

export async function showPlan(
  parts: Pick<Parts, 'keys' | 'now' | 'config'>,
  tables: Tables,
  delivery: Row<'delivery'>,
): Promise<PlanView> {
  const book = await wishBookOf(tables, delivery.home);
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  const wanted = await wantedOf(tables, delivery, book.wishes);
  if (wanted === undefined) throw new Fault('INTERNAL', { why: 'a delivery without its carrier or hub' });
  const { without, code } = await makePlan(parts, tables, wanted);
  const whole = { ...wanted.forThisOne, order: wholeOrder };
  const most = await makePlan(parts, tables, { ...wanted, forThisOne: whole });
  const plan = planOf(delivery);
  const planned = new Set(plan.map(({ place }) => place));
  return {
    delivery: delivery.id,
    attempt: delivery.attempt,
    ...(attempt === undefined ? {} : { day: attempt.day }),
    zone: zoneOf(parts, book),
    kind: v.parse(v.picklist(deliveryKinds), delivery.kind ?? 'home'),
    parcel: parcelOf(delivery) ?? null,
    coming: delivery.coming,
    isTaken: (await tables.tasks.living(delivery.id))?.state === 'claimed',
    plan,
    possible: most.plan.map(({ place }) => place),
    without: without.filter(({ place }) => !planned.has(place)),
    code,
    forThisOne: deliveryWishesOf(delivery),
    isFixed: attempt === undefined || isFixed(delivery, attempt),
  };
}
