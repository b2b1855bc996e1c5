import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { systemClock } from '../../../device/clock/clock.ts';
import { bleAdapter } from '../../../device/link/ble/adapter.ts';
import { unixController } from '../../../device/link/ble/unix.ts';
import type { GattAdapter } from '../../../device/link/gatt.ts';
import { type Credentials, credentialStore } from '../../../device/lock/nuki/credentials.ts';
import { nukiLock } from '../../../device/lock/nuki/driver.ts';
import { pairNuki } from '../../../device/lock/nuki/pairing.ts';
import { pushOpen } from '../../../hardware-sim/start/door.ts';
import { typescript } from '../../support/node.ts';
import { until } from '../../support/until.ts';
import { ask as askSocket } from '../control/ask.ts';

const main = join(import.meta.dirname, '../../../hardware-sim/cli/main.ts');
const draw = (count: number): Uint8Array => new Uint8Array(randomBytes(count));

const front = { id: 'front', generation: 'gen4', address: '54:d2:72:00:00:01', nukiId: 1, pin: 1234, keypad: true };
const side = { id: 'side', generation: 'ultra', address: '54:d2:72:00:00:02', nukiId: 2, pin: 123_456, latch: true };
const times = { leafMs: 20, latchMs: 10, boltMs: 100, replyMs: 2 };

