/** Makes the plan of a delivery from what is stored: the home's wishes, its rule book, who may receive. */
import * as v from 'valibot';
import { Abilities, type DeliveryWishes, type ParcelFacts, type Place, type Wishes } from '../../wire/plan.ts';
import type { Rule } from '../../wire/rule-book.ts';
import { kindOf } from '../delivery/purpose.ts';
import { findRuleOf, ruleBookOf } from '../delivery/rules.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { neighboursOf } from './neighbours.ts';
import { type Planned, planFor } from './plan.ts';
import { deliveryWishesOf, doorsOf, parcelOf } from './wishes.ts';
import { withNamed } from './with-named.ts';

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

/** Neighbours of this delivery alone. */
async function namedFor(tables: Tables, { hub, delivery }: Wanted): Promise<readonly string[]> {
  const holders = delivery === undefined ? [] : await tables.holders.ofHome(hub.home);
  return holders.filter((one) => one.kind === 'neighbour' && one.delivery === delivery).map(({ id }) => id);
}

const isService = ({ carrier }: Wanted): boolean => kindOf(carrier) === 'company';

/** What an owner wishes of parcels says nothing of people who come to work: they come in by the announced door. */
const ofService = (asked: Wanted): Wanted => ({ ...asked, wishes: undefined, forThisOne: {}, can: undefined });

/** A plan, and the rule of the door that it leads through first. */
export interface MadePlan extends Planned {
  readonly rule: Rule | undefined;
}

export async function makePlan(parts: Pick<Parts, 'keys' | 'now'>, tables: Tables, asked: Wanted): Promise<MadePlan> {
  const wanted = isService(asked) ? ofService(asked) : withNamed(asked, await namedFor(tables, asked));
  const { hub, delivery, wishes, forThisOne, parcel, parcels, can, door } = wanted;
  const book = await ruleBookOf(tables, hub, parts.keys);
  const rules = new Map<string, Rule>();
  for (const one of doorsToTry(wanted)) {
    const rule = await findRuleOf(parts, tables, book, { ...wanted, door: one });
    if (rule !== undefined) rules.set(one, rule);
  }
  const holders = await neighboursOf(tables, hub.home, delivery, parts.now());
  const facts = { wishes, forThisOne, parcel, parcels, can, door, rules: new Set(rules.keys()), holders };
  const planned = planFor(facts);
  const doors = doorsOf(planned.plan);
  return { ...planned, rule: rules.get(doors.has(door) ? door : ([...doors][0] ?? '')) };
}

/** What is planned for a delivery that was announced, by the wishes of its home. */
export async function wantedOf(
  tables: Tables,
  delivery: Row<'delivery'>,
  wishes: Wishes | undefined,
): Promise<Wanted | undefined> {
  const carrier = await tables.parties.find(delivery.carrier);
  const hub = await tables.hubs.find(delivery.hub);
  if (carrier === undefined || hub === undefined) return undefined;
  const { id, door, from_s: from, until_s: until, parcels, can } = delivery;
  return {
    ...{ carrier, hub, door, from, until, parcels, wishes, delivery: id },
    parcel: parcelOf(delivery),
    can: can === null ? undefined : v.parse(Abilities, JSON.parse(can)),
    forThisOne: deliveryWishesOf(delivery),
  };
}
