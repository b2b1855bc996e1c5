/** What was done at stops, in order, and where homes are. */
import type { Kysely } from 'kysely';
import { heldDeliveries } from './held.ts';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Stops {
  /** @returns its number: 1, 2, 3 … in each attempt */
  addAct(act: Omit<NewRow<'stop_act'>, 'seq'>): Promise<number>;
  /** What a signed act was answered: it counted, and was refused. */
  keepAnswer(delivery: string, attempt: number, jti: string, refused: string): Promise<void>;
  actByJti(delivery: string, attempt: number, jti: string): Promise<Row<'stop_act'> | undefined>;
  /** In order. */
  acts(delivery: string, attempt: number): Promise<Row<'stop_act'>[]>;
  /** Attempts that were closed before then and are signed for, with acts that nothing holds. */
  over(before: number, limit: number): Promise<Pick<Row<'stop_act'>, 'delivery' | 'attempt'>[]>;
  /** All acts of an attempt. */
  forget(delivery: string, attempt: number): Promise<void>;
  position(home: string): Promise<Row<'home_position'> | undefined>;
  putPosition(position: Row<'home_position'>): Promise<void>;
  removePosition(home: string): Promise<void>;
}

export const stopsOn = (db: Kysely<Schema>): Stops => ({
  addAct: async (act) => {
    const { delivery, attempt } = act;
    const last = await db
      .selectFrom('stop_act')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .where('delivery', '=', delivery)
      .where('attempt', '=', attempt)
      .executeTakeFirst();
    const seq = Number(last?.seq ?? 0) + 1;
    await db
      .insertInto('stop_act')
      .values({ ...act, seq })
      .execute();
    return seq;
  },
  keepAnswer: async (delivery, attempt, jti, refused) =>
    void (await db
      .updateTable('stop_act')
      .set({ refused })
      .where('jti', '=', jti)
      .where('delivery', '=', delivery)
      .where('attempt', '=', attempt)
      .execute()),
  actByJti: (delivery, attempt, jti) =>
    db
      .selectFrom('stop_act')
      .selectAll()
      .where('delivery', '=', delivery)
      .where('jti', '=', jti)
      .where('attempt', '=', attempt)
      .executeTakeFirst(),
  acts: (delivery, attempt) =>
    db
      .selectFrom('stop_act')
      .selectAll()
      .where('delivery', '=', delivery)
      .where('attempt', '=', attempt)
      .orderBy('seq')
      .execute(),
  over: (before, limit) =>
    db
      .selectFrom('stop_act')
      .innerJoin('attempt', (join) =>
        join.onRef('attempt.delivery', '=', 'stop_act.delivery').onRef('attempt.number', '=', 'stop_act.attempt'),
      )
      .select(['stop_act.delivery', 'stop_act.attempt'])
      .distinct()
      .where('stop_act.at', '<', before)
      .where('attempt.closed_at', '<', before)
      .where('attempt.receipt', 'is not', null)
      .where('stop_act.delivery', 'not in', heldDeliveries(db))
      .where('stop_act.delivery', 'not in', db.selectFrom('delivery_photo').select('delivery_photo.delivery'))
      .limit(limit)
      .execute(),
  forget: async (delivery, attempt) =>
    void (await db.deleteFrom('stop_act').where('delivery', '=', delivery).where('attempt', '=', attempt).execute()),
  position: (home) => db.selectFrom('home_position').selectAll().where('home', '=', home).executeTakeFirst(),
  putPosition: async (position) => {
    const { home: _, ...fields } = position;
    const insert = db.insertInto('home_position').values(position);
    await insert.onConflict((clash) => clash.column('home').doUpdateSet(fields)).execute();
  },
  removePosition: async (home) => void (await db.deleteFrom('home_position').where('home', '=', home).execute()),
});
