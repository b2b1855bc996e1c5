/** Recovery: the code that each hub goes by, and who asked for a device with it. */
import type { Kysely, Migration } from 'kysely';

const codeMaybe = ['kid', 'jwk', 'note'] as const;
const askedTexts = ['id', 'hub', 'device', 'state'] as const;
const askedTimes = ['asked_at', 'until_at'] as const;

export const recovery: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let code = db.schema.createTable('recovery_code').addPrimaryKeyConstraint('recovery_code_key', ['hub'] as never);
    for (const name of ['hub', 'pin']) code = code.addColumn(name, 'text', (column) => column.notNull());
    for (const name of codeMaybe) code = code.addColumn(name, 'text');
    await code.addColumn('version', 'bigint', (column) => column.notNull()).execute();
    await db.schema.createIndex('recovery_code_by_kid').on('recovery_code').column('kid').execute();

    let asked = db.schema.createTable('recovery').addPrimaryKeyConstraint('recovery_key', ['id'] as never);
    for (const name of askedTexts) asked = asked.addColumn(name, 'text', (column) => column.notNull());
    for (const name of askedTimes) asked = asked.addColumn(name, 'bigint', (column) => column.notNull());
    await asked.execute();
    await db.schema.createIndex('recovery_by_hub').on('recovery').columns(['hub', 'asked_at']).execute();
  },
};
