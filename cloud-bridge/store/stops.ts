/** What was done at stops, in order, and where homes are. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Stops {
  /** @returns its number: 1, 2, 3 … in each attempt */
  addAct(act: Omit<NewRow<'stop_act'>, 'seq'>): Promise<number>;
  /** What a signed act was answered: it counted, and was refused. */
  keepAnswer(delivery: string, attempt: number, jti: string, refused: string): Promise<void>;
  actByJti(delivery: string, attempt: number, jti: string): Promise<Row<'stop_act'> | undefined>;
  /** In order. */
  acts(delivery: string, attempt: number): Promise<Row<'stop_act'>[]>;
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
  position: (home) => db.selectFrom('home_position').selectAll().where('home', '=', home).executeTakeFirst(),
  putPosition: async (position) => {
    const { home: _, ...fields } = position;
    const insert = db.insertInto('home_position').values(position);
    await insert.onConflict((clash) => clash.column('home').doUpdateSet(fields)).execute();
  },
  removePosition: async (home) => void (await db.deleteFrom('home_position').where('home', '=', home).execute()),
});
