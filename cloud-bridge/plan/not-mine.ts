/** "Not mine" (T31): nobody here has ordered it, so nobody here receives it. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { cancel } from '../delivery/cancel.ts';
import { isOver } from '../delivery/progress.ts';
import type { StopParts } from '../stop/happen.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export const notMine = 'not-mine';

/**
 * Blocks the stop at once, also while the courier stands there: link and grants end, no code is right any more. Said twice it is said once.
 * Call `mailbox.bring(delivery.hub)` after the commit. @returns DELIVERY_ENDED when it is over
 */
export async function block(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
): Promise<Verdict<{ state: 'cancelled' }>> {
  if (delivery.state === 'cancelled' && delivery.outcome === notMine) return accept({ state: 'cancelled' });
  if (isOver(delivery.state)) return refuse('DELIVERY_ENDED');
  return cancel(parts, tables, delivery, { outcome: notMine, end: 'blocked' });
}
