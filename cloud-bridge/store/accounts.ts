/** Accounts of people, with the passkeys that they log in with. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Accounts {
  add(account: NewRow<'account'>): Promise<void>;
  passkey(id: string): Promise<Row<'passkey'> | undefined>;
  /** The oldest first. */
  passkeysOf(account: string): Promise<Row<'passkey'>[]>;
  /** @returns false when there is one with this id already */
  addPasskey(passkey: NewRow<'passkey'>): Promise<boolean>;
  usePasskey(id: string, counter: number, at: number): Promise<void>;
  removePasskey(id: string): Promise<void>;
}

export const accountsOn = (db: Kysely<Schema>): Accounts => ({
  add: async (account) => void (await db.insertInto('account').values(account).execute()),
  passkey: (id) => db.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst(),
  passkeysOf: (account) =>
    db.selectFrom('passkey').selectAll().where('account', '=', account).orderBy('created_at').orderBy('id').execute(),
  addPasskey: async (passkey) => {
    const added = await db
      .insertInto('passkey')
      .values(passkey)
      .onConflict((clash) => clash.column('id').doNothing())
      .executeTakeFirst();
    return added.numInsertedOrUpdatedRows === 1n;
  },
  usePasskey: async (id, counter, at) =>
    void (await db.updateTable('passkey').set({ counter, used_at: at }).where('id', '=', id).execute()),
  removePasskey: async (id) => void (await db.deleteFrom('passkey').where('id', '=', id).execute()),
});
