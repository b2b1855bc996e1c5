import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import * as v from 'valibot';
import { systemClock } from '../../../device/clock/clock.ts';
import { HubConfig } from '../../../device/config/schema.ts';
import { checkCameras } from '../../../device/doctor/cameras.ts';
import { checkContacts } from '../../../device/doctor/contacts.ts';
import { checkDisk } from '../../../device/doctor/disk.ts';
import { type Finding, worstOf } from '../../../device/doctor/finding.ts';
import { checkHub } from '../../../device/doctor/hub.ts';
import { checkLocks } from '../../../device/doctor/locks.ts';
import { checkNode } from '../../../device/doctor/node.ts';
import { checkRadio } from '../../../device/doctor/radio.ts';
import type { DoorStatus, HubStatus } from '../../../device/status.ts';
import { Air } from '../../../hardware-sim/air/air.ts';
import { Controller } from '../../../hardware-sim/air/controller.ts';
import { serveController } from '../../../hardware-sim/air/socket.ts';
import { Fault } from '../../../wire/faults.ts';
import { newDoorId } from '../../support/keys.ts';
import { livingCamera, program } from '../camera/programs.ts';

const id = newDoorId();
const config = v.parse(HubConfig, {
  dataDir: '/x',
  doors: [
    {
      id,
      name: 'front',
      lock: { kind: 'osdp', port: '/x/tty', contact: { input: 0 }, monitor: { input: 1 } },
      camera: { kind: 'process', codec: 'jpeg', command: [process.execPath] },
    },
  ],
});
const well: DoorStatus = {
  ...{ id, name: 'front', bolt: 'locked', contact: 'closed', ageMs: 40, at: 'idle', alarms: [], reachable: true },
};
const hub = (door: Partial<DoorStatus>): HubStatus => ({
  ...{ hub: 'hub-x', home: 'h', online: true, media: 'ready', clock: 'trusted', head: 1, acked: 1, owners: 1 },
  doors: [{ ...well, ...door }],
});

t.test('Node.js and disk have a least', async (t) => {
  for (const version of ['20.19.0', '20.20.2', '22.0.0']) t.equal(checkNode(version).level, 'ok', version);
  for (const version of ['18.20.0', '20.18.9']) t.match(checkNode(version), { level: 'fail', fix: /Install Node/ });
  t.equal(checkDisk({ freeBytes: 2 ** 30, freeFiles: 1_000 }, 2 ** 28).level, 'ok');
  t.equal(checkDisk({ freeBytes: 2 ** 27 }, 2 ** 28).level, 'warn');
  t.match(checkDisk({ freeBytes: 2 ** 20 }, 2 ** 28), { level: 'fail', code: 'JOURNAL_UNAVAILABLE', fix: /Free disk/ });
  t.equal(checkDisk({ freeBytes: 2 ** 30, freeFiles: 3 }, 2 ** 28).level, 'fail');
});

t.test('a lock that is away, open, jammed or well', async (t) => {
  const lock = (door: Partial<DoorStatus>) => checkLocks(hub(door))[0];
  t.match(lock({ identity: 'SIM 1' }), { level: 'ok', says: /SIM 1.*bolt locked/ });
  t.match(lock({ reachable: false, fault: 'OSDP_KEY_MISSING' }), { code: 'OSDP_KEY_MISSING', fix: /Pair it first/ });
  t.match(lock({ reachable: false }), { code: 'LOCK_UNAVAILABLE', fix: /cable/ });
  t.match(lock({ reachable: false, heldBy: 'nuki' }), { code: 'LOCK_UNAVAILABLE', fix: /lock scan/ });
  t.match(lock({ tampered: true }), { level: 'fail', fix: /housing/ });
  t.match(lock({ bolt: 'jammed' }), { code: 'LOCK_JAMMED', fix: /Someone has to look/ });
});

