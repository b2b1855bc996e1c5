/** Visits: which hub one happens at, for which delivery, by which device. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Visits {
  /** Adds a visit; one that is there stays as it is. @returns the row that stands now */
  add(visit: NewRow<'visit'>): Promise<Row<'visit'>>;
  find(id: string): Promise<Row<'visit'> | undefined>;
  ofDelivery(delivery: string): Promise<Row<'visit'>[]>;
  ofGrant(jti: string): Promise<Row<'visit'>[]>;
}

export const visitsOn = (db: Kysely<Schema>): Visits => ({
  add: async (visit) => {
    await db
      .insertInto('visit')
      .values(visit)
      .onConflict((clash) => clash.column('id').doNothing())
      .execute();
    return db.selectFrom('visit').selectAll().where('id', '=', visit.id).executeTakeFirstOrThrow();
  },
  find: (id) => db.selectFrom('visit').selectAll().where('id', '=', id).executeTakeFirst(),
  ofDelivery: (delivery) => db.selectFrom('visit').selectAll().where('delivery', '=', delivery).execute(),
  ofGrant: (jti) => db.selectFrom('visit').selectAll().where('jti', '=', jti).execute(),
});
