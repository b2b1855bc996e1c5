import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { bleAdapter } from '../../../../device/link/ble/adapter.ts';
import { hciController } from '../../../../device/link/ble/hci.ts';
import { unixController } from '../../../../device/link/ble/unix.ts';
import type { Advert } from '../../../../device/link/gatt.ts';
import type { Link } from '../../../../device/link/link.ts';
import { Air, ended } from '../../../../hardware-sim/air/air.ts';
import { Controller } from '../../../../hardware-sim/air/controller.ts';
import { Fault } from '../../../../wire/faults.ts';
import { bleWorld, scripted, uuids, wanted } from '../../../support/ble.ts';
import { codeOf } from '../../../support/code-of.ts';
import { typescript } from '../../../support/node.ts';
import { until } from '../../../support/until.ts';

const address = '54:d2:72:00:00:01';

t.test('what is missing is told apart: no adapter, no permission, an adapter that says nothing', async (t) => {
  const none = bleAdapter(unixController('/nowhere/hci.sock'), { retryMs: 20 });
  t.equal(await codeOf(none.link(address).connect(wanted, 5000)), 'BLE_UNAVAILABLE');
  await none.close();

  const refused = bleAdapter(
    () => Promise.reject(new Fault('LINK_OPEN_FAILED', { reason: 'permission', do: 'Give it CAP_NET_RAW.' })),
    { retryMs: 20 },
  );
  const fault = await refused
    .link(address)
    .connect(wanted, 5000)
    .then(
      () => undefined,
      (cause) => cause as Fault,
    );
  t.match(fault, { code: 'BLE_PERMISSION_MISSING', detail: { do: 'Give it CAP_NET_RAW.' } });
  t.equal(refused.state, 'BLE_PERMISSION_MISSING');
  await refused.close();

  const air = new Air();
  const mute = new Controller(air, { address: '00:00:00:00:00:01' });
  mute.fault({ mute: true });
  const silent = bleAdapter(mute.open, { retryMs: 20, startWithinMs: 100 });
  t.equal(await codeOf(silent.link(address).connect(wanted, 5000)), 'BLE_UNAVAILABLE');
  mute.fault({ mute: false });
  await until('it answers', () => silent.state === 'ready');
  await silent.close();
});

t.test('a controller that was mute past the deadline of a connect connects again once it answers', async (t) => {
  for (const isHeardMeanwhile of [false, true]) {
    const world = await bleWorld({ dropWithinMs: 200 });
    t.teardown(() => world.close());
    const link = world.adapter.link(address);
    await link.connect(wanted, 10_000);
    await link.disconnect();
    if (isHeardMeanwhile) world.adapter.listen(() => undefined);
    world.hub.fault({ mute: true });
    t.equal(await codeOf(link.connect(wanted, 100)), 'BLE_NOT_FOUND');
    world.hub.fault({ mute: false });
    await until('it connects', async () => (await codeOf(link.connect(wanted, 1_000))) === 'done', 20_000);
    await link.disconnect();
  }
});

t.test('a connect that ends without the peripheral costs no other link its connection', async (t) => {
  const world = await bleWorld();
  t.teardown(() => world.close());
  const [near, far] = world.peripherals;
  const other = world.adapter.link(near.address);
  const link = world.adapter.link(far.address);
  await link.connect(wanted, 10_000);
  await link.disconnect();
  far.controller.fault({ deaf: true });
  t.equal(await codeOf(link.connect(wanted, 50)), 'BLE_NOT_FOUND', 'with nobody else connected');
  const calledOff = codeOf(link.connect(wanted, 10_000));
  await new Promise(setImmediate);
  await link.disconnect();
  t.equal(await calledOff, 'LINK_CLOSED');
  await other.connect(wanted, 10_000);
  t.equal(await codeOf(link.connect(wanted, 50)), 'BLE_NOT_FOUND');
  t.ok(other.connected);
  far.controller.fault({ deaf: false });
  await link.connect(wanted, 10_000);
  t.equal(world.air.links, 2);
});

