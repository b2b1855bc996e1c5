/** Carriers. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Parties {
  add(carrier: NewRow<'carrier'>): Promise<void>;
  find(id: string): Promise<Row<'carrier'> | undefined>;
  byApiKey(hash: string): Promise<Row<'carrier'> | undefined>;
}

export const partiesOn = (db: Kysely<Schema>): Parties => ({
  add: async (carrier) => void (await db.insertInto('carrier').values(carrier).execute()),
  find: (id) => db.selectFrom('carrier').selectAll().where('id', '=', id).executeTakeFirst(),
  byApiKey: (hash) => db.selectFrom('carrier').selectAll().where('api_key', '=', hash).executeTakeFirst(),
});