t.test('a battery that is low, empty, or not told', async (t) => {
  const lock = (door: Partial<DoorStatus>) => checkLocks(hub(door))[0];
  t.match(lock({ batteryPercent: 20 }), { level: 'ok', says: /battery 20 %/ });
  t.match(lock({ batteryPercent: 18 }), { level: 'warn', fix: /Change the batteries/ });
  t.match(lock({ batteryPercent: 8 }), { level: 'fail', code: 'LOCK_BATTERY_EMPTY' });
  t.match(lock({ batteryPercent: 40, batteryCritical: true }), { level: 'fail', code: 'LOCK_BATTERY_EMPTY' });
  t.match(lock({ batteryPercent: 0 }), { level: 'warn', says: /not told/ });
  const charging = { batteryCharging: true };
  t.match(lock({ batteryPercent: 15, ...charging }), { level: 'ok', says: /battery 15 %, charging/ });
  const empty = lock({ batteryPercent: 4, batteryCritical: true, ...charging });
  t.match(empty, { level: 'warn', says: /nearly empty still/, fix: /charger/ });
  const keypad = { batteryPercent: 80, keypadBatteryCritical: true };
  t.match(lock(keypad), {
    level: 'warn',
    says: /battery 80 %; .*its keypad is/,
    fix: 'Change the battery of the keypad.',
  });
  t.match(lock({ ...keypad, sensorBatteryCritical: true }), {
    fix: 'Change the battery of the keypad and door sensor.',
  });
  t.match(
    lock({ ...keypad, batteryPercent: 8 }),
    { level: 'fail', code: 'LOCK_BATTERY_EMPTY' },
    'the lock comes first',
  );
  t.match(lock({ keypadBatteryCritical: false, batteryCharging: false }), { level: 'ok' });
  t.match(lock({ reachable: false, fault: 'NUKI_NOT_PAIRED' }), { fix: 'Pair it first: doorward lock pair front' });
});

