/** What is to be told, to which device, by which way: an outbox. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Notices {
  /** Adds tellings; one that is there already stays as it is. */
  add(notices: readonly Row<'notice'>[]): Promise<void>;
  find(id: string): Promise<Row<'notice'> | undefined>;
  /** Due now, oldest first: those that wait, and those whose sender was not heard of any more. */
  due(now: number, limit: number): Promise<Row<'notice'>[]>;
  /** Takes one to send, unless somebody else has. @param until  nobody else tries before @returns whether it is ours */
  claim(notice: Row<'notice'>, until: number): Promise<boolean>;
  settle(id: string, state: 'sent' | 'dropped' | 'failed'): Promise<void>;
  forget(id: string): Promise<void>;
  /** Puts it back. */
  retry(id: string, dueAt: number): Promise<void>;
  /** What still waits about this is not told any more. */
  hush(home: string, about: string): Promise<void>;
  /** Was this told to anybody, or is it being told? */
  isTold(home: string, about: string): Promise<boolean>;
  /** Forgets what is over. */
  dropBefore(at: number): Promise<void>;
}

export const noticesOn = (db: Kysely<Schema>): Notices => ({
  add: async (notices) => {
    if (notices.length === 0) return;
    await db
      .insertInto('notice')
      .values([...notices])
      .onConflict((clash) => clash.column('id').doNothing())
      .execute();
  },
  find: (id) => db.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirst(),
  due: (now, limit) =>
    db
      .selectFrom('notice')
      .selectAll()
      .where('state', 'in', ['waiting', 'sending'])
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(limit)
      .execute(),
  claim: async ({ id, state, tries, due_at }, until) => {
    const { numUpdatedRows } = await db
      .updateTable('notice')
      .set({ state: 'sending', due_at: until, tries: tries + 1 })
      .where('id', '=', id)
      .where('state', '=', state)
      .where('tries', '=', tries)
      .where('due_at', '=', due_at)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  },
  settle: async (id, state) => void (await db.updateTable('notice').set({ state }).where('id', '=', id).execute()),
  forget: async (id) => void (await db.deleteFrom('notice').where('id', '=', id).execute()),
  retry: async (id, dueAt) =>
    void (await db
      .updateTable('notice')
      .set({ state: 'waiting', due_at: dueAt })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .execute()),
  hush: async (home, about) =>
    void (await db
      .updateTable('notice')
      .set({ state: 'dropped' })
      .where('home', '=', home)
      .where('about', '=', about)
      .where('state', '=', 'waiting')
      .execute()),
  isTold: async (home, about) => {
    const row = await db
      .selectFrom('notice')
      .select('id')
      .where('home', '=', home)
      .where('about', '=', about)
      .where('state', 'in', ['sending', 'sent'])
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  dropBefore: async (at) =>
    void (await db
      .deleteFrom('notice')
      .where('state', 'in', ['sent', 'dropped', 'failed'])
      .where('due_at', '<', at)
      .execute()),
});
