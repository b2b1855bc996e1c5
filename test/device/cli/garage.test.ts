import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { controlRoutes } from '../../../device/control/routes.ts';
import { openControl } from '../../../device/control/server.ts';
import { openRig } from '../../support/rig.ts';
import { sitting } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

t.test('the test of a garage door waits until a pulse may be sent, and says so', async (t) => {
  const rig = await openRig(t, { doors: [{ name: 'garage', holds: 'barrier' }] });
  const control = await openControl(join(rig.folders.hub, 'hub.sock'), controlRoutes(rig.hub));
  t.teardown(() => control.close());
  const config = join(rig.folders.hub, 'config.json');
  writeFileSync(config, JSON.stringify({ dataDir: rig.folders.hub, doors: [] }));
  const barrier = rig.sim.barrier('garage');

  const one = sitting(['lock', 'test', 'garage', '--yes', '--config', config]);
  await one.sees(/Waiting until it has been seen closed and still for half a minute/);
  t.equal(barrier.truth().pulses, 0);
  t.equal(rig.at(), 'idle');
  await rig.time.hasten(30_000);
  await one.sees(/asked to open/);
  await one.sees(/it opens by itself/);
  await one.sees(/door open: close it again, with its own button/);
  await until('it stands open', async () => {
    await rig.time.hasten(500);
    return barrier.truth().height === 1 && barrier.truth().moves === 'no';
  });
  barrier.press();
  await until('it is shut', async () => {
    await rig.time.hasten(500);
    return barrier.truth().height === 0;
  });
  await one.sees(/garage: completed after .* proven closed/);
  t.equal(await one.ends(), 0, one.screen());
  t.equal(barrier.truth().pulses, 1);
});
