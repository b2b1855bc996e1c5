/** The carrier says that its courier is on the way: told to the owner, once. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { isOver } from './progress.ts';

/** When the courier is expected, seconds, and who it is, as the carrier says it (S069). */
export interface Expected {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly coming?: string | undefined;
}

/** Said again it changes nothing. @returns DELIVERY_ENDED when it is over */
export async function setOnTheWay(
  tables: Tables,
  delivery: Row<'delivery'>,
  { from, until, coming }: Expected,
  at: number,
): Promise<Verdict<{ onTheWay: number }>> {
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  if (delivery.on_the_way_at !== null) return accept({ onTheWay: delivery.on_the_way_at });
  await tables.deliveries.change(delivery.id, { on_the_way_at: at, ...(coming === undefined ? {} : { coming }) });
  const data = { delivery: delivery.id, from, until, coming };
  await tables.events.add([{ party: `home:${delivery.home}`, type: 'delivery.on-the-way', data, at }]);
  return accept({ onTheWay: at });
}
