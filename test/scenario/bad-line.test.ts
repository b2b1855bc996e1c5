import t from 'tap';
import { openRig } from '../support/rig.ts';
import { sameJournals } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';
import { until } from '../support/until.ts';

const rig = await openRig(t);
const line = rig.sim.line('front');

t.test(
  'the power of the strike fails while the door is open: not secured, an alarm, and proven when power is back',
  async (t) => {
    const ear = listen(rig);
    const before = rig.pulses();
    const errand = await rig.deliver('open');
    rig.sim.lineFault('front', { fault: 'power-cut' });
    await until('it has opened', () => errand.door.truth().leaf === 'open');
    errand.door.closeLeaf();
    await rig.time.pass(70_000);
    t.equal(await untilAlarm(ear, 'LOCK_OFFLINE'), 'entry');
    t.match(await errand.visit.look(), { value: { at: 'open' } }, 'unseen is not closed: the visit is not over');
    await t.rejects(rig.deliver('prepared'), 'no visit starts at a door that nobody can see');
    rig.sim.lineFault('front', { fault: 'power-cut', active: false });
    await rig.untilCalm();
    const end = await errand.end();
    t.ok(end.proof !== 'secured' || end.outcome === 'completed', 'secured only with the evidence after it');
    t.equal(rig.pulses(), before + 1, 'power that comes back opens nothing');
    await sameJournals(t, rig);
  },
);

t.test('the power of the strike fails while it is released: the door is never called secured on that', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('unlocked');
  rig.sim.lineFault('front', { fault: 'power-cut' });
  await rig.time.pass(60_000);
  t.match(await errand.end(), { outcome: 'lock-failed', proof: 'unsecured' });
  rig.sim.lineFault('front', { fault: 'power-cut', active: false });
  await rig.untilCalm();
  t.equal(rig.pulses(), before + 1);
});

t.test('T04: every answer of the lock is kept back from the lock command on: it never ends locked', async (t) => {
  const ear = listen(rig);
  rig.machine.onceAt('locking', () => rig.sim.lineFault('front', { fault: 'drop', way: 'replies' }));
  const errand = await rig.deliver('closed');
  await rig.time.pass(80_000);
  t.match(await errand.end(), { outcome: 'lock-failed', proof: 'unsecured' });
  await untilAlarm(ear, 'LOCK_OFFLINE');
  rig.sim.lineFault('front', { fault: 'drop', way: 'replies', active: false });
  await rig.untilCalm();
  await rig.until('the alarm ends with the evidence', () => rig.owner.journal.alarms.length === 0);
  await sameJournals(t, rig);
});

t.test('the latch jams free: not locked, an alarm, and no new visit until it is home', async (t) => {
  const ear = listen(rig);
  rig.sim.doorFault('front', { fault: 'jam', at: 'free' });
  const errand = await rig.deliver('closed');
  await rig.until('the hub gives up', () => rig.at() === 'unsecured');
  t.match(await errand.end(), { outcome: 'lock-failed', proof: 'unsecured' });
  await untilAlarm(ear, 'DOOR_NOT_LOCKED');
  await t.rejects(rig.deliver('prepared'), { code: 'DOOR_UNSECURED' });
  rig.sim.doorFault('front', { fault: 'jam', at: 'free', active: false });
  await rig.untilCalm();
});

t.test('the latch jams home: nobody gets in, and that is what is said', async (t) => {
  const errand = await rig.deliver('ready');
  rig.sim.doorFault('front', { fault: 'jam', at: 'home' });
  await errand.to('unlocked');
  t.match(errand.door.openLeaf(), { moved: false });
  t.match(await errand.end(), { outcome: 'nobody-entered', proof: 'locked' });
  rig.sim.doorFault('front', { fault: 'jam', at: 'home', active: false });
});

t.test('the strike is silent when the courier says open: the command is dropped and does not run later', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('ready');
  rig.sim.lineFault('front', { fault: 'silent' });
  const opening = errand.visit.open();
  await until('the command is under way', () => rig.at() === 'unlocking');
  await rig.time.pass(60_000);
  await opening;
  rig.sim.lineFault('front', { fault: 'silent', active: false });
  await rig.untilCalm();
  const end = await errand.end();
  t.equal(end.outcome, 'lock-failed');
  t.not(end.proof, 'secured');
  t.equal(rig.pulses(), before, 'a late pulse opens nothing');
});

t.test('the answer to the opening pulse is lost: it is sent again and runs once', async (t) => {
  const before = rig.pulses();
  const ran = line.bus.outsRun;
  const outs = line.outs.length;
  const errand = await rig.deliver('ready');
  rig.machine.onceAt('unlocking', () => rig.sim.lineFault('front', { fault: 'drop', way: 'replies', next: 2 }));
  await errand.to('unlocked');
  t.equal(rig.pulses(), before + 1);
  t.equal(line.bus.outsRun, ran + 1);
  const [first, ...more] = line.outs.slice(outs).map(({ outcome }) => outcome);
  t.equal(first, 'ran');
  t.ok(more.includes('resent'), 'the same bytes came again');
  t.match(await (await errand.to('ended')).end(), { outcome: 'completed', proof: 'secured' });
});

for (const chance of [0.05, 0.2]) {
  t.test(
    `each frame is lost or spoilt with a chance of ${chance}: it opens once at most, and secured means secured`,
    async (t) => {
      const before = rig.pulses();
      const errand = await rig.deliver('ready');
      for (const way of ['commands', 'replies'] as const) {
        rig.sim.lineFault('front', { fault: 'drop', way, chance });
        rig.sim.lineFault('front', { fault: 'corrupt', way, chance });
      }
      await errand.to('closed').catch(() => undefined);
      if (errand.door.truth().leaf !== 'closed') errand.door.closeLeaf();
      await rig.time.pass(60_000);
      for (const way of ['commands', 'replies'] as const) {
        rig.sim.lineFault('front', { fault: 'drop', way, active: false });
        rig.sim.lineFault('front', { fault: 'corrupt', way, active: false });
      }
      const truth = errand.door.truth();
      await rig.untilCalm();
      const end = await errand.end();
      if (end.proof === 'secured') t.match(truth, { leaf: 'closed', latch: 'home' });
      t.ok(rig.pulses() - before <= 1);
      await sameJournals(t, rig);
    },
  );
}

t.test(
  'the adapter is pulled out while the door is open, and put back: the visit ends with what is seen after it',
  async (t) => {
    const before = rig.pulses();
    const errand = await rig.deliver('open');
    rig.sim.lineFault('front', { fault: 'unplug' });
    await until('the hub has noticed', () => rig.hub.status().doors[0]?.bolt === 'unavailable');
    await until('it has opened', () => errand.door.truth().leaf === 'open');
    errand.door.closeLeaf();
    await until('it is shut', () => errand.door.truth().leaf === 'closed');
    t.equal(rig.at(), 'open', 'unseen is not closed');
    rig.sim.lineFault('front', { fault: 'unplug', active: false });
    t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
    t.equal(rig.pulses(), before + 1);
    await sameJournals(t, rig);
  },
);
