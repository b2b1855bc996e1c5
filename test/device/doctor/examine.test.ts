import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../../device/clock/clock.ts';
import { loadConfig } from '../../../device/config/load.ts';
import { controlRoutes } from '../../../device/control/routes.ts';
import { openControl } from '../../../device/control/server.ts';
import { examine } from '../../../device/doctor/examine.ts';
import type { Finding } from '../../../device/doctor/finding.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { faults } from '../../../wire/faults.ts';
import { freePort } from '../../support/free-port.ts';
import { doorward } from '../../support/program.ts';
import { openRig, type Rig } from '../../support/rig.ts';

async function look(path: string, clock = systemClock): Promise<Finding[]> {
  const found: Finding[] = [];
  const patient = {
    load: () => loadConfig(path),
    socketOf: ({ dataDir }: { dataDir: string }) => join(dataDir, 'hub.sock'),
    nodeVersion: process.versions.node,
    clock,
  };
  for await (const one of examine(patient)) found.push(one);
  return found;
}

const of = (found: readonly Finding[], check: string): Finding | undefined => found.find((one) => one.check === check);

/** A whole home with its hub, and the configuration that it could have been started with. */
async function home(t: Test): Promise<{ rig: Rig; config: string; write: (more?: object) => void }> {
  const rig = await openRig(t, { doors: [{ name: 'front' }] });
  const config = join(dirname(rig.folders.hub), 'hub.json');
  const { id } = rig.door();
  const port = join(dirname(rig.folders.hub), 'sim', 'front.tty');
  const lock = { kind: 'osdp', port, contact: { input: 0 }, monitor: { input: 1 } };
  const write = (more: object = {}): void =>
    writeFileSync(config, JSON.stringify({ dataDir: rig.folders.hub, doors: [{ id, name: 'front', lock, ...more }] }));
  write();
  return { rig, config, write };
}

t.test('a home that is well: nothing fails, running or not, and the exit code says so', async (t) => {
  const { rig, config } = await home(t);
  const control = await openControl(join(rig.folders.hub, 'hub.sock'), controlRoutes(rig.hub));
  const found = await look(config);
  const wrong = found.filter(({ level }) => level !== 'ok');
  t.same(
    wrong.map(({ check, level }) => [check, level]),
    [['camera front', 'warn']],
    'only a camera is not there',
  );
  t.same(
    found.map(({ check }) => check),
    [
      ...['node', 'configuration', 'data folder', 'disk', 'secrets', 'enrolment', 'certificate', 'media certificate'],
      ...['broker CA', 'cloud', 'clock', 'broker', 'serial port', 'lock front', 'contact front', 'camera front'],
      ...['journal', 'hub', 'owner'],
    ],
  );
  t.match(of(found, 'secrets')?.says, /key file/);
  t.match(of(found, 'clock')?.says, /trusted, \d s (behind|ahead of) the cloud/);
  const ran = await doorward('doctor', '--config', config);
  t.equal(ran.exit, 0);
  t.match(ran.out, /^ok {4}node: Node.js/);
  t.match(ran.out, /\nwarn {2}camera front: none.*\n {6}-> Set camera/);
  t.match(ran.out, /18 ok, 1 to look at, 0 failed\n$/);
  t.equal(rig.hub.status().online, true, 'the session of the hub was left alone');

  await control.close();
  await rig.machine.stop();
  const alone = await doorward('doctor', '--config', config, '--json');
  t.equal(alone.exit, faults.DAEMON_UNREACHABLE.exit);
  const answer = JSON.parse(alone.out);
  t.match(answer, { ok: false, worst: 'fail' });
  const failed = answer.findings.filter(({ level }: Finding) => level === 'fail');
  t.match(failed, [{ check: 'hub', code: 'DAEMON_UNREACHABLE', fix: /hub run/ }]);
  t.match(of(answer.findings, 'serial port')?.says, /is free/);
  t.match(of(answer.findings, 'broker'), { level: 'ok' });
});

