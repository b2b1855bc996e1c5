/** Changes a delivery and tells its owner and its carrier in the same transaction. */
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
  await tables.events.add([
    { party: `home:${delivery.home}`, type: 'delivery.state', data, at },
    { party: `carrier:${delivery.carrier}`, type: 'delivery.state', data, at },
  ]);
}
