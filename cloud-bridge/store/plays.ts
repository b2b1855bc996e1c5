/** Deliveries of the sandbox, and how far each has been played. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface Plays {
  add(play: Row<'sandbox_play'>): Promise<void>;
  find(delivery: string): Promise<Row<'sandbox_play'> | undefined>;
  due(now: number, limit: number): Promise<Row<'sandbox_play'>[]>;
  /** @param step  the next one */
  advance(delivery: string, step: number, dueAt: number): Promise<void>;
  /** It is played to its end. */
  drop(delivery: string): Promise<void>;
}

export const playsOn = (db: Kysely<Schema>): Plays => ({
  add: async (play) => void (await db.insertInto('sandbox_play').values(play).execute()),
  find: (delivery) => db.selectFrom('sandbox_play').selectAll().where('delivery', '=', delivery).executeTakeFirst(),
  due: (now, limit) =>
    db.selectFrom('sandbox_play').selectAll().where('due_at', '<=', now).orderBy('due_at').limit(limit).execute(),
  advance: async (delivery, step, dueAt) =>
    void (await db.updateTable('sandbox_play').set({ step, due_at: dueAt }).where('delivery', '=', delivery).execute()),
  drop: async (delivery) => void (await db.deleteFrom('sandbox_play').where('delivery', '=', delivery).execute()),
});
