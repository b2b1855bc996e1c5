/** How each owner device wants to be told. */
import type { Kysely, Updateable } from 'kysely';
import type { Row, Schema } from './schema.ts';

export interface NoticeDevices {
  find(home: string, jkt: string): Promise<Row<'notice_device'> | undefined>;
  ofHome(home: string): Promise<Row<'notice_device'>[]>;
  /** Adds a device, or puts it in the place of what was known of it. */
  put(device: Row<'notice_device'>): Promise<void>;
  change(home: string, jkt: string, fields: Omit<Updateable<Schema['notice_device']>, 'home' | 'jkt'>): Promise<void>;
  /** Ends pushing to an address that is gone, unless the device has another one by now. */
  dropPush(home: string, jkt: string, endpoint: string): Promise<void>;
}

export const noticeDevicesOn = (db: Kysely<Schema>): NoticeDevices => ({
  find: (home, jkt) =>
    db.selectFrom('notice_device').selectAll().where('home', '=', home).where('jkt', '=', jkt).executeTakeFirst(),
  ofHome: (home) => db.selectFrom('notice_device').selectAll().where('home', '=', home).orderBy('jkt').execute(),
  put: async (device) =>
    void (await db
      .insertInto('notice_device')
      .values(device)
      .onConflict((clash) => clash.columns(['home', 'jkt']).doUpdateSet(device))
      .execute()),
  change: async (home, jkt, fields) =>
    void (await db.updateTable('notice_device').set(fields).where('home', '=', home).where('jkt', '=', jkt).execute()),
  dropPush: async (home, jkt, endpoint) =>
    void (await db
      .updateTable('notice_device')
      .set({ endpoint: null, p256dh: null, auth: null, failing: 'push' })
      .where('home', '=', home)
      .where('jkt', '=', jkt)
      .where('endpoint', '=', endpoint)
      .execute()),
});
