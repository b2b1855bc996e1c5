/** Cancels a delivery: its link dies and its grant is ended at the hub. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { decide } from '../stop/end.ts';
import type { StopParts } from '../stop/happen.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { changeDelivery } from './change.ts';
import { revokeGrantOf } from './revoke.ts';

/** Call `mailbox.bring(delivery.hub)` after the commit. @returns DELIVERY_ENDED when it is over; cancelled twice is cancelled */
export async function cancel(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  { outcome, end = 'cancelled' }: { readonly outcome?: string; readonly end?: 'cancelled' | 'blocked' } = {},
): Promise<Verdict<{ state: 'cancelled' }>> {
  if (delivery.state === 'cancelled') return accept({ state: 'cancelled' });
  if (delivery.state === 'delivered' || delivery.state === 'failed') return refuse('DELIVERY_ENDED');
  await decide(parts, tables, delivery, { on: end });
  const task = await tables.tasks.living(delivery.id);
  if (task !== undefined) {
    await revokeGrantOf(parts, tables, task.token);
    await tables.tasks.kill(task.token);
  }
  await changeDelivery(
    tables,
    delivery,
    { state: 'cancelled', ...(outcome === undefined ? {} : { outcome }) },
    parts.now(),
  );
  return accept({ state: 'cancelled' });
}
