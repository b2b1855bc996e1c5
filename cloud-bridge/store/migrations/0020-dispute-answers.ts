/** A carrier answers a dispute, and an owner may say that this settles it. */
import type { Kysely, Migration } from 'kysely';

export const disputeAnswers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('dispute').addColumn('answer', 'text').execute();
    for (const name of ['answered_at', 'settled_at'])
      await db.schema.alterTable('dispute').addColumn(name, 'integer').execute();
  },
};
