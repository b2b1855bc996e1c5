/** Wrong hand-over codes, to be counted; what holders are told; the courier behind a task link. */
import type { Kysely, Migration } from 'kysely';

export const codes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('code_try')
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('home', 'text', (column) => column.notNull())
      .addColumn('jkt', 'text', (column) => column.notNull())
      .addColumn('courier', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    for (const by of ['home', 'jkt', 'courier']) {
      await db.schema.createIndex(`code_try_by_${by}`).on('code_try').columns([by, 'at']).execute();
    }
    await db.schema.createIndex('code_try_by_at').on('code_try').column('at').execute();
    await db.schema.alterTable('task').addColumn('courier', 'text').execute();
    for (const name of ['sender', 'language']) {
      await db.schema.alterTable('holder').addColumn(name, 'text').execute();
    }
    await db.schema.alterTable('attempt').addColumn('told_day', 'text').execute();
    await db.schema.createIndex('delivery_by_order').on('delivery').columns(['home', 'order_ref']).execute();
  },
};
