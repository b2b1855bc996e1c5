/** Hubs and their doors. */
import type { Kysely, Updateable } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Hubs {
  add(hub: NewRow<'hub'>): Promise<void>;
  find(id: string): Promise<Row<'hub'> | undefined>;
  ofHome(home: string): Promise<Row<'hub'> | undefined>;
  all(): Promise<Row<'hub'>[]>;
  change(id: string, fields: Omit<Updateable<Schema['hub']>, 'id' | 'home' | 'sign_jwk'>): Promise<void>;
  readonly doors: Doors;
}

export interface Doors {
  find(id: string): Promise<Row<'door'> | undefined>;
  ofHub(hub: string): Promise<Row<'door'>[]>;
  /** Adds a door or brings it up to date; a door of another hub stays as it is. @returns false for a door of another hub */
  announce(id: string, hub: string, facts: string): Promise<boolean>;
  /** Marks the doors of a hub that it announces no more. */
  keepOnly(hub: string, ids: readonly string[]): Promise<void>;
}

export const hubsOn = (db: Kysely<Schema>): Hubs => ({
  add: async (hub) => void (await db.insertInto('hub').values(hub).execute()),
  find: (id) => db.selectFrom('hub').selectAll().where('id', '=', id).executeTakeFirst(),
  ofHome: (home) => db.selectFrom('hub').selectAll().where('home', '=', home).executeTakeFirst(),
  all: () => db.selectFrom('hub').selectAll().orderBy('id').execute(),
  change: async (id, fields) => void (await db.updateTable('hub').set(fields).where('id', '=', id).execute()),
  doors: {
    find: (id) => db.selectFrom('door').selectAll().where('id', '=', id).executeTakeFirst(),
    ofHub: (hub) =>
      db.selectFrom('door').selectAll().where('hub', '=', hub).where('present', '=', 1).orderBy('id').execute(),
    announce: async (id, hub, facts) => {
      await db
        .insertInto('door')
        .values({ id, hub, facts, present: 1 })
        .onConflict((clash) => clash.column('id').doUpdateSet({ facts, present: 1 }).where('door.hub', '=', hub))
        .execute();
      const door = await db.selectFrom('door').select('hub').where('id', '=', id).executeTakeFirst();
      return door?.hub === hub;
    },
    keepOnly: async (hub, ids) => {
      const gone = db.updateTable('door').set({ present: 0 }).where('hub', '=', hub);
      await (ids.length === 0 ? gone : gone.where('id', 'not in', ids)).execute();
    },
  },
});
