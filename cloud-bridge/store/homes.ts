/** Homes, and the one-time tokens that enrol a hub into them. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Homes {
  add(home: NewRow<'home'>): Promise<void>;
  find(id: string): Promise<Row<'home'> | undefined>;
  /** What the household keeps for its devices. */
  note(home: string): Promise<Row<'home_note'> | undefined>;
  /** Replaces it. */
  putNote(note: NewRow<'home_note'>): Promise<void>;
  addToken(token: NewRow<'enrolment'>): Promise<void>;
  findToken(hash: string): Promise<Row<'enrolment'> | undefined>;
  useToken(hash: string, by: { readonly kid: string; readonly csr: string; readonly hub: string }): Promise<void>;
}

export const homesOn = (db: Kysely<Schema>): Homes => ({
  add: async (home) => void (await db.insertInto('home').values(home).execute()),
  find: (id) => db.selectFrom('home').selectAll().where('id', '=', id).executeTakeFirst(),
  note: (home) => db.selectFrom('home_note').selectAll().where('home', '=', home).executeTakeFirst(),
  putNote: async (note) => {
    await db.deleteFrom('home_note').where('home', '=', note.home).execute();
    await db.insertInto('home_note').values(note).execute();
  },
  addToken: async (token) => void (await db.insertInto('enrolment').values(token).execute()),
  findToken: (hash) => db.selectFrom('enrolment').selectAll().where('token', '=', hash).executeTakeFirst(),
  useToken: async (hash, by) => void (await db.updateTable('enrolment').set(by).where('token', '=', hash).execute()),
});
