/** What owners seal pictures to for a carrier. */
import type { Kysely, Migration } from 'kysely';

export const carrierSeals: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('carrier').addColumn('seal', 'text').execute();
  },
};
