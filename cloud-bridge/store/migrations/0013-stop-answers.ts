/** Acts of a courier keep what they were answered; homes keep where they are, as their owner has set it. */
import type { Kysely, Migration } from 'kysely';

export const stopAnswers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const name of ['jti', 'refused']) await db.schema.alterTable('stop_act').addColumn(name, 'text').execute();
    await db.schema.createIndex('stop_act_by_jti').on('stop_act').columns(['jti']).execute();
    await db.schema
      .createTable('home_position')
      .addPrimaryKeyConstraint('home_position_key', ['home'] as never)
      .addColumn('home', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
