/** Recovery codes by hub, and the recoveries that were asked for with them. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export type RecoveryState = Row<'recovery'>['state'];

export interface Recoveries {
  /** Keeps what a hub has pinned; an older pin changes nothing. */
  keepCode(code: Row<'recovery_code'>): Promise<void>;
  code(hub: string): Promise<Row<'recovery_code'> | undefined>;
  /** @param kid  thumbprint of a code's key */
  byKid(kid: string): Promise<Row<'recovery_code'> | undefined>;
  /** Adds one; one that is there stays as it is. */
  add(recovery: Row<'recovery'>): Promise<void>;
  find(id: string): Promise<Row<'recovery'> | undefined>;
  /** Newest first. */
  ofHub(hub: string, limit: number): Promise<Row<'recovery'>[]>;
  /** Changes one of this hub that has not ended. */
  change(hub: string, id: string, next: Partial<Pick<Row<'recovery'>, 'state' | 'until_at'>>): Promise<void>;
}

/** It may still come to a new device. */
export const isOpen = ({ state }: Pick<Row<'recovery'>, 'state'>): boolean => state === 'asked' || state === 'waiting';

export const recoveriesOn = (db: Kysely<Schema>): Recoveries => ({
  keepCode: async ({ hub, ...code }) => {
    await db
      .insertInto('recovery_code')
      .values({ hub, ...code })
      .onConflict((clash) => clash.column('hub').doUpdateSet(code).where('recovery_code.version', '<', code.version))
      .execute();
  },
  code: (hub) => db.selectFrom('recovery_code').selectAll().where('hub', '=', hub).executeTakeFirst(),
  byKid: (kid) => db.selectFrom('recovery_code').selectAll().where('kid', '=', kid).executeTakeFirst(),
  add: async (recovery) =>
    void (await db
      .insertInto('recovery')
      .values(recovery)
      .onConflict((clash) => clash.column('id').doNothing())
      .execute()),
  find: (id) => db.selectFrom('recovery').selectAll().where('id', '=', id).executeTakeFirst(),
  ofHub: (hub, limit) =>
    db
      .selectFrom('recovery')
      .selectAll()
      .where('hub', '=', hub)
      .orderBy('asked_at', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute(),
  change: async (hub, id, next) =>
    void (await db
      .updateTable('recovery')
      .set(next)
      .where('hub', '=', hub)
      .where('id', '=', id)
      .where('state', 'in', ['asked', 'waiting'])
      .execute()),
});
