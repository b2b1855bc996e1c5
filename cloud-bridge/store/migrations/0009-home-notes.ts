/** What a household keeps for its own devices, sealed; and the newest journal head that each hub has signed. */
import type { Kysely, Migration } from 'kysely';

export const homeNotes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('home_note')
      .addPrimaryKeyConstraint('home_note_key', ['home'] as never)
      .addColumn('home', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('journal_head')
      .addPrimaryKeyConstraint('journal_head_key', ['hub'] as never)
      .addColumn('hub', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
  },
};
