/** Disputes of deliveries. */
import type { Kysely, Updateable } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Disputes {
  add(one: Row<'dispute'>): Promise<void>;
  /** Newest first. */
  ofDelivery(delivery: string, limit: number): Promise<Row<'dispute'>[]>;
  /** The one that is neither withdrawn nor settled. */
  open(delivery: string): Promise<Row<'dispute'> | undefined>;
  change(
    id: string,
    fields: Pick<Updateable<Schema['dispute']>, 'withdrawn_at' | 'settled_at' | 'answer' | 'answered_at'>,
  ): Promise<void>;
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
      .where('settled_at', 'is', null)
      .executeTakeFirst(),
  change: async (id, fields) => void (await db.updateTable('dispute').set(fields).where('id', '=', id).execute()),
});
