/** A visitor says that the door was found and the instruction read: told to the owner and the carrier, once (S052, S054). */
import { accept, type Verdict } from '../../wire/faults.ts';
import { toCarrier } from '../events/tell.ts';
import type { Parts } from '../parts.ts';
import type { Tables } from '../store/store.ts';
import type { OwnLink } from '../visit/prepare.ts';
import { hintFor } from './show.ts';

/** @returns NOT_FOUND as `hintFor` */
export async function noteFound(
  parts: Pick<Parts, 'now' | 'config'>,
  tables: Tables,
  own: OwnLink,
): Promise<Verdict<Record<string, never>>> {
  const shown = await hintFor(parts, tables, own);
  if (!shown.ok) return shown;
  const { hint, foundBy, about } = shown.value;
  const at = parts.now();
  if (!(await tables.hints.noteFound(foundBy, at))) return accept({});
  const delivery = 'delivery' in about ? await tables.deliveries.find(about.delivery) : undefined;
  const data = { ...about, door: hint.door, at };
  await tables.events.add([
    { party: `home:${own.home}`, type: 'door.found', data, at },
    ...(delivery === undefined ? [] : [toCarrier(delivery.carrier, 'door.found', data, at)]),
  ]);
  return accept({});
}
