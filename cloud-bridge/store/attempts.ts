/** Attempts of deliveries: one stop each. */
import type { Kysely, Updateable } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Attempts {
  add(attempt: NewRow<'attempt'>): Promise<void>;
  find(delivery: string, number: number): Promise<Row<'attempt'> | undefined>;
  /** All of a delivery, first to last. */
  ofDelivery(delivery: string): Promise<Row<'attempt'>[]>;
  /** The one that runs of each of the home's newest deliveries. */
  runningOf(home: string, limit: number): Promise<Row<'attempt'>[]>;
  /** Not closed although their day is over, oldest first. Those of which nobody wished anything live as long as their window. */
  over(now: number, limit: number): Promise<Row<'attempt'>[]>;
  change(
    delivery: string,
    number: number,
    fields: Omit<Updateable<Schema['attempt']>, 'delivery' | 'number' | 'home' | 'carrier' | 'created_at'>,
  ): Promise<void>;
}

export const attemptsOn = (db: Kysely<Schema>): Attempts => ({
  add: async (attempt) => void (await db.insertInto('attempt').values(attempt).execute()),
  find: (delivery, number) =>
    db
      .selectFrom('attempt')
      .selectAll()
      .where('delivery', '=', delivery)
      .where('number', '=', number)
      .executeTakeFirst(),
  ofDelivery: (delivery) =>
    db.selectFrom('attempt').selectAll().where('delivery', '=', delivery).orderBy('number').execute(),
  runningOf: (home, limit) =>
    db
      .selectFrom('attempt')
      .innerJoin('delivery', (join) =>
        join.onRef('delivery.id', '=', 'attempt.delivery').onRef('delivery.attempt', '=', 'attempt.number'),
      )
      .selectAll('attempt')
      .where('delivery.home', '=', home)
      .orderBy('delivery.created_at', 'desc')
      .orderBy('delivery.id')
      .limit(limit)
      .execute(),
  over: (now, limit) =>
    db
      .selectFrom('attempt')
      .innerJoin('delivery', 'delivery.id', 'attempt.delivery')
      .leftJoin('wish_book', 'wish_book.home', 'attempt.home')
      .selectAll('attempt')
      .where('attempt.state', '!=', 'closed')
      .where('attempt.dies_at', '<=', now)
      .where((eb) =>
        eb.or([
          eb('delivery.can', 'is not', null),
          eb('delivery.wishes', 'is not', null),
          eb('wish_book.home', 'is not', null),
          eb('delivery.until_s', '<=', Math.floor(now / 1000)),
        ]),
      )
      .orderBy('attempt.dies_at')
      .limit(limit)
      .execute(),
  change: async (delivery, number, fields) =>
    void (await db
      .updateTable('attempt')
      .set(fields)
      .where('delivery', '=', delivery)
      .where('number', '=', number)
      .execute()),
});
