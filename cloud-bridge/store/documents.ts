/** Signed documents for a hub: kept until the hub has confirmed them, the newest rule book for as long as it counts. */
import type { Kysely } from 'kysely';
import type { Row, Schema } from './schema.ts';

export type NewDocument = Omit<Row<'document'>, 'seq' | 'settled'>;

export interface Documents {
  /** Adds a document; the same text again is the row that is there. */
  add(document: NewDocument): Promise<Row<'document'>>;
  /** The one with the highest version that the hub has not refused, among those that one of these keys has signed; of any key when left out. */
  newest(hub: string, typ: string, kids?: readonly string[]): Promise<Row<'document'> | undefined>;
  /** Not confirmed and not past its time, oldest first. */
  pending(hub: string, nowS: number, limit: number): Promise<Row<'document'>[]>;
  /** Is there a document of this type about this thing, not refused? */
  isAbout(hub: string, typ: string, about: string): Promise<boolean>;
  /** Has the hub confirmed one? */
  isConfirmed(hub: string, typ: string, about: string): Promise<boolean>;
  /** Those that the hub has not refused, highest version first. */
  fromNewest(hub: string, typ: string, limit: number): Promise<Row<'document'>[]>;
  /** Those about any of these things that the hub has not refused, oldest first. */
  about(hub: string, typ: string, things: readonly string[]): Promise<Row<'document'>[]>;
  /** @param settled  `taken`, or the code of the hub's refusal */
  settle(hub: string, seq: number, settled: string): Promise<void>;
}

export const documentsOn = (db: Kysely<Schema>): Documents => ({
  add: async (document) => {
    const same = await db
      .selectFrom('document')
      .selectAll()
      .where('hub', '=', document.hub)
      .where('hash', '=', document.hash)
      .executeTakeFirst();
    if (same !== undefined) return same;
    const last = await db
      .selectFrom('document')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .where('hub', '=', document.hub)
      .executeTakeFirst();
    const row = { ...document, seq: Number(last?.seq ?? 0) + 1, settled: null };
    await db.insertInto('document').values(row).execute();
    return row;
  },
  newest: async (hub, typ, kids) =>
    kids?.length === 0
      ? undefined
      : db
          .selectFrom('document')
          .selectAll()
          .where('hub', '=', hub)
          .where('typ', '=', typ)
          .$if(kids !== undefined, (query) => query.where('kid', 'in', kids ?? []))
          .where((eb) => eb.or([eb('settled', 'is', null), eb('settled', '=', 'taken')]))
          .orderBy('version', 'desc')
          .limit(1)
          .executeTakeFirst(),
  pending: (hub, nowS, limit) =>
    db
      .selectFrom('document')
      .selectAll()
      .where('hub', '=', hub)
      .where('settled', 'is', null)
      .where((eb) => eb.or([eb('exp_s', 'is', null), eb('exp_s', '>', nowS)]))
      .orderBy('seq')
      .limit(limit)
      .execute(),
  isAbout: async (hub, typ, about) => {
    const found = await db
      .selectFrom('document')
      .select('seq')
      .where('hub', '=', hub)
      .where('typ', '=', typ)
      .where('about', '=', about)
      .where((eb) => eb.or([eb('settled', 'is', null), eb('settled', '=', 'taken')]))
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  },
  isConfirmed: async (hub, typ, about) => {
    const found = await db
      .selectFrom('document')
      .select('seq')
      .where('hub', '=', hub)
      .where('typ', '=', typ)
      .where('about', '=', about)
      .where('settled', '=', 'taken')
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  },
  fromNewest: (hub, typ, limit) =>
    db
      .selectFrom('document')
      .selectAll()
      .where('hub', '=', hub)
      .where('typ', '=', typ)
      .where((eb) => eb.or([eb('settled', 'is', null), eb('settled', '=', 'taken')]))
      .orderBy('version', 'desc')
      .limit(limit)
      .execute(),
  about: async (hub, typ, things) =>
    things.length === 0
      ? []
      : db
          .selectFrom('document')
          .selectAll()
          .where('hub', '=', hub)
          .where('typ', '=', typ)
          .where('about', 'in', things)
          .where((eb) => eb.or([eb('settled', 'is', null), eb('settled', '=', 'taken')]))
          .orderBy('seq')
          .execute(),
  settle: async (hub, seq, settled) =>
    void (await db.updateTable('document').set({ settled }).where('hub', '=', hub).where('seq', '=', seq).execute()),
});
