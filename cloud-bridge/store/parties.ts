/** Carriers. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Parties {
  add(carrier: NewRow<'carrier'>): Promise<void>;
  find(id: string): Promise<Row<'carrier'> | undefined>;
  /** In the order of their names. */
  all(limit: number): Promise<Row<'carrier'>[]>;
  byApiKey(hash: string): Promise<Row<'carrier'> | undefined>;
}

export const partiesOn = (db: Kysely<Schema>): Parties => ({
  add: async (carrier) => void (await db.insertInto('carrier').values(carrier).execute()),
  find: (id) => db.selectFrom('carrier').selectAll().where('id', '=', id).executeTakeFirst(),
  all: (limit) => db.selectFrom('carrier').selectAll().orderBy('name').orderBy('id').limit(limit).execute(),
  byApiKey: (hash) => db.selectFrom('carrier').selectAll().where('api_key', '=', hash).executeTakeFirst(),
});
