/** The standing wishes of homes. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface WishBooks {
  find(home: string): Promise<Row<'wish_book'> | undefined>;
  /** Replaces it. */
  put(book: NewRow<'wish_book'>): Promise<void>;
}

export const wishBooksOn = (db: Kysely<Schema>): WishBooks => ({
  find: (home) => db.selectFrom('wish_book').selectAll().where('home', '=', home).executeTakeFirst(),
  put: async (book) => {
    await db.deleteFrom('wish_book').where('home', '=', book.home).execute();
    await db.insertInto('wish_book').values(book).execute();
  },
});
