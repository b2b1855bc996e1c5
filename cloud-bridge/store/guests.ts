/** Guests: who was invited to a home, by which link, with which device. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Guests {
  add(guest: NewRow<'guest'>): Promise<void>;
  find(id: string): Promise<Row<'guest'> | undefined>;
  /** @param token  hash of the link's token */
  byToken(token: string): Promise<Row<'guest'> | undefined>;
  /** Newest first. */
  ofHome(home: string, limit: number): Promise<Row<'guest'>[]>;
  claim(id: string, device: { readonly jkt: string; readonly proof: string }): Promise<void>;
  change(id: string, state: 'accepted' | 'dead'): Promise<void>;
  end(id: string, at: number): Promise<void>;
  /** Rule -> how many visits of this guest have opened a door, as far as the hub has told. */
  visitsOf(id: string): Promise<ReadonlyMap<string, number>>;
}

export const guestsOn = (db: Kysely<Schema>): Guests => ({
  add: async (guest) => void (await db.insertInto('guest').values(guest).execute()),
  find: (id) => db.selectFrom('guest').selectAll().where('id', '=', id).executeTakeFirst(),
  byToken: (token) => db.selectFrom('guest').selectAll().where('token', '=', token).executeTakeFirst(),
  ofHome: (home, limit) =>
    db
      .selectFrom('guest')
      .selectAll()
      .where('home', '=', home)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute(),
  claim: async (id, { jkt, proof }) =>
    void (await db.updateTable('guest').set({ state: 'claimed', jkt, proof }).where('id', '=', id).execute()),
  change: async (id, state) => void (await db.updateTable('guest').set({ state }).where('id', '=', id).execute()),
  end: async (id, at) =>
    void (await db.updateTable('guest').set({ state: 'ended', ended_at: at }).where('id', '=', id).execute()),
  visitsOf: async (id) => {
    const rows = await db
      .selectFrom('grant_issued')
      .innerJoin('visit', 'visit.jti', 'grant_issued.jti')
      .innerJoin('journal', (join) =>
        join.onRef('journal.visit', '=', 'visit.id').onRef('journal.hub', '=', 'visit.hub'),
      )
      .where('grant_issued.guest', '=', id)
      .where('journal.kind', '=', 'visit.unlock')
      .select((eb) => ['grant_issued.rule', eb.fn.count('visit.id').distinct().as('visits')])
      .groupBy('grant_issued.rule')
      .execute();
    return new Map(rows.map(({ rule, visits }) => [rule ?? '', Number(visits)]));
  },
});
