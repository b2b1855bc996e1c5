/** How far each home's events have been turned into notices: the durable mark that makes each event told, and told once. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface NoticeFeeds {
  /** Homes with events that were not looked at yet. */
  behind(limit: number): Promise<string[]>;
  find(home: string): Promise<Row<'notice_feed'> | undefined>;
  /** @param told  number of the last event that was looked at */
  advance(home: string, told: number): Promise<void>;
}

const prefix = 'home:';

/** Notes, with the events themselves, that a home has new ones of which somebody is told. @param before  number of its newest event until now */
export async function growFeed(db: Kysely<Schema>, party: string, before: number, last: number): Promise<void> {
  if (!party.startsWith(prefix)) return;
  await db
    .insertInto('notice_feed')
    .values({ home: party.slice(prefix.length), told: before, last })
    .onConflict((clash) => clash.column('home').doUpdateSet({ last }))
    .execute();
}

export const noticeFeedsOn = (db: Kysely<Schema>): NoticeFeeds => ({
  behind: async (limit) => {
    const rows = await db.selectFrom('notice_feed').select('home').whereRef('told', '<', 'last').limit(limit).execute();
    return rows.map(({ home }) => home);
  },
  find: (home) => db.selectFrom('notice_feed').selectAll().where('home', '=', home).executeTakeFirst(),
  advance: async (home, told) =>
    void (await db.updateTable('notice_feed').set({ told }).where('home', '=', home).execute()),
});
