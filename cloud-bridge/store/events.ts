/** Events for owners and carriers, numbered for each party, stored with what caused them. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface NewEvent {
  /** `home:<id>` or `carrier:<id>`. */
  readonly party: string;
  readonly type: string;
  readonly data: object;
  readonly at: number;
}

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
      for (const { party, type, data, at } of events) {
        const seq = (next.get(party) ?? (await last(party))) + 1;
        next.set(party, seq);
        rows.push({ party, seq, type, data: JSON.stringify(data), at });
      }
      if (rows.length > 0) await db.insertInto('event').values(rows).execute();
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
