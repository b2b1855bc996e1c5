/** Changes one delivery until its courier is there: its place, its day, whether a code is asked. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { addDays, dayOf, endOfDay, onDay } from '../../wire/local-day.ts';
import { type DeliveryWishes, mostDaysAhead } from '../../wire/plan.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { makePlan, wantedOf } from './make-plan.ts';
import { closeDoors, isFixed, type ReplanParts, tellPlan } from './replan.ts';
import { doorsOf, wishBookOf, zoneOf } from './wishes.ts';

/** The delivery's window, on another day at the same time. */
function moved(delivery: Row<'delivery'>, zone: string, day: string): { from_s: number; until_s: number } {
  const from = Math.floor(onDay(zone, delivery.from_s * 1000, day) / 1000);
  return { from_s: from, until_s: from + delivery.until_s - delivery.from_s };
}

/** Whoever had the delivery for the old day has it no more: its link dies, its grants end. */
async function takeBack(parts: ReplanParts, tables: Tables, delivery: Row<'delivery'>): Promise<void> {
  const task = await tables.tasks.living(delivery.id);
  if (task === undefined) return;
  await revokeGrantOf(parts, tables, task.token);
  await tables.tasks.kill(task.token);
  if (delivery.state !== 'announced') await changeDelivery(tables, delivery, { state: 'announced' }, parts.now());
}

/**
 * Takes the place of what was wished for this one before. Call `mailbox.bring(delivery.hub)` after the commit.
 * @returns DELIVERY_ENDED, PLAN_FIXED, PLAN_DAY_UNFIT or PLAN_IMPOSSIBLE when it is refused
 */
export async function changePlan(
  parts: ReplanParts & Pick<Parts, 'config'>,
  tables: Tables,
  delivery: Row<'delivery'>,
  wish: DeliveryWishes,
): Promise<Verdict<Row<'delivery'>>> {
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  if (attempt === undefined || isFixed(delivery, attempt)) return refuse('PLAN_FIXED');
  const book = await wishBookOf(tables, delivery.home);
  const zone = zoneOf(parts, book);
  const day = wish.day ?? attempt.day;
  const isMoved = day !== attempt.day;
  const today = dayOf(zone, parts.now());
  if (isMoved && (day < today || day > addDays(today, mostDaysAhead))) return refuse('PLAN_DAY_UNFIT');

  const window = isMoved ? moved(delivery, zone, day) : {};
  const next = { ...delivery, ...window, wishes: JSON.stringify(wish) };
  if (next.until_s * 1000 <= parts.now()) return refuse('PLAN_DAY_UNFIT');
  const wanted = await wantedOf(tables, next, book.wishes);
  const made = wanted && (await makePlan(parts, tables, wanted));
  if (made === undefined || made.plan.length === 0) return refuse('PLAN_IMPOSSIBLE');

  const plan = JSON.stringify(made.plan);
  const rule = { rule: made.rule?.id ?? '', consent: made.rule?.consent ?? 'ask' };
  const fields = { ...window, ...rule, plan, wishes: next.wishes, ...(isMoved ? { on_the_way_at: null } : {}) };
  await tables.deliveries.change(delivery.id, fields);
  if (isMoved) {
    await takeBack(parts, tables, delivery);
    await tables.attempts.change(delivery.id, attempt.number, { day, dies_at: endOfDay(zone, day) });
  } else {
    await closeDoors(parts, tables, delivery, doorsOf(made.plan));
  }
  const changed = (await tables.deliveries.find(delivery.id)) ?? next;
  await tellPlan(tables, changed, day, parts.now());
  return accept(changed);
}
