/** Whether the plan of a stop lets its courier through a door now, and what it means for the plan that the hub would not. */
import { faults, type Refusal, refuse } from '../../wire/faults.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { happen, type StopParts } from './happen.ts';
import { readStanding, type Standing } from './standing.ts';
import { whyNotOpen } from './step.ts';

type Grant = Pick<Row<'grant_issued'>, 'delivery' | 'door'>;

/** Only of deliveries that somebody has wished something for: the others go as they went before there were plans. */
async function plannedStop(
  parts: Pick<Parts, 'now' | 'config'>,
  tables: Tables,
  { delivery: id }: Grant,
): Promise<Standing | undefined> {
  const delivery = id === null ? undefined : await tables.deliveries.find(id);
  const standing = delivery && (await readStanding(parts, tables, delivery));
  return standing?.isPlanned ? standing : undefined;
}

/** @returns undefined: it may be opened, as far as the plan is concerned (S049, S062) */
export async function refuseOpening(
  parts: Pick<Parts, 'now' | 'config' | 'store'>,
  grant: Grant,
): Promise<Refusal | undefined> {
  const standing = await plannedStop(parts, parts.store.read, grant);
  if (standing === undefined) return undefined;
  const code = whyNotOpen(standing.stop, standing.terms, grant.door ?? standing.delivery.door);
  return code === undefined ? undefined : refuse(code);
}

/** A door that is only busy is not tried in vain. */
const isInVain = ({ code }: Pick<Refusal, 'code'>): boolean =>
  code !== 'DOOR_BUSY' && code !== 'RATE_LIMITED' && faults[code].retry !== 'fresh';

/** The hub would not, or is away: the courier may go on to what the plan has next. */
export async function noteFailedDoor(
  parts: StopParts & Pick<Parts, 'store'>,
  grant: Grant,
  refused: Pick<Refusal, 'code'>,
): Promise<void> {
  if (!isInVain(refused)) return;
  await parts.store.write(async (tables) => {
    const standing = await plannedStop(parts, tables, grant);
    const door = grant.door ?? standing?.delivery.door;
    if (standing === undefined || door === undefined || standing.stop.tried.includes(door)) return;
    await happen(parts, tables, standing, { on: 'door.failed', door });
  });
}