t.test('a connection that is lost before anything was exchanged is made once more, within the deadline', async (t) => {
  const world = await bleWorld();
  t.teardown(() => world.close());
  const { address: at, controller } = world.peripherals[0];
  const link = world.adapter.link(at);
  await link.connect(wanted, 10_000);
  await link.disconnect();
  let losses = 1;
  const joined = controller.joined.bind(controller);
  controller.joined = (made, role) => {
    joined(made, role);
    losses -= 1;
    if (losses >= 0) controller.hangUp(made.handle, ended.notEstablished);
  };
  t.equal(await codeOf(link.connect(wanted, 10_000)), 'done');
  await link.disconnect();
  losses = 2;
  t.equal(await codeOf(link.connect(wanted, 10_000)), 'LINK_CLOSED', 'not for ever');
  t.equal(losses, 0);
  t.equal(await codeOf(link.connect(wanted, 10_000)), 'done');
});

t.test('the kernel: a controller that is not there cannot be opened, and the reason is named', async (t) => {
  const fault = await hciController(250)().then(
    () => undefined,
    (cause) => cause as Fault,
  );
  t.equal(fault?.code, 'LINK_OPEN_FAILED');
  t.match(fault?.detail, { device: 250, reason: /missing|permission/, do: /./ });
});

t.test('a stream that is none of H4 ends the session, and the next one works', async (t) => {
  const air = new Air();
  const hub = new Controller(air, { address: '00:00:00:00:00:01' });
  let tell = (_chunk: Uint8Array): void => undefined;
  const adapter = bleAdapter(
    async (): Promise<Link> => {
      const plug = await hub.open();
      return {
        ...plug,
        onData: (listener) => {
          tell = listener;
          // Cut anywhere: byte by byte.
          plug.onData((chunk) => {
            for (const byte of chunk) listener(Uint8Array.of(byte));
          });
        },
      };
    },
    { retryMs: 20 },
  );
  await until('it is ready', () => adapter.state === 'ready');
  tell(Uint8Array.of(0x77));
  await until('it is gone', () => adapter.state === 'BLE_UNAVAILABLE');
  await until('it is ready again', () => adapter.state === 'ready');
  await adapter.close();
  t.equal(adapter.state, 'BLE_UNAVAILABLE');
});

t.test('adverts tell name, services and data as they are on the air', async (t) => {
  const world = await bleWorld();
  t.teardown(() => world.close());
  // Flags, then manufacturer data of company 0x004c, then service data of 16-bit service 0x00ff.
  await world.peripherals[0].device.advertise(Buffer.from('02010605ff4c0002010516ff00a1b2', 'hex'));
  const adverts: Advert[] = [];
  const stop = world.adapter.listen((advert) => advert.address === address && adverts.push(advert));
  await until('an advert', () => adverts.length > 0);
  stop();
  const last = adverts.at(-1)!;
  t.match(last, { address, name: 'Scripted', rssiDbm: -60 });
  t.same(Buffer.from(last.manufacturerData!).toString('hex'), '4c000201');
  t.same(Buffer.from(last.serviceData.get('00ff')!).toString('hex'), 'a1b2');
});

t.test('a hub without Bluetooth loads nothing of it, and signals stay the affair of the hub', async (t) => {
  const folder = join(import.meta.dirname, '../../../..');
  const probe = `
    const { bleAdapter } = await import('./device/link/ble/adapter.ts');
    const { createRequire } = await import('node:module');
    const loaded = () => Object.keys(createRequire(process.cwd() + '/x.js').cache).some((name) => name.includes('@stoprocent'));
    const before = loaded();
    const { Air } = await import('./hardware-sim/air/air.ts');
    const { Controller } = await import('./hardware-sim/air/controller.ts');
    const signals = process.listenerCount('SIGINT');
    const hub = new Controller(new Air(), { address: '00:00:00:00:00:01' });
    const adapter = bleAdapter(hub.open);
    await new Promise((resolve) => adapter.onState(resolve));
    console.log(JSON.stringify({ before, after: loaded(), state: adapter.state, sigint: process.listenerCount('SIGINT') - signals }));
    await adapter.close();
    console.log(process.listenerCount('exit'));
  `;
  const answer = execFileSync(process.execPath, [typescript, '--input-type=module', '-e', probe], { cwd: folder });
  const [first, exits] = answer.toString().trim().split('\n');
  t.same(JSON.parse(first!), { before: false, after: true, state: 'ready', sigint: 0 });
  t.match(exits, /^\d+$/);
});

