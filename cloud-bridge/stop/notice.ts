/** What the hub felt or heard at bell and keypad, for the stops that it names. */
import type { Entry } from '../../wire/journal.ts';
import { type NoticedStop, stopsIn } from '../../wire/stop-notice.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { happen, type StopParts } from './happen.ts';
import { readStanding } from './standing.ts';
import type { Noticed } from './state.ts';

/** A hub speaks only for deliveries to itself (T33), and only of the attempt that is under way. */
export async function followNotice(
  parts: StopParts,
  tables: Tables,
  hub: Pick<Row<'hub'>, 'id'>,
  entry: Entry,
  how: Noticed,
): Promise<void> {
  for (const stop of stopsIn(entry.body)) await notice(parts, tables, hub, stop, how);
}

async function notice(
  parts: StopParts,
  tables: Tables,
  hub: Pick<Row<'hub'>, 'id'>,
  stop: NoticedStop,
  how: Noticed,
): Promise<void> {
  const delivery = await tables.deliveries.find(stop.delivery);
  if (delivery?.hub !== hub.id || delivery.attempt !== stop.attempt) return;
  const standing = await readStanding(parts, tables, delivery);
  if (standing?.isPlanned) await happen(parts, tables, standing, { on: 'noticed', how });
}
