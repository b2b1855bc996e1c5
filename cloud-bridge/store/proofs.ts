/** Proofs of possession that have been used: each counts once, at whichever instance it comes in. */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export interface Proofs {
  /** @returns false when it was used before */
  use(hash: string, expS: number): Promise<boolean>;
  dropBefore(nowS: number): Promise<void>;
}

export const proofsOn = (db: Kysely<Schema>): Proofs => ({
  use: async (hash, expS) => {
    const added = await db
      .insertInto('proof')
      .values({ hash, exp_s: expS })
      .onConflict((clash) => clash.column('hash').doNothing())
      .executeTakeFirst();
    return added.numInsertedOrUpdatedRows === 1n;
  },
  dropBefore: async (nowS) => void (await db.deleteFrom('proof').where('exp_s', '<', nowS).execute()),
});
