/** Task links of couriers. A delivery has at most one that lives. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Tasks {
  add(task: NewRow<'task'>): Promise<void>;
  find(token: string): Promise<Row<'task'> | undefined>;
  /** The link that is not dead. */
  living(delivery: string): Promise<Row<'task'> | undefined>;
  claim(token: string, jkt: string): Promise<void>;
  kill(token: string): Promise<void>;
}

export const tasksOn = (db: Kysely<Schema>): Tasks => ({
  add: async (task) => void (await db.insertInto('task').values(task).execute()),
  find: (token) => db.selectFrom('task').selectAll().where('token', '=', token).executeTakeFirst(),
  living: (delivery) =>
    db.selectFrom('task').selectAll().where('delivery', '=', delivery).where('state', '!=', 'dead').executeTakeFirst(),
  claim: async (token, jkt) =>
    void (await db.updateTable('task').set({ state: 'claimed', jkt }).where('token', '=', token).execute()),
  kill: async (token) =>
    void (await db.updateTable('task').set({ state: 'dead' }).where('token', '=', token).execute()),
});
