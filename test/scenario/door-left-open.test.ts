import t from 'tap';
import { openRig } from '../support/rig.ts';
import { sameJournals } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t);

t.test(
  'T05 T32: the courier leaves the door open and vanishes: the owner is told, again, until it is shut',
  async (t) => {
    const errand = await rig.deliver('open');
    const ear = listen(rig);
    await rig.time.pass(62_000);
    t.equal(await untilAlarm(ear, 'DOOR_LEFT_OPEN'), 'entry');
    const view = await errand.visit.look();
    t.match(view, { value: { at: 'open' } }, 'the visit is not over, whoever asks');
    const again = listen(rig);
    await rig.time.pass(302_000);
    t.equal(await untilAlarm(again, 'DOOR_LEFT_OPEN'), 'entry', 'told again');
    errand.door.closeLeaf();
    t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
    await sameJournals(t, rig);
    t.same(rig.owner.journal.alarms, [], 'and the alarm is over');
  },
);

t.test('T42: while the door stands open no command goes to the lock, whatever people ask for', async (t) => {
  const line = rig.sim.line('front');
  const before = line.outs.length;
  const errand = await rig.deliver('open');
  await errand.visit.finish();
  await rig.owner.orders.stop(errand.id);
  await rig.time.pass(70_000);
  t.equal(rig.at(), 'open');
  t.equal(line.outs.length, before + 1, 'the pulse that opened it, and nothing after');
  errand.door.closeLeaf();
  t.match(await errand.end(), { proof: 'secured' });
  t.ok(line.outs.length > before + 1, 'locked once it was shut');
});

t.test('T03: the door opens again after it was closed: journaled, an alarm, and not a completed visit', async (t) => {
  const ear = listen(rig);
  const errand = await rig.deliver('open');
  const locking = new Promise<void>((resolve) => rig.machine.onceAt('locking', resolve));
  await until('it has opened', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  await locking;
  errand.door.openLeaf('key');
  await until('it is seen', () => rig.at() === 'open');
  await untilAlarm(ear, 'DOOR_FORCED_OPEN');
  t.match(await errand.visit.act('open'), { ok: false, code: 'VISIT_WRONG_STATE' }, 'the grant opens nothing again');
  await until('it has opened', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  t.match(await errand.end(), { outcome: 'incomplete' });
  const journal = await sameJournals(t, rig);
  t.equal(journal.filter((text) => text.includes(errand.id) && text.includes('"door.opened"')).length, 2);
});
