/** Notifications: how far each home was told, how its devices want it, what is to be told, which alarms stand. */
import { type Kysely, type Migration, sql } from 'kysely';

type Column = 'text' | 'text?' | 'bigint' | 'bigint?';

const tables: Readonly<Record<string, { columns: Readonly<Record<string, Column>>; key: readonly string[] }>> = {
  notice_feed: { columns: { home: 'text', told: 'bigint', last: 'bigint' }, key: ['home'] },
  notice_device: {
    columns: {
      home: 'text',
      jkt: 'text',
      language: 'text',
      zone: 'text',
      choices: 'text',
      detail: 'bigint',
      endpoint: 'text?',
      p256dh: 'text?',
      auth: 'text?',
      mail: 'text?',
      mail_proven: 'bigint',
      mail_code: 'text?',
      mail_code_at: 'bigint?',
      mail_tries: 'bigint',
      failing: 'text?',
    },
    key: ['home', 'jkt'],
  },
  notice: {
    columns: {
      id: 'text',
      home: 'text',
      jkt: 'text',
      way: 'text',
      kind: 'text',
      about: 'text',
      says: 'text',
      loud: 'bigint',
      at: 'bigint',
      due_at: 'bigint',
      until_at: 'bigint',
      state: 'text',
      tries: 'bigint',
    },
    key: ['id'],
  },
  standing_alarm: {
    columns: {
      id: 'text',
      home: 'text',
      code: 'text',
      door: 'text?',
      at: 'bigint',
      next_at: 'bigint?',
      round: 'bigint',
      acked_by: 'text?',
      acked_at: 'bigint?',
      ended_at: 'bigint?',
    },
    key: ['id'],
  },
};

const indexes = [
  ['notice', 'state', 'due_at'],
  ['notice', 'home', 'about'],
  ['standing_alarm', 'home'],
  ['standing_alarm', 'next_at'],
] as const;

export const notifications: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, table] of Object.entries(tables)) {
      let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, table.key as never);
      for (const [column, type] of Object.entries(table.columns)) {
        const nullable = type.endsWith('?');
        create = create.addColumn(column, nullable ? (type.slice(0, -1) as 'text') : (type as 'text'), (c) =>
          nullable ? c : c.notNull(),
        );
      }
      await create.execute();
    }
    for (const [table, ...columns] of indexes) {
      const name = `${table}_by_${columns.join('_')}`;
      await db.schema.createIndex(name).on(table).columns(columns).execute();
    }
    await db.schema.alterTable('delivery').addColumn('on_the_way_at', 'bigint').execute();
    // What happened before is not told afterwards.
    await sql`
      insert into notice_feed (home, told, last)
      select substr(party, 6), max(seq), max(seq) from event where party like 'home:%' group by party
    `.execute(db);
  },
};
