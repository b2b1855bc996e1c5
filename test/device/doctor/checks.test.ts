import t from 'tap';
import * as v from 'valibot';
import { HubConfig } from '../../../device/config/schema.ts';
import { checkCameras } from '../../../device/doctor/cameras.ts';
import { checkContacts } from '../../../device/doctor/contacts.ts';
import { checkDisk } from '../../../device/doctor/disk.ts';
import { worstOf } from '../../../device/doctor/finding.ts';
import { checkLocks } from '../../../device/doctor/locks.ts';
import { checkNode } from '../../../device/doctor/node.ts';
import type { DoorStatus, HubStatus } from '../../../device/status.ts';
import { newDoorId } from '../../support/keys.ts';

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
  t.match(lock({ tampered: true }), { level: 'fail', fix: /housing/ });
  t.match(lock({ bolt: 'jammed' }), { code: 'LOCK_JAMMED', fix: /Someone has to look/ });
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
  t.match(checkCameras(config, failing)[0], { level: 'fail', code: 'CAMERA_SILENT', fix: /cable/ });
  t.match(checkCameras(config, hub({ camera: { ...camera, at: 'off' } }))[0], { level: 'ok', says: /off/ });
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
