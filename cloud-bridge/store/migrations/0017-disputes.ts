/** Disputes: what an owner says of a delivery that is over. */
import type { Kysely, Migration } from 'kysely';

export const disputes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('dispute')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('home', 'text', (column) => column.notNull())
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('of_case', 'text')
      .addColumn('opened_by', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'integer', (column) => column.notNull())
      .addColumn('withdrawn_at', 'integer')
      .execute();
    await db.schema.createIndex('dispute_by_delivery').on('dispute').column('delivery').execute();
  },
};
