/** What owners say about their doors to visitors, and who has found one. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Hints {
  find(door: string): Promise<Row<'door_hint'> | undefined>;
  /** In place of the one before. */
  put(hint: Row<'door_hint'>): Promise<void>;
  remove(door: string): Promise<void>;
  isFound(grant: string): Promise<boolean>;
  /** @returns whether it is news */
  noteFound(grant: string, at: number): Promise<boolean>;
}

export const hintsOn = (db: Kysely<Schema>): Hints => {
  const isFound: Hints['isFound'] = async (grant) =>
    (await db.selectFrom('hint_found').select('jti').where('jti', '=', grant).executeTakeFirst()) !== undefined;
  return {
    isFound,
    find: (door) => db.selectFrom('door_hint').selectAll().where('door', '=', door).executeTakeFirst(),
    put: async (hint) => {
      const { door: _, ...fields } = hint;
      const insert = db.insertInto('door_hint').values(hint);
      await insert.onConflict((clash) => clash.column('door').doUpdateSet(fields)).execute();
    },
    remove: async (door) => void (await db.deleteFrom('door_hint').where('door', '=', door).execute()),
    noteFound: async (jti, at) => {
      if (await isFound(jti)) return false;
      await db.insertInto('hint_found').values({ jti, at }).execute();
      return true;
    },
  };
};
