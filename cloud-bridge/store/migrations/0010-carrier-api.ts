/** The carrier's API: client secrets and access tokens, webhooks with their log, and deliveries that a sandbox plays. */
import { randomBytes } from 'node:crypto';
import type { Kysely, Migration } from 'kysely';

type Column = 'text' | 'text?' | 'bigint' | 'bigint?';
type Columns = Readonly<Record<string, Column>>;

const tables: Readonly<Record<string, { readonly columns: Columns; readonly key: readonly string[] }>> = {
  client_secret: {
    columns: {
      id: 'text',
      carrier: 'text',
      hash: 'text',
      created_at: 'bigint',
      used_at: 'bigint?',
      ended_at: 'bigint?',
    },
    key: ['id'],
  },
  access_token: {
    columns: { hash: 'text', carrier: 'text', secret: 'text', scope: 'text', exp_at: 'bigint' },
    key: ['hash'],
  },
  webhook: {
    columns: {
      ...{ id: 'text', carrier: 'text', url: 'text', types: 'text', description: 'text' },
      ...{ secret: 'text', old_secret: 'text?', old_until: 'bigint?', created_at: 'bigint' },
      ...{ disabled: 'text?', disabled_at: 'bigint?', failing_since: 'bigint?' },
    },
    key: ['id'],
  },
  webhook_message: {
    columns: {
      ...{ id: 'text', webhook: 'text', party: 'text', seq: 'bigint', at: 'bigint' },
      ...{ state: 'text', tries: 'bigint', round: 'bigint', due_at: 'bigint' },
    },
    key: ['id'],
  },
  webhook_attempt: {
    columns: {
      ...{ webhook: 'text', n: 'bigint', message: 'text', attempt: 'bigint', type: 'text', at: 'bigint' },
      ...{ ms: 'bigint?', status: 'bigint?', error: 'text?', body: 'text?' },
    },
    key: ['webhook', 'n'],
  },
  sandbox_play: {
    columns: { delivery: 'text', outcome: 'text', step: 'bigint', pace_ms: 'bigint', due_at: 'bigint', jkt: 'text' },
    key: ['delivery'],
  },
};

const indexes: readonly (readonly [table: string, columns: readonly string[], unique?: 'unique'])[] = [
  ['client_secret', ['hash'], 'unique'],
  ['client_secret', ['carrier']],
  ['access_token', ['secret']],
  ['access_token', ['exp_at']],
  ['webhook', ['carrier']],
  ['webhook_message', ['webhook', 'state', 'due_at']],
  ['webhook_message', ['due_at']],
  ['webhook_message', ['webhook', 'seq'], 'unique'],
  ['webhook_attempt', ['message']],
  ['webhook_attempt', ['at']],
  ['sandbox_play', ['due_at']],
  ['event', ['party', 'at']],
];

interface Before {
  carrier: { id: string; api_key: string; created_at: number };
  client_secret: { id: string; carrier: string; hash: string; created_at: number };
}

export const carrierApi: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, { columns, key }] of Object.entries(tables)) {
      let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, key as never);
      for (const [column, type] of Object.entries(columns)) {
        const isNullable = type.endsWith('?');
        create = create.addColumn(column, isNullable ? (type.slice(0, -1) as 'text') : (type as 'text'), (one) =>
          isNullable ? one : one.notNull(),
        );
      }
      await create.execute();
    }
    for (const [table, columns, unique] of indexes) {
      const index = db.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns([...columns]);
      await (unique === undefined ? index : index.unique()).execute();
    }
    // They were sealed with the secrets of callers, and live for a day.
    await (db as Kysely<{ answer: object }>).deleteFrom('answer').execute();
    // What was a key is the first secret of the same client.
    const before = db as Kysely<Before>;
    for (const { id, api_key, created_at } of await before.selectFrom('carrier').selectAll().execute()) {
      const secret = { id: randomBytes(16).toString('base64url'), carrier: id, hash: api_key, created_at };
      await before.insertInto('client_secret').values(secret).execute();
    }
    await db.schema.alterTable('carrier').renameTo('carrier_before').execute();
    await db.schema
      .createTable('carrier')
      .addPrimaryKeyConstraint('carrier_key2', ['id'] as never)
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('jwk', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('sandbox', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    type Both = {
      carrier: Record<string, unknown>;
      carrier_before: Record<'id' | 'name' | 'jwk' | 'created_at', string>;
    };
    const both = db as Kysely<Both>;
    for (const { id, name, jwk, created_at } of await both.selectFrom('carrier_before').selectAll().execute()) {
      await both.insertInto('carrier').values({ id, name, jwk, created_at, kind: 'carrier', sandbox: 0 }).execute();
    }
    await db.schema.dropTable('carrier_before').execute();
  },
};
