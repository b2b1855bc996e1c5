import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type OwnFolder, ownFolder } from '../../../device/secrets/own-folder.ts';
import { sealedSecrets } from '../../../device/secrets/sealed.ts';
import { settleSecrets } from '../../../device/secrets/settle.ts';
import { Fault } from '../../../wire/faults.ts';
import { bytes, noTpm, storeIn, textOf } from './stores.ts';

const older = { 'sign-key': 'the first', 'tls-key': 'the second', 'osdp-0a1b-0-current': 'the third' };

/** What a hub before the sealed store left: a file each. */
function olderFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(older)) writeFileSync(join(dir, name), text, { mode: 0o600 });
}

/** The folder until the power goes: before its n-th act, or in the midst of it where it writes. Nothing works from then on. */
function dyingFolder(dir: string, diesAt: number, acts: string[]): OwnFolder {
  const real = ownFolder(dir);
  const dead = (): never => {
    throw new Fault('SECRET_MISSING', { why: 'the power is gone' });
  };
  const act = async (what: string, name: string, work: () => Promise<void>): Promise<void> => {
    if (acts.length >= diesAt) {
      if (acts.length === diesAt && what === 'make') writeFileSync(join(dir, name), 'half', { mode: 0o600 });
      acts.push('dead');
      dead();
    }
    acts.push(`${what} ${name}`);
    await work();
  };
  const alive = <T>(work: () => Promise<T>): Promise<T> => (acts.includes('dead') ? dead() : work());
  return {
    path: dir,
    names: () => alive(() => real.names()),
    read: (name) => alive(() => real.read(name)),
    make: (name, content) => act('make', name, () => real.make(name, content)),
    rename: (from, to) => act('rename', to, () => real.rename(from, to)),
    remove: (name) => act('remove', name, () => real.remove(name)),
    sync: () => act('sync', '', () => real.sync()),
  };
}

const plainLeft = (dir: string): string[] => readdirSync(dir).filter((name) => name in older);

t.test('plain files of an older hub are read as they are, and sealed once', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  olderFolder(dir);
  const secrets = storeIn(dir);
  t.equal(await textOf(secrets, 'tls-key'), 'the second');
  t.equal(await secrets.keptBy(), 'plain');
  t.same(readdirSync(dir).sort(), Object.keys(older).sort(), 'reading changes nothing');
  await secrets.takeOver();
  t.equal(await secrets.keptBy(), 'file');
  t.same(readdirSync(dir).sort(), ['key', 'sealed']);
  for (const [name, text] of Object.entries(older)) t.equal(await textOf(secrets, name), text);

  writeFileSync(join(dir, 'sign-key'), 'slipped in', { mode: 0o600 });
  writeFileSync(join(dir, 'other-key'), 'slipped in', { mode: 0o600 });
  await storeIn(dir).takeOver();
  t.equal(await textOf(storeIn(dir), 'sign-key'), 'the first', 'a plain file is no secret any more');
  t.equal(await storeIn(dir).get('other-key'), undefined);
});

t.test('the first write takes over too', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  olderFolder(dir);
  await storeIn(dir).put('sign-key', bytes('newer'));
  t.same(plainLeft(dir), []);
  t.equal(await textOf(storeIn(dir), 'sign-key'), 'newer');
  t.equal(await textOf(storeIn(dir), 'tls-key'), 'the second');
});

for (const to of ['file', 'credential'] as const) {
  t.test(`cut off at every step on the way to a ${to}, no secret is lost and the next start ends it`, async (t) => {
    const base = t.testdir({ 'doorward-key': randomBytes(32).toString('hex') });
    const dir = join(base, 'secrets');
    const credential = to === 'credential' ? join(base, 'doorward-key') : undefined;
    const prepare = async (): Promise<void> => {
      olderFolder(dir);
      // To a credential the way leads over a key file: both of what is replaced then goes.
      if (credential !== undefined) await storeIn(dir).takeOver();
    };
    let died = 0;
    for (let step = 0; ; step += 1) {
      await prepare();
      const acts: string[] = [];
      const dying = sealedSecrets({ folder: dyingFolder(dir, step, acts), credential, tpm: noTpm });
      const cut = await dying.takeOver().then(
        () => false,
        () => true,
      );
      for (const [name, text] of Object.entries(older)) {
        t.equal(await textOf(storeIn(dir, credential), name), text, `${name} is there when it dies at ${step}`);
      }
      await storeIn(dir, credential).takeOver();
      for (const [name, text] of Object.entries(older)) t.equal(await textOf(storeIn(dir, credential), name), text);
      t.equal(await storeIn(dir, credential).keptBy(), to);
      t.same(readdirSync(dir).sort(), to === 'file' ? ['key', 'sealed'] : ['sealed'], 'nothing else is left');
      if (cut) {
        died += 1;
        continue;
      }
      const firstRemoved = acts.findIndex((act) => act.startsWith('remove'));
      const sealed = acts.indexOf('rename sealed');
      t.ok(
        acts.slice(sealed, firstRemoved).some((act) => act.startsWith('sync')),
        'on the disk before anything goes',
      );
      break;
    }
    t.ok(died >= (to === 'file' ? 10 : 5), `it died at ${died} steps`);
  });
}

t.test('a torn draft is never taken for the store', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  olderFolder(dir);
  await storeIn(dir).takeOver();
  appendFileSync(join(dir, '.sealed.0123'), 'half', { mode: 0o600 });
  await storeIn(dir).put('sign-key', bytes('newer'));
  t.equal(await textOf(storeIn(dir), 'sign-key'), 'newer');
  t.notOk(existsSync(join(dir, '.sealed.0123')));
});

t.test('a disk that refuses the sealed file keeps no hub from starting, and it is said', async (t) => {
  const dir = join(t.testdir({}), 'secrets');
  olderFolder(dir);
  const secrets = sealedSecrets({ folder: dyingFolder(dir, 0, []), credential: undefined, tpm: noTpm });
  const said: object[] = [];
  const full = { ...storeIn(dir), takeOver: secrets.takeOver };
  t.equal(await settleSecrets(full, { secretsUnsettled: (fields) => said.push(fields) }), 'plain');
  t.match(said, [{ code: 'SECRET_MISSING', why: 'the power is gone' }]);
  t.equal(await textOf(full, 'sign-key'), 'the first');

  await storeIn(dir).takeOver();
  rmSync(join(dir, 'key'));
  await t.rejects(settleSecrets(storeIn(dir), { secretsUnsettled: () => undefined }), { code: 'SECRETS_KEY_MISSING' });
});