const rounds = process.env.DOORWARD_LONG === '1' ? 1000 : 200;

t.test(`${rounds} reconnects leave no listener and no memory behind`, async (t) => {
  const world = await bleWorld();
  t.teardown(() => world.close());
  const link = world.adapter.link(address);
  const round = async (at: number): Promise<void> => {
    await link.connect(wanted, 10_000);
    let heard = 0;
    await link.subscribe(uuids.echo, () => (heard += 1), 10_000);
    await link.write(uuids.echo, Uint8Array.of(at & 255), 10_000);
    await until('the echo', () => heard > 0);
    await link.disconnect();
  };
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapBytes = (): number => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const listeners = (): number => process.listenerCount('exit') + process.listenerCount('SIGINT');
  for (let at = 0; at < 50; at += 1) await round(at);
  const before = listeners();
  const growth: number[] = [];
  for (let part = 0; part < 5; part += 1) {
    const heap = heapBytes();
    for (let at = 0; at < rounds / 5; at += 1) await round(at);
    growth.push(Math.round((heapBytes() - heap) / (rounds / 5)));
  }
  t.equal(listeners(), before);
  t.same(warnings, [], 'no emitter has too many listeners');
  // What leaks does so in every part; compiled code and other one-off growth shows in one or two.
  const bytesEach = growth.sort((a, b) => a - b)[2]!;
  t.ok(bytesEach < 5120, `${growth.join(', ')} bytes of heap a reconnect`);
  t.equal(world.air.links, 0);
});

t.test('a stack that has heard too many devices forgets them, and nobody notices', async (t) => {
  const world = await bleWorld({ forgetAfter: 4 });
  t.teardown(() => world.close());
  const states: string[] = [];
  world.adapter.onState((state) => states.push(state));
  const stop = world.adapter.listen(() => undefined);
  const more = await Promise.all(['a', 'b', 'c'].map((digit) => scripted(world.air, `54:d2:72:00:00:0${digit}`)));
  t.teardown(() => Promise.all(more.map(({ device }) => device.close())));
  const resets = (): number => world.hub.commandsSeen.get(0x0c03) ?? 0;
  const before = resets();
  await until('it starts afresh', () => resets() > before);
  const link = world.adapter.link(address);
  t.equal(await codeOf(link.connect(wanted, 10_000)), 'done');
  t.same(states, []);
  stop();
  await link.disconnect();
});

t.test('an advert says what was said last, and nothing of before', async (t) => {
  const air = new Air();
  const hub = new Controller(air, { address: '00:00:00:00:00:01' });
  const lock = new Controller(air, { address });
  const adapter = bleAdapter(hub.open, { retryMs: 20 });
  t.teardown(() => adapter.close());
  let last: Advert | undefined;
  adapter.listen((advert) => {
    last = advert;
  });
  const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
  lock.advertising = true;
  // Service data of 0xfe59, then manufacturer data of company 0x004c, then neither.
  lock.advertData = bytes('051659fe0102');
  air.stir();
  await until('service data', () => last?.serviceData.size === 1);
  lock.advertData = bytes('05ff4c000215');
  await until('manufacturer data', () => last?.manufacturerData !== undefined);
  t.equal(last?.serviceData.size, 0);
  lock.advertData = bytes('020106');
  await until('neither', () => last?.manufacturerData === undefined);
  t.equal(last?.serviceData.size, 0);
});
