/** The cloud's copy of each hub's journal, and what it refused of it. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Journals {
  append(entries: readonly NewRow<'journal'>[]): Promise<void>;
  /** @returns entries with sequence numbers above `after`, in order */
  after(hub: string, after: number, limit: number): Promise<Row<'journal'>[]>;
  hashAt(hub: string, seq: number): Promise<string | undefined>;
  ofVisit(hub: string, visit: string): Promise<Row<'journal'>[]>;
  /** The newest head that the hub has signed. */
  signedHead(hub: string): Promise<string | undefined>;
  keepHead(hub: string, text: string): Promise<void>;
  /** Records once what was refused, at most 100 for a hub. @returns true the first time */
  refuse(refusal: NewRow<'journal_refusal'>): Promise<boolean>;
}

const maxRefusals = 100;

export const journalsOn = (db: Kysely<Schema>): Journals => ({
  append: async (entries) => {
    if (entries.length > 0)
      await db
        .insertInto('journal')
        .values([...entries])
        .execute();
  },
  after: (hub, after, limit) =>
    db
      .selectFrom('journal')
      .selectAll()
      .where('hub', '=', hub)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute(),
  hashAt: async (hub, seq) =>
    (await db.selectFrom('journal').select('hash').where('hub', '=', hub).where('seq', '=', seq).executeTakeFirst())
      ?.hash,
  ofVisit: (hub, visit) =>
    db
      .selectFrom('journal')
      .selectAll()
      .where('hub', '=', hub)
      .where('visit', '=', visit)
      .orderBy('seq')
      .limit(500)
      .execute(),
  signedHead: async (hub) =>
    (await db.selectFrom('journal_head').select('text').where('hub', '=', hub).executeTakeFirst())?.text,
  keepHead: async (hub, text) => {
    await db.deleteFrom('journal_head').where('hub', '=', hub).execute();
    await db.insertInto('journal_head').values({ hub, text }).execute();
  },
  refuse: async (refusal) => {
    const known = await db
      .selectFrom('journal_refusal')
      .select(['code', 'seq', 'hash'])
      .where('hub', '=', refusal.hub)
      .execute();
    const same = known.some((one) => one.code === refusal.code && one.seq === refusal.seq && one.hash === refusal.hash);
    if (same || known.length >= maxRefusals) return false;
    await db.insertInto('journal_refusal').values(refusal).execute();
    return true;
  },
});
