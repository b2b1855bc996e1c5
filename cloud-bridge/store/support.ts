/** Support staff, cases, looks and shared pictures. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface SupportStaff {
  add(staff: Row<'support_staff'>): Promise<void>;
  find(id: string): Promise<Row<'support_staff'> | undefined>;
  /** One that works here still. */
  byToken(hash: string): Promise<Row<'support_staff'> | undefined>;
  all(): Promise<Row<'support_staff'>[]>;
  setSeal(id: string, jwk: string): Promise<void>;
  end(id: string, at: number): Promise<void>;
}

export interface SupportCases {
  add(one: Row<'support_case'>): Promise<void>;
  find(id: string): Promise<Row<'support_case'> | undefined>;
  ofHome(home: string, limit: number): Promise<Row<'support_case'>[]>;
  open(limit: number): Promise<Row<'support_case'>[]>;
  close(id: string, at: number): Promise<void>;
  look(look: Row<'support_look'>): Promise<void>;
  /** Newest first. */
  looks(of: string): Promise<Row<'support_look'>[]>;
}

export interface CasePictures {
  add(picture: Row<'case_picture'>): Promise<void>;
  find(id: string): Promise<Row<'case_picture'> | undefined>;
  /** Without what is sealed. */
  ofCase(of: string, now: number): Promise<Omit<Row<'case_picture'>, 'sealed'>[]>;
  /** Shared with this one, in open cases of a delivery; without what is sealed. */
  ofDelivery(delivery: string, staff: string, now: number): Promise<Omit<Row<'case_picture'>, 'sealed'>[]>;
  drop(id: string): Promise<void>;
  dropOfCase(of: string): Promise<void>;
  dropBefore(at: number): Promise<void>;
}

export const supportStaffOn = (db: Kysely<Schema>): SupportStaff => ({
  add: async (staff) => void (await db.insertInto('support_staff').values(staff).execute()),
  find: (id) => db.selectFrom('support_staff').selectAll().where('id', '=', id).executeTakeFirst(),
  byToken: (hash) =>
    db
      .selectFrom('support_staff')
      .selectAll()
      .where('token', '=', hash)
      .where('ended_at', 'is', null)
      .executeTakeFirst(),
  all: () => db.selectFrom('support_staff').selectAll().orderBy('created_at').execute(),
  setSeal: async (id, seal) =>
    void (await db.updateTable('support_staff').set({ seal }).where('id', '=', id).execute()),
  end: async (id, at) =>
    void (await db.updateTable('support_staff').set({ ended_at: at, seal: null }).where('id', '=', id).execute()),
});

export const supportCasesOn = (db: Kysely<Schema>): SupportCases => {
  const all = db.selectFrom('support_case').selectAll();
  return {
    add: async (one) => void (await db.insertInto('support_case').values(one).execute()),
    find: (id) => all.where('id', '=', id).executeTakeFirst(),
    ofHome: (home, limit) => all.where('home', '=', home).orderBy('opened_at', 'desc').limit(limit).execute(),
    open: (limit) => all.where('closed_at', 'is', null).orderBy('opened_at').limit(limit).execute(),
    close: async (id, at) =>
      void (await db.updateTable('support_case').set({ closed_at: at }).where('id', '=', id).execute()),
    look: async (look) => void (await db.insertInto('support_look').values(look).execute()),
    looks: (of) =>
      db
        .selectFrom('support_look')
        .selectAll()
        .where('of_case', '=', of)
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(500)
        .execute(),
  };
};

export const casePicturesOn = (db: Kysely<Schema>): CasePictures => ({
  add: async (picture) => void (await db.insertInto('case_picture').values(picture).execute()),
  find: (id) => db.selectFrom('case_picture').selectAll().where('id', '=', id).executeTakeFirst(),
  ofCase: (of, now) =>
    db
      .selectFrom('case_picture')
      .select(['id', 'of_case', 'staff', 'at', 'until_at'])
      .where('of_case', '=', of)
      .where('until_at', '>', now)
      .orderBy('at')
      .execute(),
  ofDelivery: (delivery, staff, now) =>
    db
      .selectFrom('case_picture')
      .innerJoin('support_case', 'support_case.id', 'case_picture.of_case')
      .select(['case_picture.id', 'of_case', 'staff', 'at', 'until_at'])
      .where('support_case.delivery', '=', delivery)
      .where('support_case.closed_at', 'is', null)
      .where('staff', '=', staff)
      .where('until_at', '>', now)
      .orderBy('at')
      .execute(),
  drop: async (id) => void (await db.deleteFrom('case_picture').where('id', '=', id).execute()),
  dropOfCase: async (of) => void (await db.deleteFrom('case_picture').where('of_case', '=', of).execute()),
  dropBefore: async (at) => void (await db.deleteFrom('case_picture').where('until_at', '<=', at).execute()),
});
