/** Grants that were issued, with the assignment and the approval that they rest on. A guest's rests on the pinned key. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Grants {
  add(grant: NewRow<'grant_issued'>): Promise<void>;
  find(jti: string): Promise<Row<'grant_issued'> | undefined>;
  byHash(hash: string): Promise<Row<'grant_issued'> | undefined>;
  /** Those of this link that are not revoked, in a steady order: a plan may lead to several doors, each with one. */
  ofTask(task: string): Promise<Row<'grant_issued'>[]>;
  /** All that were ever issued for it, those that were revoked, too; the last ones to end last. */
  ofDelivery(delivery: string): Promise<Row<'grant_issued'>[]>;
  /** Waiting for the owner and not over yet. */
  waiting(hub: string, nowS: number): Promise<Row<'grant_issued'>[]>;
  /** Of one whom the owner is asked about: the yes is given, and it is not over yet. */
  approved(hub: string, nowS: number): Promise<Row<'grant_issued'>[]>;
  approve(jti: string, approval: string): Promise<void>;
  revoke(jti: string): Promise<void>;
}

export const grantsOn = (db: Kysely<Schema>): Grants => ({
  add: async (grant) => void (await db.insertInto('grant_issued').values(grant).execute()),
  find: (jti) => db.selectFrom('grant_issued').selectAll().where('jti', '=', jti).executeTakeFirst(),
  byHash: (hash) => db.selectFrom('grant_issued').selectAll().where('hash', '=', hash).executeTakeFirst(),
  ofTask: (task) =>
    db
      .selectFrom('grant_issued')
      .selectAll()
      .where('task', '=', task)
      .where('state', '!=', 'revoked')
      .orderBy('exp_s')
      .orderBy('jti')
      .execute(),
  ofDelivery: (delivery) =>
    db
      .selectFrom('grant_issued')
      .selectAll()
      .where('delivery', '=', delivery)
      .orderBy('exp_s')
      .orderBy('jti')
      .execute(),
  waiting: (hub, nowS) =>
    db
      .selectFrom('grant_issued')
      .selectAll()
      .where('hub', '=', hub)
      .where('state', '=', 'waiting')
      .where('exp_s', '>', nowS)
      .orderBy('exp_s')
      .limit(100)
      .execute(),
  approved: (hub, nowS) =>
    db
      .selectFrom('grant_issued')
      .selectAll()
      .where('hub', '=', hub)
      .where('state', '=', 'ready')
      .where('approval', 'is not', null)
      .where('exp_s', '>', nowS)
      .orderBy('exp_s')
      .limit(100)
      .execute(),
  approve: async (jti, approval) =>
    void (await db
      .updateTable('grant_issued')
      .set({ approval, state: 'ready' })
      .where('jti', '=', jti)
      .where('state', '!=', 'revoked')
      .execute()),
  revoke: async (jti) =>
    void (await db.updateTable('grant_issued').set({ state: 'revoked' }).where('jti', '=', jti).execute()),
});
