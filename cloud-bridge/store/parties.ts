/** Carriers and companies. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Parties {
  add(carrier: NewRow<'carrier'>): Promise<void>;
  find(id: string): Promise<Row<'carrier'> | undefined>;
  setSeal(id: string, jwk: string): Promise<void>;
  /** Those that owners can make rules for, in the order of their names. */
  all(limit: number): Promise<Row<'carrier'>[]>;
}

export const partiesOn = (db: Kysely<Schema>): Parties => ({
  add: async (carrier) => void (await db.insertInto('carrier').values(carrier).execute()),
  find: (id) => db.selectFrom('carrier').selectAll().where('id', '=', id).executeTakeFirst(),
  setSeal: async (id, seal) => void (await db.updateTable('carrier').set({ seal }).where('id', '=', id).execute()),
  all: (limit) =>
    db.selectFrom('carrier').selectAll().where('sandbox', '=', 0).orderBy('name').orderBy('id').limit(limit).execute(),
});
