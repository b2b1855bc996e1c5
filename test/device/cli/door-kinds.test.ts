import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Air } from '../../../hardware-sim/air/air.ts';
import { Controller } from '../../../hardware-sim/air/controller.ts';
import { airPeripheral } from '../../../hardware-sim/air/peripheral.ts';
import { serveController } from '../../../hardware-sim/air/socket.ts';
import { realClock } from '../../../hardware-sim/clock.ts';
import { faults } from '../../../wire/faults.ts';
import { street } from '../../hardware-sim/nuki/street.ts';
import { scripted, sitting } from '../../support/terminal.ts';

const address = '54:d2:72:00:00:01';

/** A hub's machine that has no hub yet; its Bluetooth controller is behind a socket. */
function machine(t: Test): { config: string; socket: string; doors: () => object[] } {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-kinds-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [config, socket] = [join(folder, 'hub.json'), join(folder, 'hci.sock')];
  writeFileSync(config, JSON.stringify({ dataDir: 'data', doors: [], bluetooth: { socket } }));
  return { config, socket, doors: () => JSON.parse(readFileSync(config, 'utf8')).doors };
}

t.test('without a hub the adapter itself listens: a Nuki is picked from those in reach', async (t) => {
  const { config, socket, doors } = machine(t);
  const none = await scripted(['lock', 'scan', '--for-seconds', '1', '--config', config, '--json']);
  t.equal(none.exit, faults.BLE_UNAVAILABLE.exit);
  t.match(JSON.parse(none.out), { code: 'BLE_UNAVAILABLE', detail: { reason: 'missing' } });

  const air = new Air();
  t.teardown(await serveController(new Controller(air, { address: '00:00:00:00:00:01' }), socket));
  const silent = await scripted(['lock', 'scan', '--for-seconds', '1', '--config', config]);
  t.equal(silent.exit, 0, silent.said);
  t.match(silent.out, /No Nuki lock was heard.*hold the button of the lock for 5 seconds/);

  const { nuki } = street({ clock: realClock });
  nuki.holdButton();
  const { name, payload } = nuki.advert()!;
  const lock = new Controller(air, { address });
  const services = [{ uuid: '180a', characteristics: [] }];
  const device = await airPeripheral(lock.open, { name, services, advert: payload });
  t.teardown(async () => {
    await device.close();
    nuki.close();
  });
  const one = sitting(['door', 'add', 'front', '--config', config]);
  await one.sees(/What holds it/);
  one.types('nuki');
  await one.sees(/Hold the button of the lock/);
  await one.sees(/1 heard/);
  one.interrupts();
  await one.sees(/1 {2}33c335c5 {2}54:d2:72:00:00:01 .*its button was held: pair it now/);
  one.types('7');
  await one.sees(/Type a number of the list/);
  one.types('1');
  await one.sees(/Is a door sensor paired.*\[no\]/);
  one.types('perhaps');
  await one.sees(/Type yes or no/);
  one.types('yes');
  await one.sees(/May it pull the latch/);
  one.types('');
  await one.sees(/front: added as door-.*then: doorward lock pair front/);
  t.equal(await one.ends(), 0, one.screen());
  t.match(doors(), [{ name: 'front', lock: { kind: 'nuki', address, doorSensor: true, pullsLatch: false } }]);
});

t.test('in a script: a Nuki and a garage door by flags alone', async (t) => {
  const { config, doors } = machine(t);
  const add = (...more: string[]) => scripted(['door', 'add', ...more, '--config', config, '--json']);
  const nuki = await add('front', '--nuki', address.toUpperCase(), '--pulls-latch');
  t.equal(nuki.exit, 0, nuki.said);
  t.match(nuki.said, /no door sensor: couriers are refused/);
  t.match(nuki.said, /No camera: rules that demand a picture/);
  const garage = await add('garage', '--barrier', '--port', 'line', '--output', '2', '--contact', '1');
  t.equal(garage.exit, 0, garage.said);
  t.match(doors(), [
    { lock: { kind: 'nuki', address, doorSensor: false, pullsLatch: true } },
    { name: 'garage', barrier: { kind: 'osdp', port: 'line', output: 2, pulseMs: 500, contact: { input: 1 } } },
  ]);
  t.notOk('lock' in doors()[1]!);
  t.match((await add('x', '--barrier', '--nuki', address)).said, /either --nuki or --barrier/);
  t.match((await add('x', '--nuki', 'AA:BB')).said, /doors.2.lock.address/);
  t.equal(doors().length, 2);
});

t.test('a bell is written as it is given, and refused where its door has no line', async (t) => {
  const { config, doors } = machine(t);
  const strike = ['--port', '/dev/line', '--contact', '0', '--monitor', '1'];
  const strikeAnswers = ['--baud', '9600', '--address', '0', '--output', '0'];
  const levels = ['--closed-when', 'inactive', '--locked-when', 'active'];
  const add = (name: string, ...more: string[]) => scripted(['door', 'add', name, '--config', config, ...more]);
  const bell = { kind: 'osdp', input: 2 };
  const added = await add('front', ...strike, ...strikeAnswers, ...levels, '--bell', JSON.stringify(bell));
  t.equal(added.exit, 0, added.said);
  t.match(doors(), [{ name: 'front', bell }]);
  const refused = await add('side', '--nuki', address, '--door-sensor', '--bell', JSON.stringify(bell));
  t.equal(refused.exit, faults.CONFIG_INVALID.exit, refused.said);
  const clash = await add(
    'back',
    ...strike.with(1, '/dev/other'),
    ...strikeAnswers,
    ...levels,
    '--bell',
    '{"kind":"osdp","input":1}',
  );
  t.notMatch(doors(), [{}, { name: 'side' }]);
  t.match(clash.said, /two contacts, monitors or bells have the same input/);
});
