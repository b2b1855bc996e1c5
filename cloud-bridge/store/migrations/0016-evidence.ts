/** The hub's seal on the receipt of a stop, and the signed sets that receipts hang on. */
import type { Kysely, Migration } from 'kysely';

export const evidence: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const name of ['seal', 'sets']) await db.schema.alterTable('attempt').addColumn(name, 'text').execute();
    const index = (name: string, column: string, missing: string) =>
      db.schema
        .createIndex(name)
        .on('attempt')
        .column(column)
        .where(missing as never, 'is', null)
        .execute();
    await index('attempt_unsigned', 'closed_at', 'receipt');
    await index('attempt_unsealed', 'delivery', 'seal');
    await db.schema.createIndex('grant_by_delivery').on('grant_issued').column('delivery').execute();
    await db.schema
      .createTable('evidence_sets')
      .addPrimaryKeyConstraint('evidence_sets_key', ['hash'] as never)
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
  },
};
