/** What was done at stops goes when its time is over. */
import type { Kysely, Migration } from 'kysely';

export const actAges: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.createIndex('stop_act_by_age').on('stop_act').column('at').execute();
  },
};
