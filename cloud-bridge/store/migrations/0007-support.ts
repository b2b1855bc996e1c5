/** Support: its staff, cases that owners open, each look at them, pictures that owners share. */
import type { Kysely, Migration } from 'kysely';

type Column = 'text' | 'text?' | 'bigint' | 'bigint?';

const tables: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  support_staff: { id: 'text', name: 'text', token: 'text', seal: 'text?', created_at: 'bigint', ended_at: 'bigint?' },
  support_case: {
    ...{ id: 'text', home: 'text', delivery: 'text', reason: 'text', opened_by: 'text', opened_at: 'bigint' },
    closed_at: 'bigint?',
  },
  support_look: { id: 'text', of_case: 'text', staff: 'text', what: 'text', at: 'bigint' },
  case_picture: { id: 'text', of_case: 'text', staff: 'text', sealed: 'text', at: 'bigint', until_at: 'bigint' },
};

const indexes = [
  ['support_staff', 'token'],
  ['support_case', 'home'],
  ['support_case', 'closed_at'],
  ['support_look', 'of_case'],
  ['case_picture', 'of_case'],
  ['case_picture', 'until_at'],
] as const;

export const support: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, columns] of Object.entries(tables)) {
      let create = db.schema.createTable(name).addPrimaryKeyConstraint(`${name}_key`, ['id'] as never);
      for (const [column, type] of Object.entries(columns)) {
        const nullable = type.endsWith('?');
        create = create.addColumn(column, nullable ? (type.slice(0, -1) as 'text') : (type as 'text'), (c) =>
          nullable ? c : c.notNull(),
        );
      }
      await create.execute();
    }
    for (const [table, column] of indexes) {
      await db.schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute();
    }
  },
};
