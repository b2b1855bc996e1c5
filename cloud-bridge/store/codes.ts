/** What the check of a hand-over code reads and counts. No digits. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

/** Whose wrong entries are counted. */
export type TriesBy = 'home' | 'jkt' | 'courier';

const soonMs = 2 * 86_400_000;
const mostOpen = 50;

export interface Codes {
  /** Of all deliveries of one order that are for one day. */
  attemptsOfOrder(
    of: Pick<Row<'attempt'>, 'carrier' | 'home' | 'day'> & { readonly order: string },
  ): Promise<Row<'attempt'>[]>;
  /** Deliveries of a home whose running attempt is still open, soonest first. */
  openOf(home: string, now: number): Promise<Row<'delivery'>[]>;
  /** Deliveries that ask for a code which was not told for the day that they are planned for; those of the near days first. */
  untold(states: readonly string[], now: number, limit: number): Promise<Row<'delivery'>[]>;
  /** Counts a wrong entry, for the attempt and for everybody whom it is counted against. */
  addTry(wrong: NewRow<'code_try'>): Promise<void>;
  /** When somebody was wrong since then, newest first. @param since  ms. @param most  no more are of interest */
  triesSince(by: TriesBy, id: string, since: number, most: number): Promise<number[]>;
  dropTriesBefore(at: number): Promise<void>;
}

export const codesOn = (db: Kysely<Schema>): Codes => ({
  attemptsOfOrder: ({ carrier, home, day, order }) =>
    db
      .selectFrom('attempt')
      .innerJoin('delivery', 'delivery.id', 'attempt.delivery')
      .selectAll('attempt')
      .where('delivery.home', '=', home)
      .where('delivery.order_ref', '=', order)
      .where('delivery.carrier', '=', carrier)
      .where('attempt.day', '=', day)
      .orderBy('attempt.delivery')
      .orderBy('attempt.number')
      .execute(),
  openOf: (home, now) =>
    db
      .selectFrom('delivery')
      .innerJoin('attempt', (join) =>
        join.onRef('attempt.delivery', '=', 'delivery.id').onRef('attempt.number', '=', 'delivery.attempt'),
      )
      .selectAll('delivery')
      .where('attempt.home', '=', home)
      .where('attempt.state', 'in', ['expected', 'here'])
      .where('attempt.dies_at', '>', now)
      .orderBy('attempt.dies_at')
      .orderBy('delivery.id')
      .limit(mostOpen)
      .execute(),
  untold: (states, now, limit) =>
    db
      .selectFrom('attempt')
      .innerJoin('delivery', (join) =>
        join.onRef('delivery.id', '=', 'attempt.delivery').onRef('delivery.attempt', '=', 'attempt.number'),
      )
      .selectAll('delivery')
      .where('attempt.state', 'in', [...states])
      .where('attempt.dies_at', '>', now)
      .where((eb) => eb.or([eb('attempt.told_day', 'is', null), eb('attempt.told_day', '!=', eb.ref('attempt.day'))]))
      .where((eb) =>
        eb.or([
          eb('attempt.state', '=', 'here'),
          eb('attempt.dies_at', '<', now + soonMs),
          eb('delivery.on_the_way_at', 'is not', null),
        ]),
      )
      .where((eb) =>
        eb.or([
          eb('delivery.plan', 'like', '%"code":true%'),
          eb('delivery.plan', 'like', '%"neighbour"%'),
          eb.exists(eb.selectFrom('holder').select('holder.id').whereRef('holder.delivery', '=', 'delivery.id')),
        ]),
      )
      .orderBy('attempt.dies_at')
      .limit(limit)
      .execute(),
  addTry: async (wrong) => {
    await db.insertInto('code_try').values(wrong).execute();
    await db
      .updateTable('attempt')
      .set((eb) => ({ tries: eb('tries', '+', 1) }))
      .where('delivery', '=', wrong.delivery)
      .where('number', '=', wrong.attempt)
      .execute();
  },
  triesSince: async (by, id, since, most) => {
    const rows = await db
      .selectFrom('code_try')
      .select('at')
      .where(by, '=', id)
      .where('at', '>', since)
      .orderBy('at', 'desc')
      .limit(most)
      .execute();
    return rows.map(({ at }) => at);
  },
  dropTriesBefore: async (at) => void (await db.deleteFrom('code_try').where('at', '<', at).execute()),
});
