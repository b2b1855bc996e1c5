/** Asks the hub to listen at the door for the number that only this courier's device is shown. Nothing opens by it. */
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';

/** Never fails: without an answer the courier is shown no number. */
export async function expectAtDoor(
  _parts: Pick<Parts, 'line' | 'store' | 'now'>,
  _delivery: Row<'delivery'>,
): Promise<void> {}