t.test('the Bluetooth adapter: through the hub that has it, else by itself', async (t) => {
  const nuki = { id, name: 'front', lock: { kind: 'nuki', address: '54:d2:72:00:00:01' } };
  const folder = mkdtempSync(join(tmpdir(), 'doorward-radio-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, 'hci.sock');
  const airy = v.parse(HubConfig, { dataDir: '/x', doors: [nuki], bluetooth: { socket } });
  t.same(await checkRadio(config, undefined, false), [], 'nothing where no door needs it');
  const [ready] = await checkRadio(airy, { ...hub({}), radio: { state: 'ready' } }, true);
  t.match(ready, { level: 'ok', says: /for itself/ });
  t.match((await checkRadio(airy, hub({}), true))[0], { level: 'warn', fix: /Restart the hub/ });
  t.match((await checkRadio(airy, undefined, true))[0], { level: 'warn' });
  const busy = { state: 'BLE_UNAVAILABLE', reason: 'busy', do: 'Stop bluetoothd' } as const;
  const [taken] = await checkRadio(airy, { ...hub({}), radio: busy }, true);
  t.match(taken, { level: 'fail', code: 'BLE_UNAVAILABLE', says: /reason: busy/, fix: 'Stop bluetoothd' });
  const forbidden = { state: 'BLE_PERMISSION_MISSING', reason: 'permission' } as const;
  t.match((await checkRadio(airy, { ...hub({}), radio: forbidden }, true))[0], { fix: /CAP_NET_ADMIN/ });

  t.match((await checkRadio(airy, undefined, false))[0], { code: 'BLE_UNAVAILABLE', says: /reason: missing/ });
  const controller = new Controller(new Air(), { address: '00:00:00:00:00:01' });
  const stop = await serveController(controller, socket);
  t.teardown(stop);
  t.match((await checkRadio(airy, undefined, false))[0], { level: 'ok', says: /free for the hub/ });
});

t.test('a bell on the input of a contact or a monitor is a mistake', async (t) => {
  const [door] = config.doors;
  const withBell = (input: number) =>
    checkContacts(
      { ...config, doors: [{ ...door!, bell: { kind: 'osdp', input, pressedWhen: 'active' } }] },
      undefined,
    );
  t.match([withBell(0), withBell(1)], [[{ level: 'fail' }], [{ level: 'fail' }]]);
  t.match(withBell(2), [{ level: 'ok' }]);
});

t.test('levels that cannot be, and inputs that say nothing', async (t) => {
  const contact = (door: Partial<DoorStatus>) => checkContacts(config, hub(door))[0];
  t.match(contact({}), { level: 'ok', says: 'door closed, bolt locked' });
  t.match(contact({ contact: 'unknown' }), { level: 'fail', fix: /has these inputs/ });
  t.match(contact({ bolt: 'unknown' }), { level: 'fail' });
  t.match(contact({ ageMs: 60_000 }), { level: 'fail', code: 'LOCK_SILENT' });
  t.match(contact({ ageMs: -1 }), { level: 'fail' });
  t.match(contact({ contact: 'open' }), { level: 'warn', fix: /closedWhen/ });
  t.match(contact({ bolt: 'unlocked' }), { level: 'warn', fix: /lockedWhen/ });
  t.match(contact({ bolt: 'unlocked', contact: 'open', at: 'open' }), { level: 'ok' }, 'in a visit doors are open');
  t.match(contact({ alarms: ['DOOR_FORCED'] }), { level: 'warn', says: /DOOR_FORCED/ });
  t.match(contact({ reachable: false }), { level: 'warn', fix: /lock first/ });
});

t.test('a camera that fails while the hub runs', async (t) => {
  const camera = { framesPerSecond: 0, restarts: 4 };
  const failing = hub({ camera: { ...camera, at: 'failed', code: 'CAMERA_SILENT' } });
  const look = (status: HubStatus) => checkCameras(config, status, { isRunning: true, clock: systemClock }).next();
  t.match((await look(failing)).value, { level: 'fail', code: 'CAMERA_SILENT', fix: /cable/ });
  t.match((await look(hub({ camera: { ...camera, at: 'off' } }))).value, { level: 'ok', says: /off/ });
});

t.test('without a hub each camera is started for a moment', async (t) => {
  const look = async (command: readonly string[], more: object = {}): Promise<Finding> => {
    const camera = { kind: 'process', codec: 'jpeg', command, ...more };
    const doors = config.doors.map((door) => ({ ...door, camera }));
    const filmed = v.parse(HubConfig, { ...config, doors });
    const found = await checkCameras(filmed, undefined, { isRunning: false, clock: systemClock }).next();
    return found.value as Finding;
  };
  const raw = { raw: { width: 16, height: 16 } };
  t.match(await look(livingCamera({ raw: true }), raw), { level: 'ok' });
  t.match(await look(program('setInterval(() => out(jpeg(1)), 50);')), { code: 'CAMERA_NOT_LIVE', says: /frozen/ });
  t.match(await look(livingCamera(), raw), { code: 'CAMERA_RAW_SILENT' });
  t.match(await look(program('process.exit(1);')), { code: 'CAMERA_GONE', fix: /./ });
});

t.test('a hub that is not connected, or takes no visits, says both and why', (t) => {
  const look = (more: Partial<HubStatus>) => checkHub({ config, status: { ...hub({}), ...more } });
  t.match(look({}), [{ level: 'ok' }, { check: 'owner', level: 'ok' }]);
  t.match(look({ online: false, refusing: 'HUB_UNWITNESSED' }), [
    { level: 'fail', code: 'BROKER_UNREACHABLE' },
    { level: 'fail', code: 'HUB_UNWITNESSED', fix: /until the cloud has answered/ },
  ]);
  const mute = checkHub({ config, status: new Fault('DAEMON_UNREACHABLE') });
  t.match(mute, [{ code: 'DAEMON_UNREACHABLE', fix: /Restart it/ }]);
  t.match(look({ refusing: 'HUB_BEHIND' }), [{ code: 'HUB_BEHIND', fix: /Enrol the hub afresh/ }]);
  t.end();
});

t.test('the worst counts, and the first that fails gives the exit code', async (t) => {
  const one = { check: 'a', says: 'b' };
  t.same(worstOf([]), { level: 'ok' });
  t.same(
    worstOf([
      { ...one, level: 'warn' },
      { ...one, level: 'ok' },
    ]),
    { level: 'warn' },
  );
  const failing = [
    { ...one, level: 'fail', code: 'DOOR_OPEN' },
    { ...one, level: 'fail', code: 'USAGE' },
  ] as const;
  t.same(worstOf([{ ...one, level: 'warn' }, ...failing]), { level: 'fail', code: 'DOOR_OPEN' });
});
