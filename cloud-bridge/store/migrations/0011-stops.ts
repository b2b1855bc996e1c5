/** Deliveries with a plan: what the owner wishes, who may receive, each attempt and what was done in it. */
import type { Kysely, Migration } from 'kysely';

interface Columns {
  readonly texts: readonly string[];
  readonly maybe?: readonly string[];
  readonly numbers?: readonly string[];
  readonly maybeNumbers?: readonly string[];
}

async function table(db: Kysely<unknown>, name: string, key: readonly string[], columns: Columns): Promise<void> {
  let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, [...key] as never);
  for (const text of columns.texts) create = create.addColumn(text, 'text', (column) => column.notNull());
  for (const text of columns.maybe ?? []) create = create.addColumn(text, 'text');
  for (const number of columns.numbers ?? []) create = create.addColumn(number, 'bigint', (column) => column.notNull());
  for (const number of columns.maybeNumbers ?? []) create = create.addColumn(number, 'bigint');
  await create.execute();
}

export const stops: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const name of ['parcel', 'plan', 'wishes', 'order_ref']) {
      await db.schema.alterTable('delivery').addColumn(name, 'text').execute();
    }
    await db.schema
      .alterTable('delivery')
      .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    await table(db, 'wish_book', ['home'], { texts: ['home', 'text', 'by'], numbers: ['version', 'at'] });
    await table(db, 'holder', ['id'], {
      texts: ['id', 'home', 'kind', 'name'],
      maybe: ['delivery', 'holder_group', 'flat', 'note', 'contact', 'jkt'],
      numbers: ['created_at'],
      maybeNumbers: ['until_at', 'revoked_at'],
    });
    await db.schema.createIndex('holder_by_home').on('holder').columns(['home', 'created_at']).execute();
    await table(db, 'attempt', ['delivery', 'number'], {
      texts: ['delivery', 'home', 'carrier', 'day', 'state', 'presence'],
      maybe: ['jkt', 'nonce', 'named', 'how', 'receipt'],
      numbers: ['number', 'dies_at', 'tries', 'created_at'],
      maybeNumbers: ['arrived_at', 'rang_at', 'closed_at'],
    });
    await db.schema.createIndex('attempt_by_home').on('attempt').columns(['home', 'day']).execute();
    await db.schema.createIndex('attempt_by_state').on('attempt').columns(['state', 'dies_at']).execute();
    await table(db, 'stop_act', ['delivery', 'attempt', 'seq'], {
      texts: ['delivery', 'kind', 'text'],
      maybe: ['jkt'],
      numbers: ['attempt', 'seq', 'at'],
    });
  },
};
