/** Changes a delivery and tells its owner and its carrier in the same transaction. */
import { toBoth } from '../events/tell.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { Progress } from './progress.ts';

export async function changeDelivery(
  tables: Tables,
  delivery: Row<'delivery'>,
  to: Progress,
  at: number,
): Promise<void> {
  const { state, outcome = null, proof = null, receipt = null } = to;
  await tables.deliveries.change(delivery.id, { state, outcome, proof, receipt });
  const data = { delivery: delivery.id, ...to };
  await tables.events.add(toBoth(delivery, 'delivery.state', data, at));
}
