/** Disputes of deliveries. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Disputes {
  add(one: Row<'dispute'>): Promise<void>;
  /** Newest first. */
  ofDelivery(delivery: string, limit: number): Promise<Row<'dispute'>[]>;
  /** The one that is not withdrawn. */
  open(delivery: string): Promise<Row<'dispute'> | undefined>;
  withdraw(id: string, at: number): Promise<void>;
}

export const disputesOn = (db: Kysely<Schema>): Disputes => ({
  add: async (one) => void (await db.insertInto('dispute').values(one).execute()),
  ofDelivery: (delivery, limit) =>
    db
      .selectFrom('dispute')
      .selectAll()
      .where('delivery', '=', delivery)
      .orderBy('opened_at', 'desc')
      .orderBy('withdrawn_at')
      .limit(limit)
      .execute(),
  open: (delivery) =>
    db
      .selectFrom('dispute')
      .selectAll()
      .where('delivery', '=', delivery)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst(),
  withdraw: async (id, at) =>
    void (await db.updateTable('dispute').set({ withdrawn_at: at }).where('id', '=', id).execute()),
});
