import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startSimHome } from '../../hardware-sim/home.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { layDoors } from '../support/rig-doors.ts';
import { Errand } from '../support/rig-errand.ts';
import { RigHub } from '../support/rig-hub.ts';
import { leafOf } from '../support/rig-leaf.ts';
import { makeHome, rulesFor, takeOver } from '../support/rig-people.ts';
import { openReplayer } from '../support/rig-replay.ts';
import { until } from '../support/until.ts';

/** A second home at the same cloud and broker, where the same carrier delivers. @returns an errand to its door, with its grant */
async function grantNextDoor(t: Test, rig: Rig): Promise<{ errand: Errand; machine: RigHub }> {
  const folder = join(rig.folders.hub, '..', 'next-door');
  mkdirSync(folder);
  const laid = layDoors([{ name: 'front' }], folder, false);
  const sim = startSimHome(laid.sim, rig.time);
  t.teardown(() => sim.close());
  const dataDir = join(folder, 'hub');
  const machine = new RigHub({ dataDir, doors: laid.hub, clock: rig.time, openStore: rig.disk.open });
  t.teardown(() => machine.stop());
  const { token } = await makeHome(rig.operator);
  await machine.enrol(rig.world.base, token, rig.rootHash, rig.time.now());
  await machine.start();
  await machine.hub.pairLock('front', {});
  await until('the door next door is proven', () => machine.hub.status().doors[0]?.at === 'idle');
  await until('its hub is online', () => machine.hub.status().clock === 'trusted');
  const owner = await takeOver(machine.hub.openHandover().uri, rig.world);
  t.teardown(() => {
    owner.unfollow();
    owner.http.close();
  });
  const door = [...laid.doors.values()][0]!;
  mustHave(
    await owner.orders.setRules(rulesFor([door.id], rig.carrier, rig.time.now(), { consent: 'auto', camera: 'off' })),
  );
  const errand = new Errand({
    world: rig.world,
    owner,
    carrier: rig.carrier,
    door: { id: door.id, leaf: leafOf(sim.door('front')), sim: sim.door('front') },
    at: () => machine.hub.status().doors[0]?.at ?? 'gone',
    consent: 'auto',
  });
  t.teardown(() => errand.close());
  return { errand: await errand.to('granted'), machine };
}

t.test('T33: the grant for a parcel of the home next door opens nothing here, and opens there', async (t) => {
  const rig = await openRig(t);
  const { errand } = await grantNextDoor(t, rig);
  const replayer = await openReplayer(t, rig);
  const { grant, assignment, approval } = errand.task;
  const bundle = { grant, ...(assignment ? { assignment } : {}), ...(approval ? { approval } : {}) };
  const answer = await replayer.send(replayer.write({ op: 'visit.prepare', bundle }));
  t.match(answer, { ok: false, code: 'GRANT_WRONG_HUB' });
  t.equal(rig.pulses(), 0);
  t.ok(
    rig.hubJournal().some((text) => text.includes('GRANT_WRONG_HUB')),
    'and the journal says so',
  );
  t.match(await (await errand.to('ended')).end(), { outcome: 'completed', proof: 'secured' }, 'next door it is good');
});
