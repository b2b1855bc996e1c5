/** What a carrier says of a delivery, for plans that are made anew, and the door of each grant: a plan may lead to several. */
import type { Kysely, Migration } from 'kysely';

export const plans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const name of ['can', 'kind', 'coming'])
      await db.schema.alterTable('delivery').addColumn(name, 'text').execute();
    await db.schema.alterTable('grant_issued').addColumn('door', 'text').execute();
  },
};
