/** Changes the standing wishes of a home. They open nothing: what widens access stands in the signed rule book. */

import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { Wishes } from '../../wire/plan.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { neighboursOf } from './neighbours.ts';
import { type ReplanParts, replanHome } from './replan.ts';
import { wishBookOf, zoneOf } from './wishes.ts';

/** Who changes them: an owner device, or support for the owner. */
export type WishesBy = { readonly jkt: string } | { readonly support: string };

async function namesOwn(tables: Tables, hub: Row<'hub'>, wishes: Wishes, at: number): Promise<boolean> {
  const doors = new Set((await tables.hubs.doors.ofHub(hub.id)).map(({ id }) => id));
  const named = [...wishes.boxes.map(({ door }) => door), ...(wishes.garage === undefined ? [] : [wishes.garage])];
  if (!named.every((door) => doors.has(door)) || new Set(named).size !== named.length) return false;
  const neighbours = await neighboursOf(tables, hub.home, undefined, at);
  return wishes.neighbours.every((holder) => neighbours.has(holder));
}

async function put(
  parts: ReplanParts,
  tables: Tables,
  home: string,
  version: number,
  wishes: Wishes,
  by: WishesBy,
): Promise<boolean> {
  const at = parts.now();
  const who = 'jkt' in by ? by.jkt : 'support';
  await tables.wishBooks.put({ home, version, text: JSON.stringify(wishes), by: who, at });
  const data = { version, by: who, ...('support' in by ? { name: by.support } : {}) };
  await tables.events.add([{ party: `home:${home}`, type: 'wishes.changed', data, at }]);
  return replanHome(parts, tables, home, { ends: true });
}

/**
 * Call `mailbox.bring(hub.id)` after the commit.
 * @param version  one above the version that was read
 * @returns WISHES_OLD, WISHES_UNFIT
 */
export async function changeWishes(
  parts: ReplanParts,
  tables: Tables,
  hub: Row<'hub'>,
  { version, wishes }: { readonly version: number; readonly wishes: Wishes },
  by: WishesBy,
): Promise<Verdict<{ version: number }>> {
  const has = (await wishBookOf(tables, hub.home)).version;
  if (version !== has + 1) return refuse('WISHES_OLD', { has });
  if (!(await namesOwn(tables, hub, wishes, parts.now()))) return refuse('WISHES_UNFIT');
  await put(parts, tables, hub.home, version, wishes, by);
  return accept({ version });
}

/** After an incident every hand-over in this home asks for a code, until the owner undoes it (S033). Said twice it is said once. */
export async function alwaysCode(
  parts: ReplanParts & Pick<Parts, 'config'>,
  tables: Tables,
  home: string,
  staff: string,
): Promise<void> {
  const book = await wishBookOf(tables, home);
  if (book.wishes?.alwaysCode) return;
  const before: Wishes = book.wishes ?? fresh(zoneOf(parts, book));
  await put(parts, tables, home, book.version + 1, { ...before, alwaysCode: true }, { support: staff });
}

/** What an owner has who has said nothing. */
const fresh = (zone: string): Wishes => ({ ...v.parse(Wishes, { order: ['inside'], zone }) });
