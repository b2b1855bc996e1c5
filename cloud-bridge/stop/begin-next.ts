/** After an attempt that failed the next one begins by itself, on the next day (S025): nothing of the old one opens or counts any more. */
import { addDays, dayOf, onDay } from '../../wire/local-day.ts';
import { changeDelivery } from '../delivery/change.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import { toBoth } from '../events/tell.ts';
import { makePlan, wantedOf } from '../plan/make-plan.ts';
import { orTomorrow, type ReplanParts, tellPlan } from '../plan/replan.ts';
import { planOf, wishBookOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { beginAttempt } from './begin-attempt.ts';
import type { Standing } from './standing.ts';

/** So often a carrier comes; then the delivery has failed. */
export const maxAttempts = 5;

/** The same time on another day. A window of several days keeps its end. */
function windowOn(
  { from_s, until_s }: Pick<Row<'delivery'>, 'from_s' | 'until_s'>,
  zone: string,
  day: string,
): { from_s: number; until_s: number } {
  const from = Math.floor(onDay(zone, from_s * 1000, day) / 1000);
  return { from_s: from, until_s: from < until_s ? until_s : from + (until_s - from_s) };
}

type Planned = Pick<Row<'delivery'>, 'plan' | 'rule' | 'consent'>;

/** What the wishes and the rules of that day lead to: a door that no rule opens then is not in it. */
async function planOn(parts: ReplanParts, tables: Tables, delivery: Row<'delivery'>): Promise<Planned> {
  const { wishes } = await wishBookOf(tables, delivery.home);
  const wanted = await wantedOf(tables, delivery, wishes);
  const { plan: last, rule: under, consent } = delivery;
  if (wanted === undefined) return { plan: last, rule: under, consent };
  const { plan, rule } = await makePlan(parts, tables, wanted);
  return { plan: JSON.stringify(orTomorrow(plan)), rule: rule?.id ?? '', consent: rule?.consent ?? 'ask' };
}

/** Call `mailbox.bring(delivery.hub)` after the commit. */
export async function beginNext(
  parts: ReplanParts,
  tables: Tables,
  { delivery, attempt, zone, stop }: Standing,
): Promise<void> {
  const at = parts.now();
  const outcome = (await tables.attempts.find(delivery.id, attempt.number))?.how ?? stop.end ?? '';
  const task = await tables.tasks.living(delivery.id);
  if (task !== undefined) {
    await revokeGrantOf(parts, tables, task.token);
    await tables.tasks.kill(task.token);
  }
  if (attempt.number >= maxAttempts) return changeDelivery(tables, delivery, { state: 'failed', outcome }, at);

  const number = attempt.number + 1;
  const today = dayOf(zone, at);
  const tomorrow = addDays(attempt.day, 1);
  const day = tomorrow > today ? tomorrow : today;
  const window = windowOn(delivery, zone, day);
  const planned = await planOn(parts, tables, { ...delivery, ...window });
  await tables.deliveries.change(delivery.id, { ...window, ...planned, attempt: number, on_the_way_at: null });
  await beginAttempt(tables, delivery, { number, day, zone }, at);
  await changeDelivery(tables, delivery, { state: 'announced', outcome }, at);
  const data = { delivery: delivery.id, attempt: number, day, from: window.from_s, until: window.until_s };
  await tables.events.add(toBoth(delivery, 'delivery.attempt', data, at));
  if (planned.plan === JSON.stringify(planOf(delivery))) return;
  await tellPlan(tables, { ...delivery, ...window, ...planned, attempt: number }, day, at);
}
