import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SerialPort } from 'serialport';
import t, { type Test } from 'tap';
import { commandCodes } from '../../../hardware-sim/osdp/codec.ts';
import { typescript } from '../../support/node.ts';
import { endOf } from '../../support/program.ts';
import { Controller } from '../osdp/controller.ts';
import { hex } from '../osdp/golden.ts';

const main = join(import.meta.dirname, '../../../hardware-sim/cli/main.ts');

/** Runs the command line. Ends what it started with the test. */
function sim(t: Test, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [typescript, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** A configuration with a front door in a folder of its own. */
function configured(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const doors = [{ id: 'front', output: 0, contactInput: 0, monitorInput: 1, latchMs: 5, leafMs: 5 }];
  const config = {
    lines: [{ id: 'bus', path: at('bus.tty'), paced: false, peripherals: [{ address: 0, installMode: true, doors }] }],
    control: at('sim.sock'),
    state: at('state.json'),
  };
  writeFileSync(at('sim.json'), JSON.stringify(config));
  return { at, config };
}

/** Lines of a running simulator, read one by one. */
function linesOf(child: ChildProcess) {
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  return async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value as string);
}

async function withPort<T>(path: string, use: (cp: Controller) => Promise<T>): Promise<T> {
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const carry = (command: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve) => {
      let heard = Buffer.alloc(0);
      const listen = (chunk: Buffer): void => {
        heard = Buffer.concat([heard, chunk]);
        if (heard.length < 4 || heard.length < heard.readUInt16LE(2)) return;
        port.off('data', listen);
        resolve(new Uint8Array(heard));
      };
      port.on('data', listen);
      port.write(command);
    });
  try {
    return await use(new Controller(carry));
  } finally {
    await new Promise<void>((resolve) => port.close(() => resolve()));
  }
}

const post = (socketPath: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request({ socketPath, method: 'POST', path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject);
    sent.end();
  });

const newKey = hex('000102030405060708090A0B0C0D0E0F');

t.test('a home of its own tells when it is ready, opens for its key, and remembers it', async (t) => {
  const { at } = configured(t);
  const first = sim(t, 'run', '--config', at('sim.json'), '--json');
  const next = linesOf(first);
  t.strictSame(await next(), {
    event: 'ready',
    ports: [{ line: 'bus', path: at('bus.tty') }],
    air: null,
    control: at('sim.sock'),
    doors: ['front'],
  });
  await withPort(at('bus.tty'), async (cp) => {
    t.match(await cp.handshake(), { status: 1 });
    t.match(await cp.ask(commandCodes.keySet, [1, 16, ...newKey]), { code: 0x40 });
    t.match(await cp.ask(commandCodes.output, [0, 5, 50, 0]), { code: 0x40 });
    t.match(await next(), { event: 'door', on: 'strike.energised', door: 'front', n: 1 });
    t.match(await next(), { on: 'latch.free' });
    t.equal(await post(at('sim.sock'), '/doors/front/open-leaf'), 200);
    t.match(await next(), { on: 'leaf.opening', by: 'hand' });
  });
  first.kill('SIGTERM');
  const [code] = (await once(first, 'exit')) as [number];
  t.equal(code, 0);
  t.equal(existsSync(at('bus.tty')), false);
  t.equal(existsSync(at('sim.sock')), false);
  t.equal(JSON.parse(readFileSync(at('state.json'), 'utf8'))['bus/0'].installMode, false);

  const second = sim(t, 'run', '--config', at('sim.json'), '--json');
  t.match(await linesOf(second)(), { event: 'ready' });
  await withPort(at('bus.tty'), async (cp) => {
    t.strictSame(await cp.handshake(), { nak: 5 }, 'the default key is over');
    t.match(await cp.handshake(newKey), { status: 1 });
  });
  second.kill('SIGTERM');
  t.match(await endOf(second), { code: 0 });
});

t.test('what is wrong with the call or the configuration is told by the exit code', async (t) => {
  const { at, config } = configured(t);
  const write = (name: string, body: unknown): string => {
    writeFileSync(at(name), typeof body === 'string' ? body : JSON.stringify(body));
    return at(name);
  };
  for (const [code, fault, args] of [
    [64, 'USAGE', ['fly']],
    [64, 'USAGE', ['run', '--wings']],
    [64, 'USAGE', ['camera', '--camera', 'porch']],
    [64, 'USAGE', ['camera', '--control', at('sim.sock')]],
    [64, 'USAGE', ['run', 'twice', '--config', at('sim.json')]],
    [78, 'CONFIG_MISSING', ['run']],
    [78, 'CONFIG_MISSING', ['run', '--config', at('none.json')]],
    [78, 'CONFIG_INVALID', ['run', '--config', write('broken.json', '{')]],
    [78, 'CONFIG_INVALID', ['run', '--config', write('more.json', { ...config, colour: 'red' })]],
    [78, 'CONFIG_INVALID', ['run', '--config', write('none.json.2', { ...config, lines: [] })]],
  ] as const) {
    const ended = await endOf(sim(t, ...args));
    t.equal(ended.code, code, args.join(' '));
    t.equal(ended.out, '');
    t.ok(ended.err.includes(`[${fault}]`), ended.err);
  }
});

t.test('help is an answer', async (t) => {
  t.match(await endOf(sim(t, '--help')), { code: 0, out: /run:.*camera:/s });
  t.match(await endOf(sim(t, 'run', '--help')), { code: 0, out: /--config/ });
  t.match(await endOf(sim(t, 'camera', '--help')), { code: 0, out: /--codec/ });
});
