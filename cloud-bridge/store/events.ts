/** Events for owners and carriers, numbered for each party, stored with what caused them. */
import type { Kysely } from 'kysely';
import type { NewEvent } from '../events/tell.ts';
import { growFeed } from './notice-feeds.ts';
import type { Row, Schema } from './schema.ts';
import { queueWebhooks } from './webhooks.ts';

export interface Events {
  add(events: readonly NewEvent[]): Promise<void>;
  after(party: string, after: number, limit: number): Promise<Row<'event'>[]>;
  /** Number of the newest event, 0 for none. */
  last(party: string): Promise<number>;
}

/** @param grown  told whose stream grew */
export const eventsOn = (db: Kysely<Schema>, grown: (party: string) => void): Events => {
  const last: Events['last'] = async (party) => {
    const row = await db
      .selectFrom('event')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .where('party', '=', party)
      .executeTakeFirst();
    return Number(row?.seq ?? 0);
  };
  return {
    last,
    add: async (events) => {
      const next = new Map<string, number>();
      const rows: Row<'event'>[] = [];
      const before = new Map<string, number>();
      const told = new Map<string, number>();
      for (const { party, type, data, at, untold } of events) {
        const newest = next.get(party) ?? (await last(party));
        if (!before.has(party)) before.set(party, newest);
        const seq = newest + 1;
        next.set(party, seq);
        if (untold !== true) told.set(party, seq);
        rows.push({ party, seq, type, data: JSON.stringify(data), at });
      }
      if (rows.length > 0) await db.insertInto('event').values(rows).execute();
      await queueWebhooks(db, rows);
      for (const [party, seq] of told) await growFeed(db, party, before.get(party) ?? 0, seq);
      for (const party of next.keys()) grown(party);
    },
    after: (party, after, limit) =>
      db
        .selectFrom('event')
        .selectAll()
        .where('party', '=', party)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute(),
  };
};
