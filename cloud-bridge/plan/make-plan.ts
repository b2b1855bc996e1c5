/** Makes the plan of a delivery from what is stored: the home's wishes, its rule book, who may receive. */
import type { DeliveryWishes, ParcelFacts, Place, Wishes } from '../../wire/plan.ts';
import type { RuleBookClaims } from '../../wire/rule-book.ts';
import { findRuleOf, ruleBookOf } from '../delivery/rules.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { type Planned, planFor } from './plan.ts';

/** What is to be planned. */
export interface Wanted {
  readonly carrier: Row<'carrier'>;
  readonly hub: Row<'hub'>;
  readonly door: string;
  /** Seconds. */
  readonly from: number;
  readonly until: number;
  readonly parcels: number;
  readonly parcel: ParcelFacts | undefined;
  readonly can: readonly Place[] | undefined;
  readonly wishes: Wishes | undefined;
  readonly forThisOne: DeliveryWishes;
  /** Undefined for one that is just announced. */
  readonly delivery?: string;
}

/** Doors that a delivery could be let in by: the announced one, and those that the owner named. */
const doorsToTry = ({ door, wishes }: Wanted): ReadonlySet<string> =>
  new Set([door, ...(wishes?.boxes.map((box) => box.door) ?? []), ...(wishes?.garage ? [wishes.garage] : [])]);

async function openedBy(
  parts: Pick<Parts, 'now'>,
  tables: Tables,
  book: RuleBookClaims | undefined,
  wanted: Wanted,
): Promise<ReadonlySet<string>> {
  const opened = new Set<string>();
  for (const door of doorsToTry(wanted)) {
    if ((await findRuleOf(parts, tables, book, { ...wanted, door })) !== undefined) opened.add(door);
  }
  return opened;
}

export async function makePlan(parts: Pick<Parts, 'keys' | 'now'>, tables: Tables, wanted: Wanted): Promise<Planned> {
  const { hub, delivery, wishes, forThisOne, parcel, parcels, can, door } = wanted;
  const book = await ruleBookOf(tables, hub, parts.keys);
  const rules = await openedBy(parts, tables, book, wanted);
  const holders = new Set(await tables.wishBooks.receivers(hub.home, delivery, parts.now()));
  return planFor({ wishes, forThisOne, parcel, parcels, can, door, rules, holders });
}
