/** Finds a delivery of the carrier that calls. */
import { accept, refuse, type Verdict } from '../../../wire/faults.ts';
import type { Row } from '../../store/schema.ts';
import type { Tables } from '../../store/store.ts';

/** @returns NOT_FOUND for one that is not there and for one of another carrier alike (T23) */
export async function ownDelivery(
  tables: Tables,
  carrier: Row<'carrier'>,
  id: string,
): Promise<Verdict<Row<'delivery'>>> {
  const delivery = await tables.deliveries.find(id);
  return delivery?.carrier === carrier.id ? accept(delivery) : refuse('NOT_FOUND');
}
