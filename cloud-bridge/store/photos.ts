/** Sealed photos of deliveries: what is known of each file. */
import type { Kysely } from 'kysely';
import { heldDeliveries } from './held.ts';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Photos {
  add(photo: NewRow<'delivery_photo'>): Promise<void>;
  find(hash: string): Promise<Row<'delivery_photo'> | undefined>;
  ofAttempt(delivery: string, attempt: number): Promise<Row<'delivery_photo'>[]>;
  /** In order. */
  ofDelivery(delivery: string): Promise<Row<'delivery_photo'>[]>;
  /** How many each of these deliveries has, without those that are being deleted. */
  countOf(deliveries: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Whose time is over without an open case or dispute about their delivery, and those whose deletion was begun. */
  due(now: number): Promise<Row<'delivery_photo'>[]>;
  markDeleting(hash: string, at: number): Promise<void>;
  /** @returns whether it was there */
  remove(hash: string): Promise<boolean>;
}

const atOnce = 200;

export const photosOn = (db: Kysely<Schema>): Photos => {
  const all = db.selectFrom('delivery_photo').selectAll();
  return {
    add: async (photo) => void (await db.insertInto('delivery_photo').values(photo).execute()),
    find: (hash) => all.where('hash', '=', hash).executeTakeFirst(),
    ofAttempt: (delivery, attempt) =>
      all.where('delivery', '=', delivery).where('attempt', '=', attempt).orderBy('at').execute(),
    ofDelivery: (delivery) => all.where('delivery', '=', delivery).orderBy('at').orderBy('hash').execute(),
    countOf: async (deliveries) => {
      if (deliveries.length === 0) return new Map();
      const counted = await db
        .selectFrom('delivery_photo')
        .select(({ fn }) => ['delivery', fn.countAll<number | string>().as('photos')])
        .where('delivery', 'in', deliveries)
        .where('deleting_at', 'is', null)
        .groupBy('delivery')
        .execute();
      return new Map(counted.map(({ delivery, photos }) => [delivery, Number(photos)]));
    },
    due: (now) =>
      all
        .where((eb) =>
          eb.or([
            eb('deleting_at', 'is not', null),
            eb.and([eb('until_at', '<=', now), eb('delivery', 'not in', heldDeliveries(db))]),
          ]),
        )
        .orderBy('until_at')
        .limit(atOnce)
        .execute(),
    markDeleting: async (hash, deleting_at) =>
      void (await db.updateTable('delivery_photo').set({ deleting_at }).where('hash', '=', hash).execute()),
    remove: async (hash) => {
      const { numDeletedRows } = await db.deleteFrom('delivery_photo').where('hash', '=', hash).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
};
