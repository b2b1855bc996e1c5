/** Photos that a hub took with the camera at its door stand beside those of couriers. */
import type { Kysely, Migration } from 'kysely';

export const doorPhotos: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('delivery_photo')
      .addColumn('taken_by', 'text', (column) => column.notNull().defaultTo('courier'))
      .execute();
  },
};
