/** A delivery is brought to the pick-up point of its plan: by the carrier's word, so it never counts as delivered. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { decide } from '../stop/end.ts';
import type { StopParts } from '../stop/happen.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export interface Brought {
  readonly state: 'failed';
  readonly outcome: 'picked-up-later';
}
const brought: Brought = { state: 'failed', outcome: 'picked-up-later' };

/**
 * Call `mailbox.bring(delivery.hub)` after the commit.
 * @returns STOP_NOT_PLANNED without a pick-up point in the plan, STOP_CLOSED, STOP_BLOCKED; said twice it is the same
 */
export async function bringToPoint(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
): Promise<Verdict<Brought>> {
  if (delivery.outcome === brought.outcome) return accept(brought);
  if ((await tables.attempts.find(delivery.id, delivery.attempt)) === undefined) return refuse('STOP_NOT_PLANNED');
  return (await decide(parts, tables, delivery, { on: 'collectable' })) ?? accept(brought);
}