t.test('each part that fails is named with what mends it', async (t) => {
  const { rig, config, write } = await home(t);
  await rig.machine.stop();
  const fails = async (check: string, code: string, fix: RegExp, level = 'fail'): Promise<void> => {
    const found = of(await look(config), check);
    t.match(found, { level, fix, ...(level === 'fail' ? { code } : {}) }, `${check}: ${found?.says}`);
  };
  const hub = rig.folders.hub;

  chmodSync(hub, 0o755);
  await fails('data folder', '', /chmod go=/, 'warn');
  chmodSync(hub, 0o777);
  await fails('data folder', 'SECRET_MISSING', /chmod go=/);
  chmodSync(hub, 0o700);

  renameSync(join(hub, 'secrets', 'key'), join(hub, 'key.away'));
  await fails('secrets', 'SECRETS_KEY_MISSING', /backup/);
  renameSync(join(hub, 'key.away'), join(hub, 'secrets', 'key'));

  const enrolment = join(hub, 'enrolment.json');
  const kept = readFileSync(enrolment, 'utf8');
  const enrolled = JSON.parse(kept);
  const instead = (more: object): void => writeFileSync(enrolment, JSON.stringify({ ...enrolled, ...more }));
  instead({ certificate: enrolled.mediaCertificate });
  await fails('certificate', 'BROKER_CERTIFICATE_REFUSED', /enrol afresh/);
  instead({ mediaCertificate: undefined });
  await fails('media certificate', '', /enrol afresh/, 'warn');
  instead({ cloud: `http://127.0.0.1:${await freePort()}` });
  await fails('cloud', 'CLOUD_UNREACHABLE', /router/);
  instead({ broker: `mqtts://127.0.0.1:${await freePort()}` });
  await fails('broker', 'BROKER_UNREACHABLE', /router/);
  const mute = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done));
  t.teardown(() => mute.close());
  instead({ broker: `mqtts://127.0.0.1:${(mute.address() as { port: number }).port}` });
  await fails('broker', 'BROKER_CERTIFICATE_REFUSED', /expiry/);
  writeFileSync(enrolment, '{');
  await fails('enrolment', 'CONFIG_INVALID', /from a backup/);
  rmSync(enrolment);
  await fails('enrolment', 'ENROLMENT_MISSING', /hub enroll/);
  mkdirSync(enrolment);
  await fails('enrolment', 'CONFIG_INVALID', /user of the hub/);
  await fails('cloud', '', /Mend the enrolment/, 'warn');
  await fails('broker', '', /Mend the enrolment/, 'warn');
  rmSync(enrolment, { recursive: true });
  writeFileSync(enrolment, kept);

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secrets = openSecrets(hub);
  const tlsKey = (await secrets.get('tls-key'))!;
  await secrets.put('tls-key', Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  await fails('certificate', 'BROKER_CERTIFICATE_REFUSED', /enrol afresh/);
  await secrets.put('tls-key', tlsKey);

  const later = (days: number) => ({ ...systemClock, now: () => Date.now() + days * 86_400_000 });
  t.match(of(await look(config, later(10_000)), 'certificate'), { level: 'fail', says: /expired/ });
  t.match(of(await look(config, later(-1_000)), 'certificate'), { level: 'fail', says: /valid from/ });
  t.match(of(await look(config, later(1)), 'clock'), {
    ...{ level: 'fail', code: 'CLOCK_DISAGREES', fix: /NTS/, says: /24 hours ahead of the cloud/ },
  });

  const missing = { kind: 'osdp', port: join(hub, 'no-such-port') };
  write({ lock: missing });
  await fails('serial port', 'LINK_OPEN_FAILED', /Plug the adapter in/);
  await fails('contact front', '', /Wire a door contact/, 'warn');
  write({ lock: { ...missing, port: config } });
  await fails('serial port', 'LINK_OPEN_FAILED', /by-id/);
  write({ lock: { ...missing, contact: { input: 1 }, monitor: { input: 1 } } });
  await fails('contact front', 'CONFIG_INVALID', /number of its own/);
  write({ camera: { kind: 'process', codec: 'jpeg', command: ['doorward-no-such-camera'] } });
  await fails('camera front', 'CAMERA_UNAVAILABLE', /Install it/);
  write({ nonsense: 1 });
  await fails('configuration', 'CONFIG_INVALID', /Correct the setting/);
  t.match(of(await look(config), 'configuration')?.says, /nonsense, why: there is no such setting/);
  writeFileSync(config, JSON.stringify({ dataDir: enrolment, doors: [] }));
  t.match((await look(config)).slice(2), [{ check: 'data folder', level: 'fail' }], 'and nothing that lies in it');
  write();

  rmSync(join(hub, 'journal.db'));
  await fails('journal', 'JOURNAL_UNAVAILABLE', /empty data folder/);
  mkdirSync(join(hub, 'journal.db'));
  await fails('journal', 'JOURNAL_UNAVAILABLE', /./);
});

t.test('without a configuration it says which file was looked for', async (t) => {
  const ran = await doorward('doctor', '--config', '/nowhere.json');
  t.equal(ran.exit, faults.CONFIG_MISSING.exit);
  t.match(ran.out, /fail {2}configuration: .*\/nowhere.json\)\n {6}-> Name one with --config/);
  t.equal((await doorward('doctor', 'everything')).exit, faults.USAGE.exit);
});
