/** Challenges that passkeys are to sign: one a device key, used up when it is answered. */
import type { Kysely } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface Challenges {
  /** In place of the one that this device key had. */
  put(challenge: NewRow<'challenge'>): Promise<void>;
  /** Takes it away. @returns undefined for none, for another purpose, and when its time is over */
  take(jkt: string, purpose: Row<'challenge'>['purpose'], now: number): Promise<Row<'challenge'> | undefined>;
  dropBefore(now: number): Promise<void>;
}

export const challengesOn = (db: Kysely<Schema>): Challenges => ({
  put: async (challenge) =>
    void (await db
      .insertInto('challenge')
      .values(challenge)
      .onConflict((clash) => clash.column('jkt').doUpdateSet(challenge))
      .execute()),
  take: async (jkt, purpose, now) => {
    const found = await db.selectFrom('challenge').selectAll().where('jkt', '=', jkt).executeTakeFirst();
    await db.deleteFrom('challenge').where('jkt', '=', jkt).execute();
    return found !== undefined && found.purpose === purpose && found.until > now ? found : undefined;
  },
  dropBefore: async (now) => void (await db.deleteFrom('challenge').where('until', '<', now).execute()),
});
