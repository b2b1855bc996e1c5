import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import t from 'tap';
import { clientsOn } from '../../../cloud-bridge/store/clients.ts';
import { first } from '../../../cloud-bridge/store/migrations/0001-first.ts';
import { carrierApi } from '../../../cloud-bridge/store/migrations/0010-carrier-api.ts';
import { partiesOn } from '../../../cloud-bridge/store/parties.ts';
import type { Schema } from '../../../cloud-bridge/store/schema.ts';
import { hashOf } from '../../../wire/jws.ts';

t.test('the key of a carrier of before is its first client secret', async (t) => {
  const database = new Database(':memory:');
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  t.teardown(() => db.destroy());
  await first.up(db as Kysely<unknown>);
  const add = database.prepare('insert into carrier (id, name, jwk, api_key, created_at) values (?, ?, ?, ?, ?)');
  for (const name of ['a', 'b']) add.run(`carrier-${name}`, name, '{}', hashOf(`dwc_${name}`), 7);
  database.exec("insert into answer (caller, key, request, status, body, at) values ('x', 'y', 'z', 200, 's', 1)");
  await carrierApi.up(db as Kysely<unknown>);
  t.match(await clientsOn(db).secret(hashOf('dwc_b')), { carrier: 'carrier-b', created_at: 7, ended_at: null });
  t.match(await partiesOn(db).all(9), [
    { id: 'carrier-a', name: 'a', kind: 'carrier', sandbox: 0, created_at: 7 },
    { id: 'carrier-b', name: 'b' },
  ]);
  t.equal(
    database.prepare('select count(*) from answer').pluck().get(),
    0,
    'answers of before cannot be opened any more',
  );
});
