/** What owners say about their doors to visitors, and who has found one. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Hints {
  find(door: string): Promise<Row<'door_hint'> | undefined>;
  /** In place of the one before. */
  put(hint: Row<'door_hint'>): Promise<void>;
  remove(door: string): Promise<void>;
  /** @param by  the guest's grant, or hash of the task's link */
  isFound(by: string): Promise<boolean>;
  /** @returns whether it is news */
  noteFound(by: string, at: number): Promise<boolean>;
}

export const hintsOn = (db: Kysely<Schema>): Hints => {
  const isFound: Hints['isFound'] = async (by) =>
    (await db.selectFrom('hint_found').select('jti').where('jti', '=', by).executeTakeFirst()) !== undefined;
  return {
    isFound,
    find: (door) => db.selectFrom('door_hint').selectAll().where('door', '=', door).executeTakeFirst(),
    put: async (hint) => {
      const { door: _, ...fields } = hint;
      const insert = db.insertInto('door_hint').values(hint);
      await insert.onConflict((clash) => clash.column('door').doUpdateSet(fields)).execute();
    },
    remove: async (door) => void (await db.deleteFrom('door_hint').where('door', '=', door).execute()),
    noteFound: async (by, at) => {
      if (await isFound(by)) return false;
      await db.insertInto('hint_found').values({ jti: by, at }).execute();
      return true;
    },
  };
};
