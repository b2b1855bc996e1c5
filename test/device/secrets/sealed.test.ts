import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemdTpm } from '../../../device/secrets/tpm.ts';
import { bytes, noTpm, storeIn, textOf } from './stores.ts';

/** A store with two secrets under a key file. */
async function filled(t: Test): Promise<{ dir: string; sealed: string; key: string }> {
  const dir = join(t.testdir({}), 'secrets');
  await storeIn(dir).put('sign-key', bytes('a secret of the hub'));
  await storeIn(dir).put('osdp-key', bytes('a secret of a lock'));
  return { dir, sealed: join(dir, 'sealed'), key: join(dir, 'key') };
}

const putBack = (path: string, content: Uint8Array): void => writeFileSync(path, content, { mode: 0o600 });

t.test('T15: nothing of a secret or its name lies there to be read', async (t) => {
  const { dir, sealed } = await filled(t);
  const file = readFileSync(sealed).toString('latin1');
  for (const word of ['a secret of', 'sign-key', 'osdp-key', bytes('a secret of the hub')]) {
    const text = typeof word === 'string' ? word : Buffer.from(word).toString('base64');
    t.notOk(file.includes(text));
  }
  t.match(file, /^doorward-secrets 1 file [A-Za-z0-9_-]{16}\n/);
  t.equal(await storeIn(dir).keptBy(), 'file');
});

t.test('every byte of the store is authenticated, its header too', async (t) => {
  const { dir, sealed } = await filled(t);
  const good = readFileSync(sealed);
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at]! ^= 1;
    putBack(sealed, bad);
    const refused = await storeIn(dir)
      .get('sign-key')
      .then(
        () => 'taken',
        (fault: { code?: string }) => fault.code,
      );
    if (!/^SECRETS_(DAMAGED|KEY_WRONG|KEY_MISSING)$/.test(refused ?? '')) t.fail(`byte ${at}: ${refused}`);
  }
  for (const length of [0, 10, 44, 60, good.length - 1]) {
    putBack(sealed, good.subarray(0, length));
    await t.rejects(storeIn(dir).get('sign-key'), { code: 'SECRETS_DAMAGED' }, `${length} bytes`);
    await t.rejects(storeIn(dir).put('sign-key', bytes('new')), { code: 'SECRETS_DAMAGED' });
    await t.rejects(storeIn(dir).takeOver(), { code: 'SECRETS_DAMAGED' });
    t.equal(readFileSync(sealed).length, length, 'and nothing is made anew in its place');
  }
  putBack(sealed, good);
  t.equal(await textOf(storeIn(dir), 'osdp-key'), 'a secret of a lock');
});

t.test('a key that is lost, another or too short is said by name, and nothing is made anew', async (t) => {
  const { dir, sealed, key } = await filled(t);
  const [good, store] = [readFileSync(key), readFileSync(sealed)];
  const refusing = async (code: string): Promise<void> => {
    await t.rejects(storeIn(dir).get('sign-key'), { code });
    await t.rejects(storeIn(dir).put('sign-key', bytes('new')), { code });
    await t.rejects(storeIn(dir).remove('sign-key'), { code });
    await t.rejects(storeIn(dir).takeOver(), { code });
    t.ok(readFileSync(sealed).equals(store));
  };
  rmSync(key);
  await refusing('SECRETS_KEY_MISSING');
  await t.rejects(storeIn(dir).get('sign-key'), {
    code: 'SECRETS_KEY_MISSING',
    detail: { keptBy: 'file', do: /backup/ },
  });
  t.notOk(existsSync(key));
  putBack(key, randomBytes(32));
  await refusing('SECRETS_KEY_WRONG');
  putBack(key, good.subarray(0, 31));
  await refusing('SECRETS_KEY_WRONG');
  putBack(key, good);
  t.equal(await textOf(storeIn(dir), 'sign-key'), 'a secret of the hub');
});

