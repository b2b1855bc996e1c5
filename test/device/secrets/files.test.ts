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
import { fileSecrets } from '../../../device/secrets/files.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

t.test('a secret comes back as it was put, and goes when it is removed', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = fileSecrets(dir);
  t.equal(await secrets.get('sign-key'), undefined);
  t.notOk(existsSync(dir), 'looking makes nothing');
  await secrets.put('sign-key', bytes('one'));
  await secrets.put('sign-key', bytes('two'));
  t.equal(Buffer.from((await fileSecrets(dir).get('sign-key'))!).toString(), 'two');
  await secrets.remove('sign-key');
  await secrets.remove('sign-key');
  t.equal(await secrets.get('sign-key'), undefined);
  t.same(readdirSync(dir), [], 'and leaves nothing behind');
});

t.test('only the user of the hub may read: folder 0700, files 0600', async (t) => {
  const dir = join(t.testdir({}), 'deep', 'secrets');
  const mask = process.umask(0);
  t.teardown(() => process.umask(mask));
  await fileSecrets(dir).put('tls-key', bytes('one'));
  t.equal(modeOf(dir), 0o700);
  t.equal(modeOf(join(dir, 'tls-key')), 0o600);
});

t.test('a secret that others can read is not used, and it is said what to do', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = fileSecrets(dir);
  await secrets.put('sign-key', bytes('one'));
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    chmodSync(join(dir, 'sign-key'), mode);
    await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /chmod go=/ } });
  }
  chmodSync(join(dir, 'sign-key'), 0o600);
  chmodSync(dir, 0o755);
  await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { path: dir } });
  await t.rejects(secrets.put('sign-key', bytes('two')), { code: 'SECRET_MISSING', detail: { path: dir } });
  chmodSync(dir, 0o700);
  t.equal(Buffer.from((await secrets.get('sign-key'))!).toString(), 'one');
});

const notRoot = process.getuid?.() !== 0 && 'only root can give a file away';
t.test('a secret that belongs to somebody else is not used', { skip: notRoot }, async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  const secrets = fileSecrets(dir);
  await secrets.put('sign-key', bytes('one'));
  chownSync(join(dir, 'sign-key'), 65_534, 65_534);
  await t.rejects(secrets.get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /another user/ } });
});

t.test('a name is one plain word', async (t) => {
  const base = t.testdir({ outside: 'x' });
  const secrets = fileSecrets(join(base, 'secrets'));
  for (const name of ['', '.', '..', '../outside', 'a/b', 'a\\b', '.hidden', 'a\0b', 'a b', 'x'.repeat(65)]) {
    await t.rejects(secrets.get(name), { code: 'SECRET_MISSING' });
    await t.rejects(secrets.put(name, bytes('y')), { code: 'SECRET_MISSING' });
    await t.rejects(secrets.remove(name), { code: 'SECRET_MISSING' });
  }
  t.same(readdirSync(base), ['outside']);
});

t.test('a link in place of a secret is not followed', async (t) => {
  const base = t.testdir({});
  const dir = join(base, 'secrets');
  mkdirSync(dir, { mode: 0o700 });
  writeFileSync(join(base, 'bait'), 'theirs', { mode: 0o600 });
  symlinkSync(join(base, 'bait'), join(dir, 'sign-key'));
  await t.rejects(fileSecrets(dir).get('sign-key'), { code: 'SECRET_MISSING', detail: { why: /ELOOP/ } });
});

t.test('a store that cannot be written says so and keeps what it had', async (t) => {
  const base = t.testdir({ file: 'no folder' });
  await t.rejects(fileSecrets(join(base, 'file')).put('a', bytes('x')), { code: 'SECRET_MISSING' });
  const dir = join(base, 'secrets');
  const secrets = fileSecrets(dir);
  await secrets.put('a', bytes('one'));
  mkdirSync(join(dir, 'b'));
  await t.rejects(secrets.put('b', bytes('x')), { code: 'SECRET_MISSING', detail: { why: /EISDIR|ENOTEMPTY|EEXIST/ } });
  t.same(readdirSync(dir).sort(), ['a', 'b'], 'no half-written file is left');
});
