/** What the journal of a hub means for the stop that its visit belongs to. */
import type { Entry } from '../../wire/journal.ts';
import { changeDelivery } from '../delivery/change.ts';
import { type Progress, progress } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { happen, type StopParts } from './happen.ts';
import { readStanding, type Standing } from './standing.ts';
import type { Event } from './state.ts';

/** What is read of an entry here. */
type VisitEntry = Pick<Entry, 'kind' | 'body' | 'door'>;

/** As deliveries went before there were plans: the journal alone says how it stands, and the attempt keeps its books. */
async function followUnplanned(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  attempt: Row<'attempt'> | undefined,
  entry: VisitEntry,
): Promise<void> {
  const at = parts.now();
  const next = progress(delivery.state, entry);
  if (next === undefined) return;
  await changeDelivery(tables, delivery, next, at);
  if (attempt === undefined || attempt.state === 'closed') return;
  const how = next.state === 'delivered' ? 'inside' : next.state === 'failed' ? 'left' : undefined;
  await tables.attempts.change(
    delivery.id,
    attempt.number,
    how === undefined ? { state: 'here' } : { state: 'closed', how, closed_at: at },
  );
}

/** A visit that was not proven ends nothing: the courier goes on to what the plan has next. */
async function followPlanned(parts: StopParts, tables: Tables, standing: Standing, entry: VisitEntry): Promise<void> {
  const at = parts.now();
  const { delivery } = standing;
  const { door = delivery.door } = entry;
  const next = progress(delivery.state, entry);
  if (entry.kind !== 'visit.ended') {
    const begun: Event = { on: 'visit.begun', door };
    if (entry.kind === 'visit.arrived') await happen(parts, tables, standing, begun);
    if (next !== undefined) await changeDelivery(tables, delivery, next, at);
    return;
  }
  const end = progress('', entry);
  const isProven = end?.state === 'delivered';
  const event: Event = { on: 'visit.ended', door, isProven };
  await happen(parts, tables, standing, event, end === undefined ? {} : { progress: end });
  const { end: how } = standing.stop;
  if (isProven) {
    // Cancelled, and it was brought in after all: the evidence counts for the delivery, and both are told that it came late.
    if (how === 'cancelled' && next !== undefined) await changeDelivery(tables, delivery, next, at);
  } else if (standing.stop.at !== 'closed' && end !== undefined) {
    await changeDelivery(tables, delivery, { ...end, state: 'at-door' } satisfies Progress, at);
  }
}

export async function followVisit(
  parts: StopParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  entry: VisitEntry,
): Promise<void> {
  const standing = await readStanding(parts, tables, delivery);
  // What the household has blocked is not delivered, whatever happens (T31).
  if (standing?.isPlanned || standing?.stop.end === 'blocked') return followPlanned(parts, tables, standing, entry);
  return followUnplanned(parts, tables, delivery, standing?.attempt, entry);
}
