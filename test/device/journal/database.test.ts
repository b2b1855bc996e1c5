import { join } from 'node:path';
import t from 'tap';
import { Database } from '../../../device/journal/database.ts';
import { migrations } from '../../../device/journal/migrations/all.ts';
import { Fault } from '../../../wire/faults.ts';
import { makeFolder } from './made.ts';

t.test('each commit is synchronous=FULL on a write-ahead log, on every connection', async (t) => {
  const path = join(makeFolder(t), 'journal.db');
  for (const _ of ['new file', 'old file']) {
    const database = new Database(path, () => undefined);
    const read = <Row>(pragma: string): Row | undefined => database.read((sql) => sql.get<Row>(`PRAGMA ${pragma}`));
    t.same(read('synchronous'), { synchronous: 2 });
    t.same(read('journal_mode'), { journal_mode: 'wal' });
    t.same(read('user_version'), { user_version: migrations.length });
    database.close();
  }
});

t.test('work that throws leaves nothing, and what it threw comes through', async (t) => {
  const database = new Database(join(makeFolder(t), 'journal.db'), () => undefined);
  t.teardown(() => database.close());
  const insert = "INSERT INTO number (name, value) VALUES ('mark', 1)";
  const failing = (): void =>
    database.write((sql) => {
      sql.run(insert);
      throw new Fault('RULE_MISSING');
    });
  t.throws(failing, { code: 'RULE_MISSING' });
  t.same(
    database.read((sql) => sql.all('SELECT * FROM number')),
    [],
  );
  database.write((sql) => sql.run(insert));
  t.throws(() => database.write((sql) => sql.run(insert)), {
    code: 'JOURNAL_UNAVAILABLE',
    detail: { sqlite: /CONSTRAINT/ },
  });
  t.equal(database.read((sql) => sql.all('SELECT * FROM number')).length, 1);
});

t.test('a file of newer software is left alone', async (t) => {
  const path = join(makeFolder(t), 'journal.db');
  const newer = new Database(path, () => undefined);
  newer.read((sql) => sql.run(`PRAGMA user_version = ${migrations.length + 1}`));
  newer.close();
  const database = new Database(path, () => undefined);
  t.throws(() => database.read(() => undefined), { code: 'JOURNAL_UNAVAILABLE', detail: { why: /newer/ } });
});
