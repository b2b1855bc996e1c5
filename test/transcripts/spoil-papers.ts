/** Enrolment, certificates, journal. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSecrets } from '../../device/secrets/open.ts';
import { run } from '../../hardware-sim/start/process.ts';
import { type Case, type Mend, rewrite, rewriteJson } from './case.ts';
import type { World } from './world.ts';

export function paperCases(world: World): readonly Case[] {
  const { hub, logs } = world.paths;
  const enrolment = join(hub, 'enrolment.json');
  const enrolled = JSON.parse(readFileSync(enrolment, 'utf8')) as Record<string, string>;
  const instead = (more: object) => async (): Promise<Mend> => rewriteJson(enrolment, () => ({ ...more }));
  const away = (path: string) => async (): Promise<Mend> => {
    renameSync(path, `${path}.away`);
    return () => renameSync(`${path}.away`, path);
  };
  const unreadable = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';

  /** With the hub stopped, something is done to its journal. */
  const injournal = (sql: string) => async (): Promise<Mend> => {
    await world.stopHub();
    const path = join(hub, 'journal.db');
    const db = new Database(path);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const whole = readFileSync(path);
    for (const { name } of db.prepare("select name from sqlite_master where type = 'trigger'").all() as {
      name: string;
    }[]) {
      db.exec(`drop trigger "${name}"`);
    }
    db.exec(sql);
    db.close();
    return async () => {
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
      writeFileSync(path, whole);
      await world.startHub();
      await world.hubSays(({ online, clock }) => online && clock === 'trusted');
    };
  };

  return [
    { title: 'Not enrolled', done: 'Doors are configured, and nobody has enrolled it.', spoil: away(enrolment) },
    {
      title: 'The enrolment is damaged',
      done: 'The file ends in the middle.',
      spoil: async () => rewrite(enrolment, (text) => text.slice(0, 200)),
    },
    {
      title: 'A certificate of another name',
      done: 'Certificates were swapped when they were copied.',
      spoil: instead({ certificate: enrolled.mediaCertificate }),
    },
    {
      title: 'A certificate that cannot be read',
      done: 'It was cut off.',
      spoil: instead({ certificate: unreadable }),
    },
    {
      title: 'A certificate for another key',
      done: 'The keys are those of another hub.',
      spoil: async () => {
        const secrets = openSecrets(hub);
        const before = (await secrets.get('tls-key'))!;
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        await secrets.put('tls-key', Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
        return () => secrets.put('tls-key', before);
      },
    },
    {
      title: 'Certificates that have expired',
      done: 'The hub lay in a drawer for years: its clock says so.',
      command: "faketime -f '+12y' doorward doctor",
      spoil: async () => () => undefined,
    },
    {
      title: 'Certificates that expire soon',
      done: 'Ten days before their end.',
      command: `faketime '${soon(enrolled.certificate!)}' doorward doctor`,
      spoil: async () => () => undefined,
    },
    {
      title: 'Certificates that are not valid yet',
      done: 'The clock stands where the machine was built.',
      command: "faketime -f '-3y' doorward doctor",
      spoil: async () => () => undefined,
    },
    {
      title: 'No certificate for pictures',
      done: 'Enrolled before there was a media link.',
      spoil: instead({ mediaCertificate: undefined }),
    },
    {
      title: 'A CA that cannot be read',
      done: 'It was cut off.',
      spoil: instead({ brokerCa: unreadable }),
    },
    {
      title: 'A CA of another cloud',
      done: 'The CA of another operator was put in its place.',
      spoil: async () => {
        const other = join(world.paths.root, 'other-cloud');
        await run('doorward-cloud', ['init', '--data', other, '--json'], join(logs, 'other.log'));
        return instead({ brokerCa: readFileSync(join(other, 'ca', 'device-ca.pem'), 'utf8') })();
      },
    },
    { title: 'The journal is gone', done: 'Its file was deleted.', spoil: away(join(hub, 'journal.db')) },
    {
      title: 'The journal was edited',
      done: 'While the hub was stopped, somebody changed what it says of a test.',
      spoil: injournal("update journal set text = replace(text, 'secured', 'untouch') where text like '%secured%'"),
    },
    {
      title: 'Entries of the journal are missing',
      done: 'While the hub was stopped, somebody took entries out.',
      spoil: injournal('delete from journal where seq = 5'),
    },
  ];
}

/** Ten days before the end of a certificate. */
function soon(pem: string): string {
  const { validTo } = new X509Certificate(pem);
  return new Date(Date.parse(validTo) - 10 * 86_400_000).toISOString().slice(0, 10);
}
