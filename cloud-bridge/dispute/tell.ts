/** Tells the household and the carrier how a dispute stands. */
import { type Disputed, followUps } from '../../wire/dispute.ts';
import { toBoth } from '../events/tell.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export async function tellDispute(
  tables: Tables,
  carrier: string,
  { id, home, delivery, attempt, what }: Row<'dispute'>,
  state: 'open' | 'answered' | 'withdrawn' | 'settled',
  at: number,
): Promise<void> {
  const next = state === 'open' ? { next: followUps[what as Disputed] } : {};
  const data = { dispute: id, delivery, attempt, what, state, ...next };
  await tables.events.add(toBoth({ home, carrier }, 'delivery.disputed', data, at));
}
