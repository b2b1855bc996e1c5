import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import t from 'tap';
import { typescript } from '../../support/node.ts';

const program = resolve(import.meta.dirname, '../../../cloud-bridge/cli/main.ts');

interface Run {
  readonly stdout: () => string;
  readonly ended: Promise<number | null>;
  readonly firstLine: Promise<string>;
  stop(): void;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [typescript, program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  const firstLine = new Promise<string>((done) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) done(text.split('\n')[0]!);
    });
  });
  return {
    stdout: () => text,
    firstLine,
    ended: new Promise((done) => child.once('exit', (code) => done(code))),
    stop: () => void child.kill('SIGTERM'),
  };
}

t.test('init and run bring a service up, and SIGTERM takes it down', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'doorward-cli-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const init = start('init', '--data', dataDir, '--json');
  t.equal(await init.ended, 0);
  const installed = JSON.parse(init.stdout());
  t.match(installed, { ok: true, fresh: true, rootHash: /^[\w-]{43}$/, operatorToken: /^dwo_[\w-]{43}$/ });
  const again = start('init', '--data', dataDir, '--json');
  await again.ended;
  t.same(JSON.parse(again.stdout()), { ...installed, fresh: false });

  const config = join(dataDir, 'cloud.json');
  await writeFile(config, JSON.stringify({ dataDir, logLevel: 'silent', port: 1 }));
  const run = start('run', '--config', config, '--port', '0', '--broker', 'mqtts://127.0.0.1:1', '--json');
  const ready = JSON.parse(await run.firstLine);
  t.match(ready, { ok: true, event: 'ready', url: /^http:\/\/127\.0\.0\.1:\d+$/ });
  t.match(await (await fetch(`${ready.url}/health`)).json(), { ok: true, broker: false });
  const hubs = await fetch(`${ready.url}/v1/hubs`, { headers: { authorization: `Bearer ${installed.operatorToken}` } });
  t.same(await hubs.json(), { hubs: [] });
  run.stop();
  t.equal(await run.ended, 0);
});

t.test('what goes wrong has an exit code and a code', async (t) => {
  const cases: readonly [string[], number, string][] = [
    [['fly', '--json'], 64, 'USAGE'],
    [['run', '--colour', 'red', '--json'], 64, 'USAGE'],
    [['run', '--config', '/nowhere.json', '--json'], 78, 'CONFIG_MISSING'],
    [['run', '--data', '/nowhere', '--json'], 78, 'CONFIG_INVALID'],
  ];
  const runs = cases.map(([args]) => start(...args));
  for (const [index, [args, exit, code]] of cases.entries()) {
    const run = runs[index]!;
    t.equal(await run.ended, exit, args.join(' '));
    t.match(JSON.parse(run.stdout()), { ok: false, code });
  }
  const help = start('run', '--help');
  t.equal(await help.ended, 0);
  t.match(help.stdout(), /--broker/);
});
