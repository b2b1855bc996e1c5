/** Alarms that stand, how often they were told, and who has acknowledged them. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface StandingAlarms {
  add(alarm: Row<'standing_alarm'>): Promise<void>;
  find(id: string): Promise<Row<'standing_alarm'> | undefined>;
  /** Those of a home that are not over, oldest first. */
  ofHome(home: string): Promise<Row<'standing_alarm'>[]>;
  /** To be told again now. */
  due(now: number, limit: number): Promise<Row<'standing_alarm'>[]>;
  toldAgain(id: string, round: number, nextAt: number | null): Promise<void>;
  /** It is not told again. @param endedAt  set for one that nothing else will end */
  acknowledge(id: string, by: string, at: number, endedAt: number | null): Promise<void>;
  end(id: string, at: number): Promise<void>;
}

export const standingAlarmsOn = (db: Kysely<Schema>): StandingAlarms => ({
  add: async (alarm) =>
    void (await db
      .insertInto('standing_alarm')
      .values(alarm)
      .onConflict((clash) => clash.column('id').doNothing())
      .execute()),
  find: (id) => db.selectFrom('standing_alarm').selectAll().where('id', '=', id).executeTakeFirst(),
  ofHome: (home) =>
    db
      .selectFrom('standing_alarm')
      .selectAll()
      .where('home', '=', home)
      .where('ended_at', 'is', null)
      .orderBy('at')
      .execute(),
  due: (now, limit) =>
    db.selectFrom('standing_alarm').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(limit).execute(),
  toldAgain: async (id, round, nextAt) =>
    void (await db.updateTable('standing_alarm').set({ round, next_at: nextAt }).where('id', '=', id).execute()),
  acknowledge: async (id, by, at, endedAt) =>
    void (await db
      .updateTable('standing_alarm')
      .set({ acked_by: by, acked_at: at, ended_at: endedAt, next_at: null })
      .where('id', '=', id)
      .execute()),
  end: async (id, at) =>
    void (await db.updateTable('standing_alarm').set({ ended_at: at, next_at: null }).where('id', '=', id).execute()),
});
