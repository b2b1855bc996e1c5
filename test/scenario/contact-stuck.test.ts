import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig } from '../support/rig.ts';
import { sameJournals, toEntries } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t);

t.test(
  'a contact stuck closed, and the courier says "done": a contact fault, which only a signature ends',
  async (t) => {
    const ear = listen(rig);
    const errand = await rig.deliver('ready');
    rig.sim.doorFault('front', { fault: 'contact-stuck' });
    await errand.to('unlocked');
    await until('it is pulled open', () => errand.door.openLeaf().moved);
    await until('it has opened', () => errand.door.truth().leaf === 'open');
    errand.door.closeLeaf();
    await until('it is shut', () => errand.door.truth().leaf === 'closed');
    mustHave(await errand.visit.finish());
    t.match(await errand.end(), { outcome: 'contact-fault', proof: 'unsecured' });
    t.equal(await untilAlarm(ear, 'CONTACT_FAULT'), 'entry');
    await t.rejects(rig.deliver('prepared'), { code: 'DOOR_UNSECURED' });

    rig.sim.doorFault('front', { fault: 'contact-stuck', active: false });
    await rig.time.pass(70_000);
    t.equal(rig.at(), 'unsecured', 'a contact that failed once is not believed by itself');
    const alarm = await until('the alarm stands', () =>
      rig.owner.journal.alarms.find(({ code }) => code === 'CONTACT_FAULT'),
    );
    mustHave(await rig.owner.orders.clear(rig.door().id, alarm.seq));
    await rig.untilCalm();
    await rig.until('the owner knows that it is over', () => rig.owner.journal.alarms.length === 0);
    await sameJournals(t, rig);
  },
);

t.test('a contact stuck closed, and the courier vanishes: locked at most, never secured', async (t) => {
  const errand = await rig.deliver('ready');
  rig.sim.doorFault('front', { fault: 'contact-stuck' });
  await errand.to('unlocked');
  await until('it is pulled open', () => errand.door.openLeaf().moved);
  await until('it has opened', () => errand.door.truth().leaf === 'open');
  errand.door.closeLeaf();
  t.match(await errand.end(), { outcome: 'nobody-entered', proof: 'locked' });
  rig.sim.doorFault('front', { fault: 'contact-stuck', active: false });
  await rig.untilCalm();
});

t.test(
  'a contact stuck closed over a door that stays open: the monitor contradicts it, and it is an alarm',
  async (t) => {
    const ear = listen(rig);
    const errand = await rig.deliver('ready');
    rig.sim.doorFault('front', { fault: 'contact-stuck' });
    await errand.to('unlocked');
    await until('it is pulled open', () => errand.door.openLeaf().moved);
    await until('it has opened', () => errand.door.truth().leaf === 'open');
    await rig.time.hasten(40_000);
    t.match(await errand.end(), { outcome: 'lock-failed', proof: 'unsecured' });
    await untilAlarm(ear, 'DOOR_NOT_LOCKED');
    rig.sim.doorFault('front', { fault: 'contact-stuck', active: false });
    await until('the open door is seen', () => rig.hub.status().doors[0]?.contact === 'open');
    errand.door.closeLeaf();
    await rig.time.hasten(40_000);
    await rig.untilCalm();
  },
);

t.test('in all of that nothing was ever called secured', async (t) => {
  const ended = toEntries(rig.hubJournal()).filter(({ kind }) => kind === 'visit.ended');
  t.equal(ended.length, 3);
  for (const { body } of ended) t.not(body.proof, 'secured');
});
