/** Who may receive at a stop, as the courier reads it. */
import type { StepView } from '../../wire/stop.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

export async function receiversAt(
  _tables: Tables,
  _delivery: Row<'delivery'>,
  _place: 'in-person' | 'neighbour',
  _now: number,
): Promise<NonNullable<StepView['holders']>> {
  return [];
}
