import t from 'tap';
import { Fault, type FaultCode } from '../../wire/faults.ts';
import { openRig } from '../support/rig.ts';
import { sameJournals, stepsOf } from '../support/rig-journals.ts';
import { listen, untilAlarm } from '../support/rig-told.ts';

const rig = await openRig(t, { doors: [{ name: 'garage', holds: 'barrier' }] });
const barrier = rig.sim.barrier('garage');

const refusalOf = (work: Promise<unknown>): Promise<FaultCode | 'none'> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof Fault ? error.code : Promise.reject(error)),
  );

t.test('just started, the hub sends no pulse: one of the process before may still be at work', async (t) => {
  t.throws(() => rig.hub.beginTest('garage'), { code: 'BARRIER_NOT_PROVEN' }, 'nor for the test of an installer');
  t.equal(rig.at(), 'idle');
  const errand = await rig.deliver('ready');
  t.match(await errand.visit.open(), { ok: false, code: 'BARRIER_NOT_PROVEN' });
  t.equal(rig.at(), 'ready', 'and the courier may press again');
  t.equal(barrier.truth().pulses, 0);
  await rig.time.hasten(30_000);
  await errand.to('ended');
  t.equal(barrier.truth().pulses, 1, 'half a minute later');
});

t.test('a delivery into the garage: one pulse, shut by the courier, proven closed', async (t) => {
  await rig.untilCalm();
  const errand = await rig.deliver('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(barrier.truth().pulses, 2);
  t.equal(barrier.truth().closes, 0, 'nothing closes it from afar');
  const journal = await sameJournals(t, rig);
  t.same(stepsOf(journal, errand.id), [
    'visit.prepared',
    'visit.arrived',
    'visit.ready',
    'visit.unlock',
    'bolt.driven',
    'door.opened',
    'door.closed',
    'door.secured',
    'visit.ended',
  ]);
});

t.test('left open, it is an alarm, and never a second pulse; shut, it is over', async (t) => {
  await rig.untilCalm();
  const before = barrier.truth().pulses;
  const errand = await rig.deliver('open');
  const ear = listen(rig);
  await rig.time.pass(62_000);
  t.equal(await untilAlarm(ear, 'DOOR_LEFT_OPEN'), 'entry');
  await rig.owner.orders.stop(errand.id);
  t.equal(await refusalOf(rig.deliver('prepared')), 'DOOR_BUSY', 'and nobody else is let in');
  t.equal(barrier.truth().pulses, before + 1);
  barrier.press();
  t.match(await errand.end(), { proof: 'secured' });
});
