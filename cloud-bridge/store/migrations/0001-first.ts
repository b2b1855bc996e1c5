/** The first tables. Portable SQL: `text` and `bigint`, no generated ids. */
import type { Kysely, Migration } from 'kysely';

type Column = 'text' | 'text?' | 'bigint' | 'bigint?';

interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  readonly key: readonly string[];
  readonly unique?: readonly string[];
  readonly index?: readonly (readonly string[])[];
}

const tables: Readonly<Record<string, Table>> = {
  home: { columns: { id: 'text', created_at: 'bigint' }, key: ['id'] },
  hub: {
    columns: {
      id: 'text',
      home: 'text',
      sign_jwk: 'text',
      enrolled_at: 'bigint',
      online: 'bigint',
      boot: 'text?',
      seen_at: 'bigint?',
      versions: 'text?',
      software: 'text?',
      acked_seq: 'bigint',
      acked_hash: 'text',
      owner_list: 'text?',
      owner_version: 'bigint',
    },
    key: ['id'],
    unique: ['home'],
  },
  door: { columns: { id: 'text', hub: 'text', facts: 'text', present: 'bigint' }, key: ['id'], index: [['hub']] },
  enrolment: {
    columns: { token: 'text', home: 'text', expires_at: 'bigint', kid: 'text?', csr: 'text?', hub: 'text?' },
    key: ['token'],
  },
  carrier: {
    columns: { id: 'text', name: 'text', jwk: 'text', api_key: 'text', created_at: 'bigint' },
    key: ['id'],
    unique: ['api_key'],
  },
  document: {
    columns: {
      hub: 'text',
      seq: 'bigint',
      hash: 'text',
      typ: 'text',
      kid: 'text',
      version: 'bigint?',
      about: 'text?',
      text: 'text',
      exp_s: 'bigint?',
      at: 'bigint',
      settled: 'text?',
    },
    key: ['hub', 'seq'],
    unique: ['hub', 'hash'],
    index: [['hub', 'typ', 'version']],
  },
  delivery: {
    columns: {
      id: 'text',
      carrier: 'text',
      home: 'text',
      hub: 'text',
      door: 'text',
      from_s: 'bigint',
      until_s: 'bigint',
      parcels: 'bigint',
      reference: 'text',
      rule: 'text',
      consent: 'text',
      state: 'text',
      outcome: 'text?',
      proof: 'text?',
      receipt: 'text?',
      created_at: 'bigint',
    },
    key: ['id'],
    index: [['home'], ['carrier']],
  },
  task: {
    columns: { token: 'text', delivery: 'text', state: 'text', jkt: 'text?', created_at: 'bigint' },
    key: ['token'],
    index: [['delivery']],
  },
  grant_issued: {
    columns: {
      jti: 'text',
      hub: 'text',
      delivery: 'text',
      task: 'text',
      jkt: 'text',
      hash: 'text',
      text: 'text',
      assignment: 'text',
      approval: 'text?',
      state: 'text',
      exp_s: 'bigint',
    },
    key: ['jti'],
    unique: ['hash'],
    index: [['hub', 'state'], ['delivery']],
  },
  visit: {
    columns: { id: 'text', hub: 'text', home: 'text', delivery: 'text?', jkt: 'text' },
    key: ['id'],
    index: [['delivery']],
  },
  journal: {
    columns: { hub: 'text', seq: 'bigint', kind: 'text', visit: 'text?', text: 'text', hash: 'text' },
    key: ['hub', 'seq'],
    index: [['visit']],
  },
  journal_refusal: {
    columns: { hub: 'text', code: 'text', seq: 'bigint', hash: 'text', at: 'bigint' },
    key: ['hub', 'code', 'seq', 'hash'],
  },
  event: {
    columns: { party: 'text', seq: 'bigint', type: 'text', data: 'text', at: 'bigint' },
    key: ['party', 'seq'],
  },
  answer: {
    columns: { caller: 'text', key: 'text', request: 'text', status: 'bigint', body: 'text', at: 'bigint' },
    key: ['caller', 'key'],
    index: [['at']],
  },
  proof: { columns: { hash: 'text', exp_s: 'bigint' }, key: ['hash'], index: [['exp_s']] },
};

export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, table] of Object.entries(tables)) {
      let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, table.key as never);
      for (const [column, type] of Object.entries(table.columns)) {
        const nullable = type.endsWith('?');
        create = create.addColumn(column, nullable ? (type.slice(0, -1) as 'text') : (type as 'text'), (c) =>
          nullable ? c : c.notNull(),
        );
      }
      if (table.unique) create = create.addUniqueConstraint(`${name}_unique`, table.unique as never);
      await create.execute();
      for (const columns of table.index ?? []) {
        await db.schema
          .createIndex(`${name}_by_${columns.join('_')}`)
          .on(name)
          .columns([...columns])
          .execute();
      }
    }
  },
};
