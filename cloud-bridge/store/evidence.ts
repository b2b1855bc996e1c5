/** What receipts of stops hang on, and which of them still lack something. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface EvidenceRows {
  /** Closed, and without a receipt; oldest first. */
  unsigned(limit: number): Promise<Row<'attempt'>[]>;
  /** With a receipt that the hub has not sealed; oldest first. */
  unsealed(hub: string, limit: number): Promise<Row<'attempt'>[]>;
  /** Hubs of such. */
  hubsToAsk(limit: number): Promise<string[]>;
  keepSets(hash: string, text: string): Promise<void>;
  sets(hash: string): Promise<string | undefined>;
}

export const evidenceOn = (db: Kysely<Schema>): EvidenceRows => ({
  unsigned: (limit) =>
    db
      .selectFrom('attempt')
      .selectAll()
      .where('state', '=', 'closed')
      .where('receipt', 'is', null)
      .orderBy('closed_at')
      .limit(limit)
      .execute(),
  unsealed: (hub, limit) =>
    db
      .selectFrom('attempt')
      .innerJoin('delivery', 'delivery.id', 'attempt.delivery')
      .selectAll('attempt')
      .where('delivery.hub', '=', hub)
      .where('attempt.state', '=', 'closed')
      .where('attempt.receipt', 'is not', null)
      .where('attempt.seal', 'is', null)
      .orderBy('attempt.closed_at')
      .limit(limit)
      .execute(),
  hubsToAsk: async (limit) => {
    const rows = await db
      .selectFrom('attempt')
      .innerJoin('delivery', 'delivery.id', 'attempt.delivery')
      .select('delivery.hub')
      .distinct()
      .where('attempt.state', '=', 'closed')
      .where('attempt.receipt', 'is not', null)
      .where('attempt.seal', 'is', null)
      .limit(limit)
      .execute();
    return rows.map(({ hub }) => hub);
  },
  keepSets: async (hash, text) =>
    void (await db
      .insertInto('evidence_sets')
      .values({ hash, text })
      .onConflict((clash) => clash.column('hash').doNothing())
      .execute()),
  sets: async (hash) =>
    (await db.selectFrom('evidence_sets').select('text').where('hash', '=', hash).executeTakeFirst())?.text,
});