t.test('under a credential of the service there is no key on the disk', async (t) => {
  const base = t.testdir({});
  const [dir, credential] = [join(base, 'secrets'), join(base, 'doorward-key')];
  writeFileSync(credential, randomBytes(40));
  await storeIn(dir, credential).put('sign-key', bytes('one'));
  t.same(readdirSync(dir), ['sealed']);
  t.equal(await storeIn(dir).keptBy(), 'credential');
  t.equal(await textOf(storeIn(dir, credential), 'sign-key'), 'one');
  const without = { code: 'SECRETS_KEY_MISSING', detail: { keptBy: 'credential', do: /LoadCredential/ } };
  await t.rejects(storeIn(dir).get('sign-key'), without);
  await t.rejects(storeIn(dir, join(base, 'none')).put('sign-key', bytes('two')), without);
  writeFileSync(credential, randomBytes(40));
  await t.rejects(storeIn(dir, credential).get('sign-key'), { code: 'SECRETS_KEY_WRONG' });
  writeFileSync(credential, 'short');
  await t.rejects(storeIn(dir, credential).get('sign-key'), { code: 'SECRETS_KEY_WRONG', detail: { why: /5 bytes/ } });
});

t.test('a service that is given a credential later seals again, and the key file goes', async (t) => {
  const { dir, key } = await filled(t);
  const credential = join(t.testdirName, 'doorward-key');
  writeFileSync(credential, randomBytes(32));
  const secrets = storeIn(dir, credential);
  t.equal(await textOf(secrets, 'sign-key'), 'a secret of the hub');
  t.equal(await secrets.keptBy(), 'file', 'reading changes nothing');
  await secrets.takeOver();
  t.equal(await secrets.keptBy(), 'credential');
  t.notOk(existsSync(key));
  t.equal(await textOf(storeIn(dir, credential), 'osdp-key'), 'a secret of a lock');
});

t.test('a TPM that gives back what it was given is used; another is left alone', async (t) => {
  const base = t.testdir({});
  /** Stands for a TPM: what it seals has a mark, and it opens nothing else. */
  const mark = randomBytes(8);
  const tpm = {
    seal: async (key: Uint8Array) => Buffer.concat([mark, key]),
    open: async (sealed: Uint8Array) => {
      t.ok(Buffer.from(sealed.subarray(0, 8)).equals(mark));
      return sealed.subarray(8);
    },
  };
  const dir = join(base, 'one');
  await storeIn(dir, undefined, tpm).put('sign-key', bytes('one'));
  t.same(readdirSync(dir).sort(), ['key.tpm', 'sealed']);
  t.equal(await textOf(storeIn(dir, undefined, tpm), 'sign-key'), 'one');
  const gone = { code: 'SECRETS_KEY_MISSING', detail: { keptBy: 'tpm', do: /TPM/ } };
  await t.rejects(storeIn(dir, undefined, noTpm).get('sign-key'), gone);
  renameSync(join(dir, 'key.tpm'), join(base, 'away'));
  await t.rejects(storeIn(dir, undefined, tpm).put('sign-key', bytes('two')), gone);

  const broken = { ...tpm, open: async () => randomBytes(32) };
  const other = storeIn(join(base, 'two'), undefined, broken);
  await other.put('sign-key', bytes('one'));
  t.equal(await other.keptBy(), 'file');
});

const hostSecret = join(t.testdirName, 'host.secret');
const asHost = systemdTpm({
  device: '/dev/null',
  withKey: 'host',
  env: { PATH: '/usr/bin:/bin', SYSTEMD_CREDENTIAL_SECRET: hostSecret },
});
t.test('systemd-creds itself seals and opens the key, by its key of the host where there is no TPM', async (t) => {
  mkdirSync(t.testdirName, { recursive: true });
  const key = randomBytes(32);
  const sealed = await asHost.seal(key).catch((error: Error) => error);
  if (sealed instanceof Error) {
    t.comment('systemd-creds cannot be used here');
    return;
  }
  t.notOk(Buffer.from(sealed).includes(key));
  t.ok(key.equals(await asHost.open(sealed)));
  await t.rejects(asHost.open(randomBytes(200)));
});

t.test('without a TPM no program is started', async (t) => {
  await t.rejects(systemdTpm({ device: join(t.testdirName, 'none') }).seal(randomBytes(32)), { code: 'ENOENT' });
});
