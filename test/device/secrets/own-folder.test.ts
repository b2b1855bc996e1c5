import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { bytes, storeIn, textOf } from './stores.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

t.test('a secret comes back as it was put, and goes when it is removed', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = storeIn(dir);
  t.equal(await secrets.get('sign-key'), undefined);
  t.equal(await secrets.keptBy(), undefined);
  t.notOk(existsSync(dir), 'looking makes nothing');
  await secrets.put('sign-key', bytes('one'));
  await secrets.put('sign-key', bytes('two'));
  await secrets.put('tls-key', bytes('three'));
  t.equal(await textOf(storeIn(dir), 'sign-key'), 'two');
  await secrets.remove('sign-key');
  await secrets.remove('sign-key');
  t.equal(await secrets.get('sign-key'), undefined);
  t.equal(await textOf(secrets, 'tls-key'), 'three');
  t.same(readdirSync(dir).sort(), ['key', 'sealed'], 'and leaves nothing else behind');
});

t.test('what is put at the same time is all kept', async (t) => {
  const secrets = storeIn(join(t.testdir({}), 'secrets'));
  const names = Array.from({ length: 12 }, (_, at) => `key-${at}`);
  await Promise.all(names.map((name) => secrets.put(name, bytes(name))));
  for (const name of names) t.equal(await textOf(secrets, name), name);
});

t.test('only the user of the hub may read: folder 0700, files 0600', async (t) => {
  const dir = join(t.testdir({}), 'deep', 'secrets');
  const mask = process.umask(0);
  t.teardown(() => process.umask(mask));
  await storeIn(dir).put('tls-key', bytes('one'));
  t.equal(modeOf(dir), 0o700);
  for (const name of ['sealed', 'key']) t.equal(modeOf(join(dir, name)), 0o600);
});

t.test('a store or a key that others can read is not used, and it is said what to do', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = storeIn(dir);
  await secrets.put('sign-key', bytes('one'));
  for (const name of ['sealed', 'key']) {
    for (const mode of [0o640, 0o604, 0o620, 0o601]) {
      chmodSync(join(dir, name), mode);
      await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /chmod go=/ } });
    }
    chmodSync(join(dir, name), 0o600);
  }
  chmodSync(dir, 0o755);
  await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { path: dir } });
  await t.rejects(secrets.put('sign-key', bytes('two')), { code: 'SECRET_MISSING', detail: { path: dir } });
  chmodSync(dir, 0o700);
  t.equal(await textOf(secrets, 'sign-key'), 'one');
});

const notRoot = process.getuid?.() !== 0 && 'only root can give a file away';
t.test('a store that belongs to somebody else is not used', { skip: notRoot }, async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = storeIn(dir);
  await secrets.put('sign-key', bytes('one'));
  chownSync(join(dir, 'sealed'), 65_534, 65_534);
  await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /another user/ } });
});

t.test('a name is one plain word', async (t) => {
  const base = t.testdir({ outside: 'x' });
  const secrets = storeIn(join(base, 'secrets'));
  const bad = ['', '.', '..', '../outside', 'a/b', 'a\\b', '.hidden', 'a\0b', 'a b', 'x'.repeat(65)];
  for (const name of [...bad, 'sealed', 'key', 'key.tpm']) {
    await t.rejects(secrets.get(name), { code: 'SECRET_MISSING' });
    await t.rejects(secrets.put(name, bytes('y')), { code: 'SECRET_MISSING' });
    await t.rejects(secrets.remove(name), { code: 'SECRET_MISSING' });
  }
  t.same(readdirSync(base), ['outside']);
});

t.test('a link in place of the store is not followed', async (t) => {
  const base = t.testdir({});
  const dir = join(base, 'secrets');
  mkdirSync(dir, { mode: 0o700 });
  writeFileSync(join(base, 'bait'), 'theirs', { mode: 0o600 });
  symlinkSync(join(base, 'bait'), join(dir, 'sealed'));
  await t.rejects(storeIn(dir).get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /ELOOP/ } });
});

t.test('a store that cannot be written says so and keeps what it had', async (t) => {
  const base = t.testdir({ file: 'no folder' });
  await t.rejects(storeIn(join(base, 'file')).put('a', bytes('x')), { code: 'SECRET_MISSING' });
  const dir = join(base, 'secrets');
  mkdirSync(join(dir, 'sealed'), { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  await t.rejects(storeIn(dir).put('b', bytes('x')), { code: 'SECRET_MISSING', detail: { why: /EISDIR/ } });
  t.same(readdirSync(dir), ['sealed'], 'no half-written file is left');
});
