/** Recordings: the index of the files that hold sealed pictures. */
import type { Kysely, Migration } from 'kysely';

const texts = ['stream', 'hub', 'home', 'door', 'key_hash', 'ranges'] as const;
const numbers = ['started_at', 'last_at', 'frames', 'late', 'last_seq', 'bytes'] as const;
const absent = ['ended_at', 'end_seq', 'deleting_at', 'deleted_at'] as const;

export const recordings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let create = db.schema.createTable('recording').addPrimaryKeyConstraint('recording_key', ['stream'] as never);
    for (const name of texts) create = create.addColumn(name, 'text', (column) => column.notNull());
    create = create.addColumn('visit', 'text');
    for (const name of numbers) create = create.addColumn(name, 'bigint', (column) => column.notNull());
    for (const name of absent) create = create.addColumn(name, 'bigint');
    await create.execute();
    const index = (name: string, columns: string[]) =>
      db.schema.createIndex(name).on('recording').columns(columns).execute();
    await index('recording_by_home', ['home', 'started_at']);
    await index('recording_by_hub', ['hub', 'last_at']);
  },
};
