/** Stored answers: the same Idempotency-Key gets the same answer. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Answers {
  find(caller: string, key: string): Promise<Row<'answer'> | undefined>;
  put(answer: Row<'answer'>): Promise<void>;
  drop(caller: string, key: string): Promise<void>;
  dropBefore(at: number): Promise<void>;
}

export const answersOn = (db: Kysely<Schema>): Answers => ({
  find: (caller, key) =>
    db.selectFrom('answer').selectAll().where('caller', '=', caller).where('key', '=', key).executeTakeFirst(),
  put: async (answer) =>
    void (await db
      .insertInto('answer')
      .values(answer)
      .onConflict((clash) => clash.columns(['caller', 'key']).doUpdateSet(answer))
      .execute()),
  drop: async (caller, key) =>
    void (await db.deleteFrom('answer').where('caller', '=', caller).where('key', '=', key).execute()),
  dropBefore: async (at) => void (await db.deleteFrom('answer').where('at', '<', at).execute()),
});
