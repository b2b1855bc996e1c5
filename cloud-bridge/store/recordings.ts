/** The index of recordings: what their files hold, and which of them are gone. */
import type { Kysely, Updateable } from 'kysely';
import type { NewRow, Row, Schema } from './schema.ts';

export interface RecordingFilter {
  readonly door?: string | undefined;
  readonly visit?: string | undefined;
  /** The last of the page before. */
  readonly after?: { readonly startedAt: number; readonly stream: string } | undefined;
  readonly limit: number;
}

export interface RecordingIndex {
  add(recording: NewRow<'recording'>): Promise<void>;
  find(stream: string): Promise<Row<'recording'> | undefined>;
  change(
    stream: string,
    fields: Omit<Updateable<Schema['recording']>, 'stream' | 'hub' | 'home' | 'key_hash'>,
  ): Promise<void>;
  /** Not deleted, newest first. */
  ofHome(home: string, filter: RecordingFilter): Promise<Row<'recording'>[]>;
  /** Bytes of all that are not deleted. */
  bytesOfHome(home: string): Promise<number>;
  /** Hubs that have any. */
  hubs(): Promise<string[]>;
  /** Nothing came for them since then, oldest first. @param except  visits that stay */
  quietSince(hub: string, at: number, except: readonly string[], limit: number): Promise<Row<'recording'>[]>;
  /** Of hubs that have no owner device, or that are gone. */
  ownerless(limit: number): Promise<Row<'recording'>[]>;
  /** Begun to be deleted, and not done. */
  halfDeleted(): Promise<Row<'recording'>[]>;
}

export const recordingsOn = (db: Kysely<Schema>): RecordingIndex => {
  const all = db.selectFrom('recording').selectAll('recording');
  const kept = all.where('recording.deleted_at', 'is', null).where('recording.deleting_at', 'is', null);
  return {
    add: async (recording) => void (await db.insertInto('recording').values(recording).execute()),
    find: (stream) => all.where('stream', '=', stream).executeTakeFirst(),
    change: async (stream, fields) =>
      void (await db.updateTable('recording').set(fields).where('stream', '=', stream).execute()),
    ofHome: (home, { door, visit, after, limit }) =>
      kept
        .where('home', '=', home)
        .$if(door !== undefined, (query) => query.where('door', '=', door!))
        .$if(visit !== undefined, (query) => query.where('visit', '=', visit!))
        .$if(after !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('started_at', '<', after!.startedAt),
              eb.and([eb('started_at', '=', after!.startedAt), eb('stream', '<', after!.stream)]),
            ]),
          ),
        )
        .orderBy('started_at', 'desc')
        .orderBy('stream', 'desc')
        .limit(limit)
        .execute(),
    bytesOfHome: async (home) => {
      const row = await db
        .selectFrom('recording')
        .select((eb) => eb.fn.sum('bytes').as('bytes'))
        .where('home', '=', home)
        .where('deleted_at', 'is', null)
        .executeTakeFirst();
      return Number(row?.bytes ?? 0);
    },
    hubs: async () => {
      const rows = await db.selectFrom('recording').select('hub').distinct().where('deleted_at', 'is', null).execute();
      return rows.map(({ hub }) => hub);
    },
    quietSince: (hub, at, except, limit) =>
      kept
        .where('hub', '=', hub)
        .where('last_at', '<', at)
        .$if(except.length > 0, (query) =>
          query.where((eb) => eb.or([eb('visit', 'is', null), eb('visit', 'not in', [...except])])),
        )
        .orderBy('last_at')
        .limit(limit)
        .execute(),
    ownerless: (limit) =>
      kept
        .leftJoin('hub', 'hub.id', 'recording.hub')
        .where('hub.owner_list', 'is', null)
        .orderBy('recording.last_at')
        .limit(limit)
        .execute(),
    halfDeleted: () =>
      all.where('recording.deleting_at', 'is not', null).where('recording.deleted_at', 'is', null).execute(),
  };
};
