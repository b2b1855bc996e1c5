import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { callHub } from '../../../device/control/client.ts';
import { openControl } from '../../../device/control/server.ts';
import { Fault } from '../../../wire/faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'doorward-control-'));
t.teardown(() => rmSync(folder, { recursive: true }));

t.test('the hub answers on its socket, which only its user may open', async (t) => {
  const path = join(folder, 'a.sock');
  const control = await openControl(path, {
    'GET /status': async () => ({ fine: true }),
    'POST /doors/:name/test': async (name) => ({ name }),
    'POST /handover': async () => {
      throw new Fault('DOOR_BUSY', { door: 'front' });
    },
  });
  t.teardown(() => control.close());
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.same(await callHub(path, 'GET', '/status'), { fine: true });
  t.same(await callHub(path, 'POST', '/doors/back%20yard/test'), { name: 'back yard' });
  await t.rejects(callHub(path, 'POST', '/handover'), { code: 'DOOR_BUSY', detail: { door: 'front' } });
  await t.rejects(callHub(path, 'GET', '/nothing'), { code: 'NOT_FOUND' });
});

t.test('a socket that a killed hub left behind is taken over, and without a hub the command says so', async (t) => {
  const path = join(folder, 'b.sock');
  await t.rejects(callHub(path, 'GET', '/status'), { code: 'DAEMON_UNREACHABLE' });
  const first = await openControl(path, {});
  const second = await openControl(path, { 'GET /status': async () => ({ second: true }) });
  t.same(await callHub(path, 'GET', '/status'), { second: true });
  await second.close();
  await first.close();
});

t.test('a hub that takes too long is given up', async (t) => {
  const path = join(folder, 'c.sock');
  const control = await openControl(path, { 'GET /status': () => new Promise(() => undefined) });
  t.teardown(() => control.close());
  await t.rejects(callHub(path, 'GET', '/status', 50), { code: 'DAEMON_UNREACHABLE' });
});
