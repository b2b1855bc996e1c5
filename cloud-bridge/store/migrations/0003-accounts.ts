/** Accounts of people: their passkeys, the devices that logged in, and challenges that are out. */
import type { Kysely, Migration } from 'kysely';

const tables = [
  { name: 'account', texts: ['id'], numbers: ['created_at'], key: 'id' },
  {
    name: 'passkey',
    texts: ['id', 'account', 'public_key', 'transports'],
    numbers: ['counter', 'created_at', 'used_at'],
    key: 'id',
  },
  { name: 'session', texts: ['jkt', 'account', 'passkey'], numbers: ['created_at', 'seen_at'], key: 'jkt' },
  { name: 'challenge', texts: ['jkt', 'purpose', 'challenge', 'account'], numbers: ['until'], key: 'jkt' },
] as const;

export const accounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const { name, texts, numbers, key } of tables) {
      let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, [key] as never);
      for (const text of texts) create = create.addColumn(text, 'text', (column) => column.notNull());
      for (const number of numbers) create = create.addColumn(number, 'bigint', (column) => column.notNull());
      await create.execute();
    }
    await db.schema.alterTable('session').addColumn('ended_at', 'bigint').execute();
    for (const name of ['passkey', 'session']) {
      await db.schema.createIndex(`${name}_by_account`).on(name).column('account').execute();
    }
  },
};
