/** What the check of a hand-over code reads and counts. No digits. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

/** Whose wrong entries are counted. */
export type TriesBy = 'home' | 'jkt' | 'courier' | 'delivery';

const soonMs = 2 * 86_400_000;
const mostOpen = 50;

export interface Codes {
  /** Of all deliveries of one order that are for one day. */
  attemptsOfOrder(
    of: Pick<Row<'attempt'>, 'carrier' | 'home' | 'day'> & { readonly order: string },
  ): Promise<Row<'attempt'>[]>;
  /** Deliveries of a home whose running attempt is still open, soonest first; those that end within two days. */
  openOf(home: string, now: number): Promise<Row<'delivery'>[]>;
  /** Counts a wrong entry, for the attempt and for everybody whom it is counted against. */
  addTry(wrong: NewRow<'code_try'>): Promise<void>;
  /** @param since  ms */
  triesSince(by: TriesBy, id: string, since: number): Promise<number>;
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
      .where('attempt.dies_at', '<', now + soonMs)
      .orderBy('attempt.dies_at')
      .orderBy('delivery.id')
      .limit(mostOpen)
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
  triesSince: async (by, id, since) => {
    const { tries } = await db
      .selectFrom('code_try')
      .select((eb) => eb.fn.countAll<number>().as('tries'))
      .where(by, '=', id)
      .where('at', '>', since)
      .executeTakeFirstOrThrow();
    return Number(tries);
  },
  dropTriesBefore: async (at) => void (await db.deleteFrom('code_try').where('at', '<', at).execute()),
});
