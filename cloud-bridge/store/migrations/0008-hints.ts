/** What owners say about their doors to visitors, and which visitor has found one. */
import type { Kysely, Migration } from 'kysely';

export const hints: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let create = db.schema.createTable('door_hint').addPrimaryKeyConstraint('door_hint_key', ['door'] as never);
    for (const name of ['door', 'hub']) create = create.addColumn(name, 'text', (column) => column.notNull());
    for (const name of ['place', 'instruction', 'photo', 'photo_type']) create = create.addColumn(name, 'text');
    await create.addColumn('at', 'bigint', (column) => column.notNull()).execute();
    await db.schema
      .createTable('hint_found')
      .addPrimaryKeyConstraint('hint_found_key', ['jti'] as never)
      .addColumn('jti', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
