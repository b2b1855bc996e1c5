/** Makes the plans of open deliveries anew, as long as no courier is there. */
import type { Plan } from '../../wire/plan.ts';
import { changeDelivery } from '../delivery/change.ts';
import { isOver } from '../delivery/progress.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import { toCarrier } from '../events/tell.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { makePlan, wantedOf } from './make-plan.ts';
import { doorsOf, planOf, type StoredWishes, toPlaces, wishBookOf } from './wishes.ts';

export type ReplanParts = Pick<Parts, 'keys' | 'signer' | 'now'>;

/** The courier is there, or it is over. */
export const isFixed = (delivery: Row<'delivery'>, attempt: Row<'attempt'> | undefined): boolean =>
  isOver(delivery.state) ||
  (attempt !== undefined && attempt.state !== 'expected') ||
  delivery.state === 'at-door' ||
  delivery.state === 'in-progress';

/** Owner and carrier are told how it is planned now. */
export async function tellPlan(
  tables: Tables,
  delivery: Row<'delivery'>,
  day: string | undefined,
  at: number,
): Promise<void> {
  const { id, home, carrier, attempt, from_s: from, until_s: until } = delivery;
  const data = {
    delivery: id,
    plan: toPlaces(planOf(delivery)),
    attempt,
    from,
    until,
    ...(day === undefined ? {} : { day }),
  };
  await tables.events.add([
    { party: `home:${home}`, type: 'delivery.plan', data: { delivery: id }, at, untold: true },
    toCarrier(carrier, 'delivery.plan', data, at),
  ]);
}

/**
 * What the wishes lead to no more is closed at once: grants for its doors end, the task link stays.
 * @returns true when the hub has something to learn
 */
export async function closeDoors(
  parts: ReplanParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  doors: ReadonlySet<string>,
): Promise<boolean> {
  const task = await tables.tasks.living(delivery.id);
  const isEnded = task !== undefined && (await revokeGrantOf(parts, tables, task.token, doors));
  if (!isEnded) return false;
  const isLeft = (await tables.grants.ofTask(task.token)).length > 0;
  if (!isLeft) await changeDelivery(tables, delivery, { state: 'assigned' }, parts.now());
  return true;
}

/** @returns the plan; with nothing left that all allow, that nothing is done today */
export const orTomorrow = (plan: Plan): Plan => (plan.length > 0 ? plan : [{ place: 'tomorrow' }]);

async function replanOne(
  parts: ReplanParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  book: StoredWishes,
): Promise<'same' | 'changed'> {
  const attempt = await tables.attempts.find(delivery.id, delivery.attempt);
  const wanted = isFixed(delivery, attempt) ? undefined : await wantedOf(tables, delivery, book.wishes);
  if (wanted === undefined) return 'same';
  const made = await makePlan(parts, tables, wanted);
  const plan = JSON.stringify(orTomorrow(made.plan));
  if (plan === JSON.stringify(planOf(delivery))) return 'same';
  const fields = { plan, rule: made.rule?.id ?? '', consent: made.rule?.consent ?? 'ask' };
  await tables.deliveries.change(delivery.id, fields);
  await tellPlan(tables, { ...delivery, ...fields }, attempt?.day, parts.now());
  return 'changed';
}

/**
 * After new wishes or a new rule book. Call `mailbox.bring` for the hub after the commit when it returns true.
 * @param ends  grants for doors that plans lead to no more are ended. Not after a rule book: the hub knows that better itself
 */
export async function replanHome(
  parts: ReplanParts,
  tables: Tables,
  home: string,
  { ends }: { readonly ends: boolean },
): Promise<boolean> {
  const book = await wishBookOf(tables, home);
  let isTold = false;
  for (const delivery of await tables.deliveries.openOf(home)) {
    if ((await replanOne(parts, tables, delivery, book)) === 'same' || !ends) continue;
    const changed = await tables.deliveries.find(delivery.id);
    if (changed !== undefined && (await closeDoors(parts, tables, changed, doorsOf(planOf(changed))))) isTold = true;
  }
  return isTold;
}
