/** Deliveries, as carriers announce them and journals tell how they went. */
import type { Kysely, Updateable } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Deliveries {
  add(delivery: NewRow<'delivery'>): Promise<void>;
  find(id: string): Promise<Row<'delivery'> | undefined>;
  ofHome(home: string, limit: number): Promise<Row<'delivery'>[]>;
  /** Neither delivered nor failed nor cancelled. */
  openOf(home: string): Promise<Row<'delivery'>[]>;
  change(
    id: string,
    fields: Omit<Updateable<Schema['delivery']>, 'id' | 'carrier' | 'home' | 'hub' | 'created_at'>,
  ): Promise<void>;
}

export const deliveriesOn = (db: Kysely<Schema>): Deliveries => ({
  add: async (delivery) => void (await db.insertInto('delivery').values(delivery).execute()),
  find: (id) => db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst(),
  ofHome: (home, limit) =>
    db
      .selectFrom('delivery')
      .selectAll()
      .where('home', '=', home)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute(),
  openOf: (home) =>
    db
      .selectFrom('delivery')
      .selectAll()
      .where('home', '=', home)
      .where('state', 'not in', ['delivered', 'failed', 'cancelled'])
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  change: async (id, fields) => void (await db.updateTable('delivery').set(fields).where('id', '=', id).execute()),
});
