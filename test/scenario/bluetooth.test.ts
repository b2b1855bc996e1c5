import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig } from '../support/rig.ts';
import { deliverySteps, sameJournals, stepsOf } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t, { doors: [{ name: 'front', holds: 'nuki' }], consent: 'ask' });
const nuki = rig.sim.nuki('front');
const motions = (): number => nuki.truth().motions;

t.test('a delivery through a door with a Nuki ends secured, as through one with a strike', async (t) => {
  const before = motions();
  const errand = await rig.deliver('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(motions(), before + 2, 'the bolt was drawn once, and thrown once');
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
  const journal = await sameJournals(t, rig);
  t.same(stepsOf(journal, errand.id), deliverySteps);
});

t.test('the connection breaks off once the lock has accepted: it moves once, and the visit ends secured', async (t) => {
  const before = motions();
  const errand = await rig.deliver('ready');
  rig.sim.nukiFault('front', { fault: 'hang-up', next: 1 });
  await errand.to('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(motions(), before + 2);
});

t.test('the adapter is pulled out while the door stands open, and put back: locked and proven', async (t) => {
  const before = motions();
  const errand = await rig.deliver('open');
  rig.sim.airFault({ fault: 'unplug' });
  await until('the hub has lost the lock', () => rig.hub.status().doors[0]?.reachable === false);
  await until('it is open', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  await until('it is shut', () => errand.door.truth().leaf === 'closed');
  t.equal(rig.at(), 'open', 'nobody believes that it is shut');
  t.equal(motions(), before + 1, 'nothing moves unseen');
  rig.sim.airFault({ fault: 'unplug', active: false });
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(motions(), before + 2);
});

t.test('a lock that says nothing when it is told to unlock: told once, and proven locked afterwards', async (t) => {
  const before = motions();
  const errand = await rig.deliver('ready');
  rig.sim.nukiFault('front', { fault: 'drop', way: 'replies', next: 1_000 });
  void errand.visit.open();
  await rig.until('the hub has given up', () => rig.hub.status().doors[0]?.reachable === false);
  rig.sim.nukiFault('front', { fault: 'drop', way: 'replies', active: false });
  t.match(await errand.end(), { outcome: 'lock-failed' });
  await rig.untilCalm();
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
  t.ok(motions() - before === 0 || motions() - before === 2, 'drawn at most once, and thrown again if it was');
});

t.test('the hub stops and starts again while the door stands open: it asks the bolt, and draws nothing', async (t) => {
  const before = motions();
  const errand = await rig.deliver('open');
  await rig.machine.stop();
  await until('it is open', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  await rig.machine.start();
  await rig.untilCalm();
  t.match(await errand.end(), { outcome: 'interrupted', proof: 'secured' });
  t.equal(motions(), before + 2);
});

t.test('T47: a bolt that a key draws while nobody visits is an alarm, and over once it is locked again', async (t) => {
  const ear = listen(rig);
  nuki.turn('unlocked');
  t.equal(await untilAlarm(ear, 'BOLT_MOVED'), 'entry');
  const before = motions();
  await rig.time.pass(30_000);
  t.equal(rig.at(), 'unsecured');
  t.equal(motions(), before, "a bolt that the household drew is the household's to throw");
  nuki.turn('locked');
  await rig.untilCalm();
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
});

t.test('a bolt that jams is an alarm, which only a signature ends', async (t) => {
  const ear = listen(rig);
  const errand = await rig.deliver('closed');
  rig.sim.nukiFault('front', { fault: 'action-fails', code: 0x42, next: 10 });
  t.match(await errand.end(), { outcome: 'lock-failed', proof: 'unsecured' });
  t.equal(await untilAlarm(ear, 'LOCK_JAMMED'), 'entry');
  await t.rejects(rig.deliver('prepared'), { code: 'DOOR_UNSECURED' });
  rig.sim.nukiFault('front', { fault: 'action-fails', active: false });
  const alarm = await until('the alarm stands', () =>
    rig.owner.journal.alarms.find(({ code }) => code === 'LOCK_JAMMED'),
  );
  mustHave(await rig.owner.orders.clear(rig.door().id, alarm.seq));
  await rig.untilCalm();
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
});
