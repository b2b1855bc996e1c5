import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { faults } from '../../wire/faults.ts';
import { typescript } from '../support/node.ts';
import { endOf } from '../support/program.ts';
import { canConnect, connectClient, until } from './client.ts';
import { freshFolder, hubIdOf, makeCa, writeLeaf } from './pki.ts';

const program = fileURLToPath(new URL('../../broker/cli/main.ts', import.meta.url));
const hub = hubIdOf('a');

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [typescript, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });

t.test('it says when it is ready, serves, and stops cleanly on SIGTERM', async (t) => {
  const ca = await makeCa();
  const { caFile, certFile, keyFile } = await writeLeaf(await ca.issue({ name: 'localhost', isServer: true }));
  const files = ['--ca', caFile, '--cert', certFile, '--key', keyFile];
  const child = start(['run', '--json', '--host', '127.0.0.1', '--port', '0', ...files]);
  const end = endOf(child);
  const ready = JSON.parse(await firstLine(child));
  t.match(ready, { event: 'ready', host: '127.0.0.1', port: Number, pid: child.pid });
  const client = await connectClient(ready.port, await ca.issue({ name: hub }), hub);
  child.kill('SIGTERM');
  const { code, out, err } = await end;
  t.equal(code, 0);
  t.ok(await until(() => client.isGone()));
  t.equal(out.split('\n').length, 2, 'the answer is one line');
  const events = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  t.strictSame(events[0], 'broker.listening');
  t.ok(events.includes('client.connected'));
  t.strictSame(events.at(-1), 'broker.stopped');
});

t.test('it takes a configuration file, and reads its certificates again on SIGHUP', async (t) => {
  const [before, after] = [await makeCa(), await makeCa()];
  const files = await writeLeaf(await before.issue({ name: 'localhost', isServer: true }));
  const { caFile, certFile, keyFile, folder } = files;
  const config = join(folder, 'broker.json');
  await writeFile(
    config,
    JSON.stringify({ host: '127.0.0.1', port: 0, caFile, certFile, keyFile, maxConnections: 99 }),
  );
  const child = start(['run', '--config', config]);
  const end = endOf(child);
  const port = Number(/:(\d+)$/.exec(await firstLine(child))?.[1]);
  const old = await connectClient(port, await before.issue({ name: hub }), hub);
  const fresh = await after.issue({ name: 'localhost', isServer: true });
  await Promise.all([writeFile(caFile, fresh.ca), writeFile(certFile, fresh.cert), writeFile(keyFile, fresh.key)]);
  const log: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  child.kill('SIGHUP');
  t.ok(await until(() => log.join('').includes('broker.reloaded')));
  const other = hubIdOf('b');
  t.equal(await canConnect(port, await after.issue({ name: other }), other), true, 'the new CA counts');
  t.equal(await canConnect(port, await before.issue({ name: other }), other), false, 'the old one does not');
  t.equal(old.isGone(), false, 'who is connected stays');
  await writeFile(caFile, 'nonsense');
  child.kill('SIGHUP');
  t.ok(await until(() => log.join('').includes('broker.reload.failed')));
  t.equal(await canConnect(port, await after.issue({ name: other }), other), true, 'a bad file changes nothing');
  child.kill('SIGTERM');
  t.equal((await end).code, 0);
});

t.test('what cannot be started is a fault with its exit code', { timeout: 120_000 }, async (t) => {
  const ca = await makeCa();
  const server = await ca.issue({ name: 'localhost', isServer: true });
  const { caFile, certFile, keyFile, folder } = await writeLeaf(server);
  const strange = await writeLeaf(await ca.issue({ name: 'localhost', isServer: true }));
  const past = await writeLeaf(await ca.issue({ name: 'localhost', isServer: true, fromDays: -9, toDays: -1 }));
  const files = (caPath: string, certPath: string, keyPath: string) => [
    '--ca',
    caPath,
    '--cert',
    certPath,
    '--key',
    keyPath,
  ];
  const empty = join(freshFolder(), 'x.json');
  await writeFile(empty, '{"prot": 1}');
  const cases: [string, string[], keyof typeof faults][] = [
    ['missing file', ['run', ...files(join(folder, 'none.pem'), certFile, keyFile)], 'BROKER_FILES_INVALID'],
    ['a leaf as CA', ['run', ...files(certFile, certFile, keyFile)], 'BROKER_FILES_INVALID'],
    ['a key as CA', ['run', ...files(keyFile, certFile, keyFile)], 'BROKER_FILES_INVALID'],
    ["another certificate's key", ['run', ...files(caFile, certFile, strange.keyFile)], 'BROKER_FILES_INVALID'],
    ['expired', ['run', ...files(caFile, past.certFile, past.keyFile)], 'BROKER_FILES_INVALID'],
    ['no address of ours', ['run', '--host=192.0.2.1', ...files(caFile, certFile, keyFile)], 'BROKER_PORT_UNAVAILABLE'],
    ['no files named', ['run'], 'CONFIG_INVALID'],
    ['unknown key', ['run', '--config', empty], 'CONFIG_INVALID'],
    ['no such configuration', ['run', '--config', `${empty}.not`], 'CONFIG_MISSING'],
    ['out of range', ['run', '--max-packet-bytes=1', ...files(caFile, certFile, keyFile)], 'CONFIG_INVALID'],
    ['unknown flag', ['run', '--quick'], 'USAGE'],
    ['unknown command', ['walk'], 'USAGE'],
  ];
  for (const [why, args, code] of cases) {
    const outcome = await endOf(start(args));
    t.equal(outcome.code, faults[code].exit, why);
    t.equal(JSON.parse(outcome.err.trim().split('\n').at(-1) ?? '{}').code, code, why);
    t.equal(outcome.out, '', 'no answer');
  }
});

t.test('help names every setting', async (t) => {
  const { code, out } = await endOf(start(['--help']));
  t.equal(code, 0);
  for (const flag of ['--port', '--ca', '--cert', '--key', '--config', '--json', '--max-packet-bytes', '--log-level']) {
    t.ok(out.includes(flag), flag);
  }
});