/** A home without a line in a process of its own, and the adapter of a hub that finds it. */
async function home(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  const at = (name: string): string => join(folder, name);
  const config = {
    air: { path: at('hci.sock') },
    nukis: [
      { ...front, ...times },
      { ...side, ...times, chunkBytes: 20 },
    ],
    control: at('sim.sock'),
    state: at('state.json'),
  };
  writeFileSync(at('sim.json'), JSON.stringify(config));
  let child: ChildProcess | undefined;
  const start = async (): Promise<Record<string, unknown>> => {
    const args = [typescript, main, 'run', '--config', at('sim.json'), '--json'];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout!);
    const [line] = (await once(lines, 'line')) as [string];
    return JSON.parse(line);
  };
  const stop = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ended = once(child!, 'exit');
    child!.kill(signal);
    const [code] = await ended;
    return code;
  };
  const adapter = bleAdapter(unixController(at('hci.sock')), { retryMs: 20 });
  t.teardown(async () => {
    await adapter.close();
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const ask = (method: string, path: string, body?: object) => askSocket(at('sim.sock'), method, path, body);
  const isReady = (): Promise<boolean> => until('the adapter is ready', () => adapter.state === 'ready');
  return { at, adapter, start, stop, ask, isReady };
}

type Ask = Awaited<ReturnType<typeof home>>['ask'];

/** Somebody holds the button while the hub pairs. */
async function pair(adapter: GattAdapter, ask: Ask, lock: typeof front | typeof side): Promise<Credentials> {
  const kept = new Map<string, Uint8Array>();
  const secrets = {
    get: async (name: string) => kept.get(name),
    put: async (name: string, bytes: Uint8Array) => void kept.set(name, bytes),
    remove: async (name: string) => void kept.delete(name),
  };
  const held = await ask('POST', `/nukis/${lock.id}/press-button`, { forMs: 5_000 });
  if (held.status !== 200) throw held;
  return pairNuki({
    ...{ link: adapter.link(lock.address), clock: systemClock, randomBytes: draw, appId: 77, name: 'Doorward' },
    store: credentialStore(secrets, lock.address),
    ...{ variant: lock.generation === 'ultra' ? 'newer' : 'older', as: 'bridge', pin: lock.pin },
    ...{ connectMs: 20_000, replyMs: 20_000 },
  });
}

function drive(t: Test, adapter: GattAdapter, { address }: { address: string }, credentials: Credentials) {
  const { lock } = nukiLock({
    ...{ adapter, address, credentials, clock: systemClock, randomBytes: draw, doorSensor: true, pullsLatch: true },
    ...{ now: () => undefined, onEvent: () => undefined },
    timing: { connectMs: 20_000, replyMs: 20_000, stateMs: 20_000, againMs: 50, retryMs: 50, lingerMs: 600_000 },
  });
  t.teardown(() => lock.close());
  return lock;
}

t.test('the shipped hub pairs, unlocks and locks a home in another process, which outlives its end', async (t) => {
  const { at, adapter, start, stop, ask, isReady } = await home(t);
  t.match(await start(), { event: 'ready', ports: [], air: at('hci.sock'), doors: ['front', 'side'] });
  await isReady();
  const credentials = await pair(adapter, ask, front);
  const lock = drive(t, adapter, front, credentials);
  await lock.start();
  await until('a report', () => lock.last()?.bolt === 'locked');
  t.match(await ask('POST', '/doors/front/open-leaf'), { status: 409, body: { because: 'bolted' } });
  await lock.unlock({ expiresInMs: 10_000 });
  t.match(lock.last(), { bolt: 'unlocked', contact: 'closed' });
  t.match(await ask('POST', '/doors/front/open-leaf'), { status: 200, body: { bolt: 'drawn' } });
  await until('the hub sees it open', () => lock.last()?.contact === 'open');
  t.match(await ask('POST', '/doors/front/close-leaf'), { status: 200 });
  await until('the hub sees it closed', () => lock.last()?.contact === 'closed');
  await lock.lock();
  t.match(lock.last(), { bolt: 'locked' });
  t.match(await ask('GET', '/nukis/front'), {
    body: { bolt: 'thrown', motions: 2, authorizations: 1, connections: 1 },
  });
  await lock.unlock({ expiresInMs: 10_000 });

  const before = (await ask('GET', '/nukis/front')).body as { logged: number };
  await stop('SIGKILL');
  await until('the adapter is gone', () => adapter.state === 'BLE_UNAVAILABLE');
  await start();
  await isReady();
  t.match(await ask('GET', '/nukis/front'), { body: { bolt: 'drawn', authorizations: 1, logged: before.logged } });
  await until('it is known as it was', async () => (await lock.state()).bolt === 'unlocked');
  await lock.lock();
  t.match(lock.last(), { bolt: 'locked' });

  t.match(await ask('POST', '/doors/front/use-key'), { status: 200 });
  await until('a hand at the key shows', () => lock.last()?.bolt === 'unlocked');
  await lock.close();
  await adapter.close();
  t.equal(await stop('SIGTERM'), 0);
  t.equal(existsSync(at('hci.sock')), false);
});

t.test('two locks at once; behind a knob a hand waits for the latch', async (t) => {
  const { at, adapter, start, stop, ask, isReady } = await home(t);
  await start();
  await isReady();
  const locks = [
    drive(t, adapter, front, await pair(adapter, ask, front)),
    drive(t, adapter, side, await pair(adapter, ask, side)),
  ] as const;
  for (const lock of locks) await lock.start();
  await until('both are seen', () => locks.every((lock) => lock.last()?.bolt === 'locked'));
  await Promise.all(locks.map((lock) => lock.unlock({ expiresInMs: 10_000 })));
  t.match(await ask('GET', '/air'), { body: { links: 2, plugged: true } });
  t.match(await ask('POST', '/doors/side/open-leaf'), { status: 409, body: { because: 'latched' } });
  const opening = locks[1].open({ forMs: 1_000, expiresInMs: 10_000 });
  await pushOpen(at('sim.sock'), 'side', 60_000);
  await opening;
  t.match(await ask('GET', '/doors/side'), { body: { leaf: 'open', bolt: 'drawn' } });

  await ask('POST', '/air/fault', { fault: 'unplug' });
  await until('the adapter is gone', () => adapter.state === 'BLE_UNAVAILABLE');
  await ask('POST', '/air/fault', { fault: 'unplug', active: false });
  await isReady();
  await locks[0].lock();
  t.match(await ask('GET', '/doors/front'), { body: { bolt: 'thrown' } });
  t.equal(await stop('SIGINT'), 0);
});
