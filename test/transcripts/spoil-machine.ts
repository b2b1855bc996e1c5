/** Node.js, configuration, data folder, disk, keys. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSecrets } from '../../device/secrets/open.ts';
import { asItIs, type Case, type Mend, rewrite, rewriteJson } from './case.ts';
import type { World } from './world.ts';

/** The newest that is too old. */
const oldNode = '20.18.1';

export function machineCases(world: World): readonly Case[] {
  const { paths, shown } = world;
  const { hub, hubConfig } = paths;
  const root = dirname(paths.root);
  const old = join(root, 'old');
  shown.put(join(old, 'node_modules', `node-linux-${process.arch}`, 'bin'), '/opt/node-20.18/bin');
  const elsewhere = join(root, 'disk');
  shown.put(elsewhere, '/mnt/small');

  /** The hub's data folder on a file system of this kind, in the place of its own. */
  const onDisk = (options: string) => async (): Promise<Mend> => {
    await world.stopHub();
    mkdirSync(elsewhere);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs', elsewhere]);
    const keep = ['enrolment.json', 'secrets', 'journal.db'];
    for (const name of keep) cpSync(join(hub, name), join(elsewhere, name), { recursive: true });
    const back = rewriteJson(hubConfig, () => ({ dataDir: elsewhere }));
    return async () => {
      await back();
      execFileSync('umount', [elsewhere]);
      rmSync(elsewhere, { recursive: true });
      await world.startHub();
      await world.hubSays(({ online, clock }) => online && clock === 'trusted');
    };
  };
  const withMode = (mode: number) => async (): Promise<Mend> => {
    chmodSync(hub, mode);
    return () => chmodSync(hub, 0o700);
  };
  const dataDir = (make: (path: string) => void) => async (): Promise<Mend> => {
    make(elsewhere);
    const back = rewriteJson(hubConfig, () => ({ dataDir: elsewhere }));
    return async () => {
      await back();
      rmSync(elsewhere, { recursive: true, force: true });
    };
  };
  const secret = (name: string): string => join(hub, 'secrets', name);
  const flip = (path: string): Mend => {
    const before = readFileSync(path);
    const after = Buffer.from(before);
    after[after.length - 1]! ^= 1;
    writeFileSync(path, after);
    return () => writeFileSync(path, before);
  };

  return [
    {
      title: 'Node.js is too old',
      done: `It is run with Node.js ${oldNode}.`,
      command: `PATH=${join(old, 'node_modules', `node-linux-${process.arch}`, 'bin')}:$PATH doorward doctor`,
      spoil: async () => {
        const from = ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', old];
        execFileSync('npm', [...from, `node-linux-${process.arch}@${oldNode}`], { stdio: 'ignore' });
        // The wrapper's first words are for another Node.
        return () => rmSync(old, { recursive: true });
      },
    },
    {
      title: 'No configuration',
      done: 'Its name is typed wrongly.',
      command: 'doorward doctor --config /etc/doorward/hbu.json',
      spoil: asItIs,
    },
    {
      title: 'A configuration that does not fit',
      done: 'A setting is misspelt in the file.',
      spoil: async () => rewriteJson(hubConfig, () => ({ dataDirr: '/var/lib/doorward' })),
    },
    {
      title: 'A configuration that is no JSON',
      done: 'A brace was lost in an editor.',
      spoil: async () => rewrite(hubConfig, (text) => text.trimEnd().slice(0, -1)),
    },
    {
      title: 'A bare hub',
      done: 'Nothing is there but a configuration without doors.',
      spoil: async () => rewriteJson(hubConfig, () => ({ dataDir: join(root, 'bare'), doors: [] })),
    },
    {
      title: 'The data folder is a file',
      done: '`dataDir` names a file.',
      spoil: dataDir((path) => writeFileSync(path, '')),
    },
    {
      title: "Another user's data folder",
      done: 'Run as another user than the hub.',
      as: 'stranger',
      spoil: async () => {
        chmodSync(hubConfig, 0o644);
        return () => chmodSync(hubConfig, 0o600);
      },
    },
    {
      title: 'A data folder that cannot be written',
      done: 'Its user may only read it.',
      as: 'stranger',
      spoil: async () => {
        chmodSync(hubConfig, 0o644);
        const back = await dataDir((path) => {
          mkdirSync(path, { mode: 0o500 });
          chownSync(path, 65_534, 65_534);
        })();
        return async () => {
          await back();
          chmodSync(hubConfig, 0o600);
        };
      },
    },
    {
      title: 'Others may write in the data folder',
      done: '`chmod 777`, because something did not work.',
      spoil: withMode(0o777),
    },
    { title: 'Others may look into the data folder', done: '`chmod 755`.', spoil: withMode(0o755) },
    { title: 'The disk is full', done: 'The data folder lies on a disk of 8 MB.', spoil: onDisk('size=8m') },
    {
      title: 'No room for more files',
      done: 'The data folder lies on a disk that takes 40 files.',
      spoil: onDisk('size=2g,nr_inodes=40'),
    },
    {
      title: 'Little room for recordings',
      done: 'The data folder lies on a disk of 100 MB.',
      spoil: onDisk('size=100m'),
    },
    {
      title: 'The key of the secrets is gone',
      done: '`secrets/key` was not in the backup.',
      spoil: async () => {
        renameSync(secret('key'), join(root, 'key.away'));
        return () => renameSync(join(root, 'key.away'), secret('key'));
      },
    },
    {
      title: 'The key of the secrets is another',
      done: '`secrets/key` is that of another hub.',
      spoil: async () => {
        const before = readFileSync(secret('key'));
        writeFileSync(secret('key'), Buffer.from(before).reverse());
        return () => writeFileSync(secret('key'), before);
      },
    },
    {
      title: 'Secrets that are not sealed',
      done: 'As an older version kept them, each in a file.',
      spoil: async () => {
        const names = ['sign-key', 'seal-key', 'tls-key'];
        const secrets = openSecrets(hub);
        const values = await Promise.all(names.map(async (name) => [name, (await secrets.get(name))!] as const));
        renameSync(secret('sealed'), join(root, 'sealed.away'));
        for (const [name, bytes] of values) writeFileSync(secret(name), bytes, { mode: 0o600 });
        return () => {
          for (const name of names) rmSync(secret(name));
          renameSync(join(root, 'sealed.away'), secret('sealed'));
        };
      },
    },
    {
      title: 'The secrets are damaged',
      done: 'One bit of the file is another.',
      spoil: async () => flip(secret('sealed')),
    },
  ];
}
