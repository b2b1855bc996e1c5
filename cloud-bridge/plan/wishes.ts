/** What an owner wishes, as it is stored. */
import * as v from 'valibot';
import { DeliveryWishes, ParcelFacts, Plan, Wishes } from '../../wire/plan.ts';
import type { Parts } from '../parts.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

/** What an owner who has said nothing wishes is what the rules say: version 0. */
export interface StoredWishes {
  readonly version: number;
  readonly wishes: Wishes | undefined;
  /** Who changed it last: thumbprint of an owner device, or `support`. */
  readonly by: string | undefined;
  readonly at: number | undefined;
}

export function toWishBook(row: Row<'wish_book'> | undefined): StoredWishes {
  if (row === undefined) return { version: 0, wishes: undefined, by: undefined, at: undefined };
  return { version: row.version, wishes: v.parse(Wishes, JSON.parse(row.text)), by: row.by, at: row.at };
}

export const wishBookOf = async (tables: Pick<Tables, 'wishBooks'>, home: string): Promise<StoredWishes> =>
  toWishBook(await tables.wishBooks.find(home));

/** The home's own zone, whatever phone looks at it. */
export const zoneOf = ({ config }: Pick<Parts, 'config'>, { wishes }: Pick<StoredWishes, 'wishes'>): string =>
  wishes?.zone ?? config.homeZone;

export const parcelOf = ({ parcel }: Pick<Row<'delivery'>, 'parcel'>): ParcelFacts | undefined =>
  parcel === null ? undefined : v.parse(ParcelFacts, JSON.parse(parcel));

export const deliveryWishesOf = ({ wishes }: Pick<Row<'delivery'>, 'wishes'>): DeliveryWishes =>
  wishes === null ? {} : v.parse(DeliveryWishes, JSON.parse(wishes));

/** Doors that a plan leads through. */
export const doorsOf = (plan: Plan): ReadonlySet<string> =>
  new Set(plan.flatMap((step) => ('door' in step ? [step.door] : [])));

/** Deliveries of before there were plans go inside. */
export const planOf = ({ plan, door }: Pick<Row<'delivery'>, 'plan' | 'door'>): Plan =>
  plan === null ? [{ place: 'inside', door }] : v.parse(Plan, JSON.parse(plan));

/** As the carrier sees it. Places and doors only: neither the owner's reasons nor the value (S016). */
export const toPlaces = (plan: Plan) =>
  plan.map((step) => ({ place: step.place, ...('door' in step ? { door: step.door } : {}) }));

/** The door that it leads through first; the announced one where it leads through none. */
export function firstDoorOf(delivery: Pick<Row<'delivery'>, 'plan' | 'door'>): string {
  const doors = doorsOf(planOf(delivery));
  return doors.has(delivery.door) ? delivery.door : ([...doors][0] ?? delivery.door);
}
