/** Which device is logged in to which account: one row a device key. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Sessions {
  /** Opens one for this device key, in place of any that it had. */
  open(session: Omit<NewRow<'session'>, 'ended_at'>): Promise<void>;
  /** The session of this device key while it lives. */
  living(jkt: string): Promise<Row<'session'> | undefined>;
  /** Those that live, the oldest first. */
  of(account: string): Promise<Row<'session'>[]>;
  seen(jkt: string, at: number): Promise<void>;
  /** Ends those of these device keys. */
  end(jkts: readonly string[], at: number): Promise<void>;
}

export const sessionsOn = (db: Kysely<Schema>): Sessions => ({
  open: async (session) => {
    const row = { ...session, ended_at: null };
    await db
      .insertInto('session')
      .values(row)
      .onConflict((clash) => clash.column('jkt').doUpdateSet(row))
      .execute();
  },
  living: (jkt) =>
    db.selectFrom('session').selectAll().where('jkt', '=', jkt).where('ended_at', 'is', null).executeTakeFirst(),
  of: (account) =>
    db
      .selectFrom('session')
      .selectAll()
      .where('account', '=', account)
      .where('ended_at', 'is', null)
      .orderBy('created_at')
      .orderBy('jkt')
      .execute(),
  seen: async (jkt, at) => void (await db.updateTable('session').set({ seen_at: at }).where('jkt', '=', jkt).execute()),
  end: async (jkts, at) => {
    if (jkts.length === 0) return;
    await db
      .updateTable('session')
      .set({ ended_at: at })
      .where('jkt', 'in', [...jkts])
      .execute();
  },
});
