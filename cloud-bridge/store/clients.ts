/** What carriers prove themselves with: client secrets, and the access tokens that were given for them. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

/** Who holds an access token. */
export interface TokenHolder {
  readonly carrier: Row<'carrier'>;
  readonly scopes: readonly string[];
}

export interface Clients {
  addSecret(secret: Row<'client_secret'>): Promise<void>;
  /** The one that lives. */
  secret(hash: string): Promise<Row<'client_secret'> | undefined>;
  /** Those that live, oldest first. */
  secretsOf(carrier: string): Promise<Row<'client_secret'>[]>;
  useSecret(id: string, at: number): Promise<void>;
  /** Ends it with all tokens that it was asked for. */
  endSecret(id: string, at: number): Promise<void>;
  addToken(token: Row<'access_token'>): Promise<void>;
  /** Undefined for one that has expired or was ended. */
  holder(hash: string, now: number): Promise<TokenHolder | undefined>;
  dropTokensBefore(at: number): Promise<void>;
}

export const clientsOn = (db: Kysely<Schema>): Clients => ({
  addSecret: async (secret) => void (await db.insertInto('client_secret').values(secret).execute()),
  secret: (hash) =>
    db
      .selectFrom('client_secret')
      .selectAll()
      .where('hash', '=', hash)
      .where('ended_at', 'is', null)
      .executeTakeFirst(),
  secretsOf: (carrier) =>
    db
      .selectFrom('client_secret')
      .selectAll()
      .where('carrier', '=', carrier)
      .where('ended_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  useSecret: async (id, at) =>
    void (await db.updateTable('client_secret').set({ used_at: at }).where('id', '=', id).execute()),
  endSecret: async (id, at) => {
    await db.updateTable('client_secret').set({ ended_at: at }).where('id', '=', id).execute();
    await db.deleteFrom('access_token').where('secret', '=', id).execute();
  },
  addToken: async (token) => void (await db.insertInto('access_token').values(token).execute()),
  holder: async (hash, now) => {
    const row = await db
      .selectFrom('access_token')
      .innerJoin('carrier', 'carrier.id', 'access_token.carrier')
      .selectAll('carrier')
      .select('access_token.scope')
      .where('hash', '=', hash)
      .where('exp_at', '>', now)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { scope, ...carrier } = row;
    return { carrier, scopes: scope.split(' ') };
  },
  dropTokensBefore: async (at) => void (await db.deleteFrom('access_token').where('exp_at', '<=', at).execute()),
});
