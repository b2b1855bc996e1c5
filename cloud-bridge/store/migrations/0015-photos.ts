/** Photos of parcels that were put down. The sealed pictures are files of their own. */
import type { Kysely, Migration } from 'kysely';

export const photos: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('delivery_photo')
      .addPrimaryKeyConstraint('delivery_photo_key', ['hash'] as never)
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('home', 'text', (column) => column.notNull())
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('jkt', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('until_at', 'bigint', (column) => column.notNull())
      .addColumn('deleting_at', 'bigint')
      .execute();
    await db.schema.createIndex('delivery_photo_by_delivery').on('delivery_photo').column('delivery').execute();
    await db.schema.createIndex('delivery_photo_by_until').on('delivery_photo').column('until_at').execute();
  },
};
