/** Those who may receive for a home, each with codes of their own. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Holders {
  add(holder: NewRow<'holder'>): Promise<void>;
  find(id: string): Promise<Row<'holder'> | undefined>;
  /** Everybody who was ever named, in the order in which they were. */
  ofHome(home: string): Promise<Row<'holder'>[]>;
  revoke(id: string, at: number): Promise<void>;
}

export const holdersOn = (db: Kysely<Schema>): Holders => ({
  add: async (holder) => void (await db.insertInto('holder').values(holder).execute()),
  find: (id) => db.selectFrom('holder').selectAll().where('id', '=', id).executeTakeFirst(),
  ofHome: (home) =>
    db.selectFrom('holder').selectAll().where('home', '=', home).orderBy('created_at').orderBy('id').execute(),
  revoke: async (id, at) =>
    void (await db
      .updateTable('holder')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute()),
});
