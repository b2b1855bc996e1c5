/** Ends a stop by somebody else's decision: the household's, the carrier's, or the end of its day. */
import type { Refusal } from '../../wire/faults.ts';
import { isOver } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';
import type { Store, Tables } from '../store/store.ts';
import { happen, type StopParts } from './happen.ts';
import { readStanding, type Standing } from './standing.ts';
import type { Event } from './state.ts';

/** What may be decided from outside. */
export type Decision = Extract<Event, { on: 'blocked' | 'cancelled' | 'collectable' | 'received' | 'asserted' }>;

/**
 * Call `mailbox.bring(delivery.hub)` after the commit.
 * @returns the refusal where the plan does not have this; undefined also for deliveries of before there were attempts
 */
export async function decide(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  event: Decision,
): Promise<Refusal | undefined> {
  const standing = await readStanding(parts, tables, delivery);
  return standing === undefined ? undefined : (await happen(parts, tables, standing, event)).refusal;
}

/** Longer than any visit: whoever is still inside then is not. ms */
const longMs = 2 * 3_600_000;

/** Closes what its day has left behind. @returns how it stands then */
export async function closeIfOver(parts: StopParts, tables: Tables, standing: Standing): Promise<Standing> {
  const at = parts.now();
  const late = at - standing.attempt.dies_at;
  const { delivery, attempt, stop, isPlanned } = standing;
  if (!isPlanned || stop.at === 'closed' || late < 0) return standing;
  // One that is over in another way is not tried again.
  if (isOver(delivery.state) || delivery.attempt !== attempt.number) {
    return (await happen(parts, tables, standing, { on: 'cancelled' })).standing;
  }
  return (await happen(parts, tables, standing, { on: 'day-over', isLong: late >= longMs })).standing;
}

/** Stops in one transaction: others want to write, too. */
const atOnce = 50;

/** Closes the stops whose day is over. @returns the hubs that have something to learn */
export async function closeOverdue(parts: StopParts & { readonly store: Store }): Promise<ReadonlySet<string>> {
  const hubs = new Set<string>();
  for (let more = true; more; ) {
    more = await parts.store.write(async (tables) => {
      let closed = 0;
      for (const { delivery: id, number } of await tables.attempts.over(parts.now(), atOnce)) {
        const delivery = await tables.deliveries.find(id);
        const standing = delivery && (await readStanding(parts, tables, { ...delivery, attempt: number }));
        if (standing === undefined) continue;
        if (!standing.isPlanned) {
          const how = { state: 'closed', how: 'day-over', closed_at: parts.now() };
          await tables.attempts.change(id, number, how);
          closed += 1;
          continue;
        }
        if ((await closeIfOver(parts, tables, standing)).stop.at !== 'closed') continue;
        closed += 1;
        hubs.add(standing.delivery.hub);
      }
      return closed === atOnce;
    });
  }
  return hubs;
}
