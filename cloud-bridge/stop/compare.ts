/** Compares what was typed with the code of the holder whom the courier has named. */

import { refuse, type Verdict } from '../../wire/faults.ts';
import type { Presence } from '../../wire/stop.ts';
import { checkCode } from '../code/check.ts';
import type { Receiver } from '../code/receivers.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { expectingOf } from './door-number.ts';
import type { StopParts } from './happen.ts';
import type { Standing } from './standing.ts';

export type CompareParts = StopParts & Pick<Parts, 'codeKey'>;

interface Typed {
  readonly holder: string;
  readonly digits: string | undefined;
  /** Device that it was typed on: proven. */
  readonly jkt: string;
}

/** As surely as this home can tell: a courier's word alone is enough only where there is nothing to hold it against (S027, T29). */
export async function neededPresence(tables: Tables, standing: Standing): Promise<Presence> {
  if ((await tables.stops.position(standing.delivery.home)) !== undefined) return 'near';
  const expecting = expectingOf(standing);
  if (expecting === undefined || expecting.isMute) return 'said';
  // At a bell nobody says who they are: where two couriers are at one door, each would else wait for the other to leave.
  return expecting.isBellAlone ? 'someone' : 'felt';
}

/** @returns a refusal with `triesLeft` where it counted as a try */
export async function compareCode(
  parts: CompareParts,
  tables: Tables,
  standing: Standing,
  task: Row<'task'>,
  { holder, digits, jkt }: Typed,
): Promise<Verdict<Receiver>> {
  if (digits === undefined) return refuse('STOP_PROOF_MISSING', { what: 'digits' });
  const { delivery, attempt } = standing;
  const needs = await neededPresence(tables, standing);
  return checkCode(parts, tables, { delivery, attempt, holder, jkt, courier: task.courier, digits, needs });
}
