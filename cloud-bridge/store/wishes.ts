/** The standing wishes of homes, and who of the named neighbours may receive. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface WishBooks {
  find(home: string): Promise<Row<'wish_book'> | undefined>;
  /** Replaces it. */
  put(book: NewRow<'wish_book'>): Promise<void>;
  /** Ids of those who may receive for this home at this moment, ms, and for this delivery. */
  receivers(home: string, delivery: string | undefined, at: number): Promise<string[]>;
}

export const wishBooksOn = (db: Kysely<Schema>): WishBooks => ({
  find: (home) => db.selectFrom('wish_book').selectAll().where('home', '=', home).executeTakeFirst(),
  put: async (book) => {
    await db.deleteFrom('wish_book').where('home', '=', book.home).execute();
    await db.insertInto('wish_book').values(book).execute();
  },
  receivers: async (home, delivery, at) => {
    const rows = await db
      .selectFrom('holder')
      .select('id')
      .where('home', '=', home)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', at)]))
      .where((eb) => eb.or([eb('delivery', 'is', null), eb('delivery', '=', delivery ?? '')]))
      .execute();
    return rows.map(({ id }) => id);
  },
});
