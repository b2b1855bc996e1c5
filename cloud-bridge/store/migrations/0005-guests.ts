/** Guests. A grant may be a guest's, which rests on no delivery and no assignment; a visit names the grant that it stands on. */
import type { Kysely, Migration } from 'kysely';

const guestTexts = ['id', 'home', 'hub', 'token', 'state'] as const;
const guestTimes = ['expires_at', 'created_at'] as const;

const grantTexts = ['jti', 'hub', 'task', 'jkt', 'hash', 'text', 'state'] as const;
const grantMaybe = ['delivery', 'assignment', 'approval'] as const;

/** A column that may be empty is a new table: portable SQL changes no column. */
async function widenGrants(db: Kysely<unknown>): Promise<void> {
  let create = db.schema.createTable('grant_wide').addPrimaryKeyConstraint('grant_wide_key', ['jti'] as never);
  for (const name of grantTexts) create = create.addColumn(name, 'text', (column) => column.notNull());
  for (const name of [...grantMaybe, 'guest', 'rule']) create = create.addColumn(name, 'text');
  create = create.addColumn('exp_s', 'bigint', (column) => column.notNull());
  await create.addUniqueConstraint('grant_wide_unique', ['hash'] as never).execute();
  const columns = [...grantTexts, ...grantMaybe, 'exp_s'] as const;
  const some = db as Kysely<Record<string, Record<string, unknown>>>;
  await some
    .insertInto('grant_wide')
    .columns([...columns])
    .expression(some.selectFrom('grant_issued').select([...columns]))
    .execute();
  await db.schema.dropTable('grant_issued').execute();
  await db.schema.alterTable('grant_wide').renameTo('grant_issued').execute();
  const index = (...on: readonly string[]) =>
    db.schema
      .createIndex(`grant_wide_by_${on.join('_')}`)
      .on('grant_issued')
      .columns([...on])
      .execute();
  await index('hub', 'state');
  await index('task');
  await index('guest');
}

export const guests: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    let create = db.schema.createTable('guest').addPrimaryKeyConstraint('guest_key', ['id'] as never);
    for (const name of guestTexts) create = create.addColumn(name, 'text', (column) => column.notNull());
    for (const name of ['jkt', 'proof']) create = create.addColumn(name, 'text');
    for (const name of guestTimes) create = create.addColumn(name, 'bigint', (column) => column.notNull());
    create = create.addColumn('ended_at', 'bigint');
    await create.addUniqueConstraint('guest_unique', ['token'] as never).execute();
    await db.schema.createIndex('guest_by_home').on('guest').columns(['home', 'created_at']).execute();
    await widenGrants(db);
    await db.schema.alterTable('visit').addColumn('jti', 'text').execute();
    await db.schema.createIndex('visit_by_jti').on('visit').column('jti').execute();
  },
};
