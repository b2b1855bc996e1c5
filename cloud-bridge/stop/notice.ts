/** What the hub felt or heard at the keypad, for the stop that it names. */
import * as v from 'valibot';
import type { Entry } from '../../wire/journal.ts';
import { Count, Id } from '../../wire/shapes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { happen, type StopParts } from './happen.ts';
import { readStanding } from './standing.ts';

const Noticed = v.object({ delivery: Id, attempt: Count });

/** A hub speaks only for deliveries to itself (T33), and only of the attempt that is under way. */
export async function followNotice(
  parts: StopParts,
  tables: Tables,
  hub: Pick<Row<'hub'>, 'id'>,
  entry: Entry,
  how: 'felt' | 'heard',
): Promise<void> {
  const said = v.safeParse(Noticed, entry.body);
  if (!said.success) return;
  const delivery = await tables.deliveries.find(said.output.delivery);
  if (delivery?.hub !== hub.id || delivery.attempt !== said.output.attempt) return;
  const standing = await readStanding(parts, tables, delivery);
  if (standing?.isPlanned) await happen(parts, tables, standing, { on: 'noticed', how });
}
