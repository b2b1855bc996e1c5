import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { controlRoutes } from '../../../device/control/routes.ts';
import { openControl } from '../../../device/control/server.ts';
import { faults } from '../../../wire/faults.ts';
import { doorward } from '../../support/program.ts';
import { openRig, type Rig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

/** A running hub with its control socket, and a configuration that the commands find it by. */
async function home(t: Parameters<typeof openRig>[0]): Promise<{ rig: Rig; config: string }> {
  const rig = await openRig(t);
  const control = await openControl(join(rig.folders.hub, 'hub.sock'), controlRoutes(rig.hub));
  t.teardown(() => control.close());
  const config = join(rig.folders.hub, 'config.json');
  writeFileSync(config, JSON.stringify({ dataDir: rig.folders.hub, doors: [] }));
  return { rig, config };
}

t.test('a command that is written wrongly says how to write it, and nothing happens', async (t) => {
  const unknown = await doorward('lock', 'smash');
  t.equal(unknown.exit, faults.USAGE.exit);
  t.match(unknown.said, /there is no command "lock smash"/);
  t.match(unknown.said, /doorward lock status/);
  const flag = await doorward('lock', 'status', '--explode');
  t.equal(flag.exit, faults.USAGE.exit);
  t.match(flag.said, /explode/);
  const args = await doorward('lock', 'test');
  t.match(args.said, /doorward lock test <door>/);
  t.equal((await doorward('--help')).exit, 0);
  t.match((await doorward('lock', 'test', '--help')).out, /Asks first/);
});

t.test('without a hub each command says what to do next, in JSON too', async (t) => {
  const gone = await doorward('lock', 'status', '--config', '/nowhere.json', '--json');
  t.equal(gone.exit, faults.CONFIG_MISSING.exit);
  t.match(JSON.parse(gone.out), { ok: false, code: 'CONFIG_MISSING', detail: { path: '/nowhere.json' } });
});

t.test('status, journal and a lock test on a running hub', async (t) => {
  const { rig, config } = await home(t);
  const status = await doorward('lock', 'status', 'front', '--config', config, '--json');
  t.match(JSON.parse(status.out), {
    ok: true,
    online: true,
    doors: [{ name: 'front', bolt: 'locked', contact: 'closed' }],
  });
  t.match((await doorward('lock', 'status', 'back', '--config', config)).said, /DOOR_UNKNOWN/);

  const refused = await doorward('lock', 'test', 'front', '--config', config, '--json');
  t.equal(refused.exit, faults.NOT_CONFIRMED.exit, 'nothing moves without a yes');
  t.equal(rig.pulses(), 0);

  const testing = doorward('lock', 'test', 'front', '--config', config, '--json', '--yes');
  const door = rig.sim.door('front');
  await until('the strike lets go', () => door.openLeaf().moved);
  await until('the leaf is open', () => door.truth().leaf === 'open');
  await until('the hub has seen it', () => rig.hub.status().doors[0]?.contact === 'open');
  door.closeLeaf();
  const tested = await testing;
  t.match(JSON.parse(tested.out), { ok: true, outcome: 'completed', proof: 'secured' });
  t.equal(rig.pulses(), 1);

  const tail = await doorward('journal', 'tail', '-n', '2', '--config', config, '--json');
  const lines = tail.out.trim().split('\n');
  t.match(JSON.parse(lines.at(-1)!), { kind: 'lock.tested' });
  t.match(JSON.parse((await doorward('journal', 'verify', '--config', config, '--json')).out), { ok: true });

  const exported = await doorward('journal', 'export', '--config', config);
  const file = join(rig.folders.hub, 'export.jsonl');
  writeFileSync(file, exported.out);
  t.match(JSON.parse((await doorward('journal', 'verify', file, '--json')).out), { ok: true, hub: rig.hubId });
  writeFileSync(file, exported.out.replace('secured', 'untouched'));
  const edited = await doorward('journal', 'verify', file, '--json');
  t.equal(edited.exit, faults.JOURNAL_EDITED.exit);
  t.match(JSON.parse(edited.out), { ok: false, code: 'JOURNAL_EDITED' });
});
