/** After an attempt that failed the next one begins by itself, on the next day (S025): nothing of the old one opens or counts any more. */
import { addDays, dayOf, onDay } from '../../wire/local-day.ts';
import { changeDelivery } from '../delivery/change.ts';
import { revokeGrantOf } from '../delivery/revoke.ts';
import type { Parts } from '../parts.ts';
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

/** Call `mailbox.bring(delivery.hub)` after the commit. */
export async function beginNext(
  parts: Pick<Parts, 'now' | 'signer'>,
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
  await tables.deliveries.change(delivery.id, { ...window, attempt: number, on_the_way_at: null });
  await beginAttempt(tables, delivery, { number, day, zone }, at);
  await changeDelivery(tables, delivery, { state: 'announced', outcome }, at);
  const data = { delivery: delivery.id, attempt: number, day, from: window.from_s, until: window.until_s };
  const parties = [`home:${delivery.home}`, `carrier:${delivery.carrier}`];
  await tables.events.add(parties.map((party) => ({ party, type: 'delivery.attempt', data, at })));
}
