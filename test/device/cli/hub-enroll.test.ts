import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { enrol, journalFile } from '../../../device/enrol/enrol.ts';
import { readEnrolment } from '../../../device/enrol/identity.ts';
import { openHubStore } from '../../../device/journal/sqlite.ts';
import { openSecrets } from '../../../device/secrets/open.ts';
import { faults } from '../../../wire/faults.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { makeHome } from '../../support/rig-people.ts';
import { scripted, sitting, typed } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

/** Stands between hub and cloud. `drop`: the cloud gets the request, and its answer is lost. `hang`: nothing comes back. */
interface Way {
  base: string;
  mode: 'pass' | 'drop' | 'hang';
  passed: number;
}

async function openWay(t: Test, base: string): Promise<Way> {
  const way: Way = { base: '', mode: 'pass', passed: 0 };
  const server: Server = createServer((incoming, outgoing) => {
    const to = request(new URL(incoming.url!, base), { method: incoming.method, headers: incoming.headers }, (from) => {
      way.passed += 1;
      if (way.mode === 'drop') outgoing.destroy();
      if (way.mode !== 'pass') return void from.resume();
      outgoing.writeHead(from.statusCode!, from.headers);
      from.pipe(outgoing);
    });
    incoming.pipe(to);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  way.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return way;
}

function bareHub(t: Test): { config: string; data: string } {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-enroll-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'hub.json');
  writeFileSync(config, JSON.stringify({ dataDir: 'data', doors: [] }));
  return { config, data: join(folder, 'data') };
}

const flagsOf = (rig: Rig, cloud: string, token: string, config: string): string[] => [
  ...['hub', 'enroll', '--cloud', cloud, '--token', token, '--root', rig.rootHash, '--config', config],
];

const entriesOf = (data: string): string[] => {
  const store = openHubStore(join(data, journalFile), readEnrolment(data)!.hub, { readonly: true });
  const texts = store.journal.read(1, 10);
  store.close();
  return [...texts];
};

t.test('enrolling', async (t) => {
  const rig = await openRig(t);
  const way = await openWay(t, rig.world.base);

  t.test('on a terminal it asks for each thing, and again for what does not fit', async (t) => {
    const { config, data } = bareHub(t);
    const { token } = await makeHome(rig.operator);
    const left = sitting(['hub', 'enroll', '--config', config]);
    await left.sees(/Address of the cloud/);
    left.types('cloud.example');
    await left.sees(/begins with https:\/\/.*Address of the cloud/s);
    left.types('http://cloud.example');
    await left.sees(/begins with https:/);
    left.types(way.base);
    await left.sees(/One-time token/);
    left.interrupts();
    t.equal(await left.ends(), faults.NOT_CONFIRMED.exit);
    t.match(left.screen(), /One-time token: [^\n]*\n[^\n]*Not confirmed/, 'on a line of its own');
    t.notOk(existsSync(data), 'left at a question, nothing is made');

    const done = await typed(
      ['hub', 'enroll', '--config', config],
      [
        [/Address of the cloud/, way.base],
        [/One-time token/, 'short'],
        [/was all of it copied/, token],
        [/Fingerprint/, rig.rootHash],
      ],
    );
    t.equal(done.exit, 0, done.screen);
    t.match(
      done.screen,
      /Making the keys.*Asking the cloud.*Comparing.*Keeping.*sealed under.*Enrolled as hub-.*Next: doorward door add/s,
    );
    t.same(readdirSync(data).sort(), ['enrolment.json', 'journal.db', 'secrets']);
    const again = await scripted(['hub', 'enroll', '--config', config, '--json']);
    t.equal(again.exit, faults.ENROLMENT_DONE.exit);
    t.match(again.said, /is hub-.*Next: doorward hub run\nTo enrol it for another home/);
    t.match(JSON.parse(again.out), { code: 'ENROLMENT_DONE', detail: { hub: readEnrolment(data)!.hub } });
  });

  t.test('a lost answer, a killed process and Ctrl-C: the same token still counts, for the same hub', async (t) => {
    const { config, data } = bareHub(t);
    const { token } = await makeHome(rig.operator);
    const flags = flagsOf(rig, way.base, token, config);
    way.mode = 'drop';
    const lost = await scripted(flags);
    t.equal(lost.exit, faults.CLOUD_UNREACHABLE.exit, lost.said);
    t.ok(existsSync(join(data, 'enrolment.csr')));

    way.mode = 'hang';
    const before = way.passed;
    const killed = sitting(flags);
    await until('the cloud was asked', () => way.passed > before);
    killed.kill();
    await killed.ends();
    const interrupted = sitting(flags);
    await until('the cloud was asked again', () => way.passed > before + 1);
    interrupted.interrupts();
    t.equal(await interrupted.ends(), faults.INTERRUPTED.exit);
    t.match(interrupted.screen(), /Run the same command again/);

    way.mode = 'pass';
    const done = await scripted([...flags, '--json']);
    t.equal(done.exit, 0, done.said);
    t.notOk(existsSync(join(data, 'enrolment.csr')));
    t.equal(entriesOf(data).length, 1);
  });
  const directly = (data: string, token: string): Promise<{ hub: string; home: string }> =>
    enrol({
      ...{ dataDir: data, secrets: openSecrets(data), cloud: way.base, token },
      ...{ rootHash: rig.rootHash, nowMs: rig.time.now() },
    });

  t.test('interrupted while it keeps what it got: nothing is kept twice', async (t) => {
    const { data } = bareHub(t);
    const { token } = await makeHome(rig.operator);
    mkdirSync(join(data, 'enrolment.json.new'), { recursive: true, mode: 0o700 });
    await t.rejects(directly(data, token));
    t.ok(existsSync(join(data, journalFile)), 'the journal was begun');
    t.equal(readEnrolment(data), undefined);
    rmdirSync(join(data, 'enrolment.json.new'));
    await directly(data, token);
    t.equal(entriesOf(data).length, 1);
  });

  t.test('with a token of another home after that: another hub, and the journal of before is set aside', async (t) => {
    const { data } = bareHub(t);
    const [first, second] = [await makeHome(rig.operator), await makeHome(rig.operator)];
    mkdirSync(join(data, 'enrolment.json.new'), { recursive: true, mode: 0o700 });
    await t.rejects(directly(data, first.token));
    rmdirSync(join(data, 'enrolment.json.new'));
    t.match(await directly(data, second.token), { home: second.home });
    t.equal(entriesOf(data).length, 1);
    t.equal(readdirSync(data).filter((name) => /^journal\.db\.\d+$/.test(name)).length, 1);
  });

  t.test('in a script: a token from the standard input, other root keys, what is missing', async (t) => {
    const { config, data } = bareHub(t);
    const { token } = await makeHome(rig.operator);
    const base = ['hub', 'enroll', '--config', config];
    const cases = [
      [['--cloud', way.base], 'USAGE', /give --token/],
      [['--cloud', way.base, '--token-file', '/nowhere'], 'USAGE', /cannot be read/],
      [['--cloud', 'http://cloud.example'], 'USAGE', /--cloud: It is an address/],
    ] as const;
    await Promise.all(
      cases.map(async ([more, code, says]) => {
        const ran = await scripted([...base, ...more]);
        t.equal(ran.exit, faults[code].exit, ran.said);
        t.match(ran.said, says);
      }),
    );
    t.notOk(existsSync(data));
    const wrong = await scripted(
      [...base, '--cloud', way.base, '--token-file', '-', '--root', 'A'.repeat(43)],
      `${token}\n`,
    );
    t.match(wrong.said, /ENROLMENT_ROOT_WRONG/);
    t.equal(readEnrolment(data), undefined);
    const right = await scripted(
      [...base, '--cloud', way.base, '--token-file', '-', '--root', rig.rootHash],
      `${token}\n`,
    );
    t.equal(right.exit, 0, right.said);
  });
  t.end();
});
