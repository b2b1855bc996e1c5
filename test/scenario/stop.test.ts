import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { openRig } from '../support/rig.ts';
import type { Step } from '../support/rig-errand.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';

/** Where the owner stops, and how the visit ends then. */
const rows: readonly { readonly at: Step; readonly pulses: number; readonly proof: string }[] = [
  { at: 'ready', pulses: 0, proof: 'untouched' },
  { at: 'unlocked', pulses: 1, proof: 'locked' },
  { at: 'open', pulses: 1, proof: 'secured' },
  { at: 'closed', pulses: 1, proof: 'secured' },
];

const rig = await openRig(t);

for (const { at, pulses, proof } of rows) {
  t.test(`the owner stops a visit that is ${at}: stopped, ${proof}`, async (t) => {
    const before = rig.pulses();
    const errand = await rig.deliver(at);
    mustHave(await rig.owner.orders.stop(errand.id));
    if (at === 'open') {
      t.equal(rig.at(), 'open', 'nothing is thrown into an open door');
      await errand.to('closed');
    }
    t.match(await errand.end(), { outcome: 'stopped', proof });
    t.equal(rig.pulses(), before + pulses);
    t.match(errand.door.truth(), { leaf: 'closed', latch: 'home' });
    t.match(await errand.visit.act('open'), { ok: false, code: 'VISIT_ENDED' });
    const told = await rig.carrier.dispatch.told.until(
      (one) => one.news === 'state' && one.delivery === errand.delivery && one.outcome === 'stopped',
      5_000,
    );
    t.match(told, { state: 'failed', outcome: 'stopped', proof }, 'the carrier is told');
    t.ok(kindsOf(await sameJournals(t, rig), errand.id).includes('visit.stopped'));
  });
}

t.test('the owner stops a visit before the courier arrives: there is nothing to arrive at', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('prepared');
  mustHave(await rig.owner.orders.stop(errand.id));
  await t.rejects(errand.to('ready'));
  t.equal(rig.pulses(), before);
  t.equal(rig.at(), 'idle');
});

t.test('the owner stops a visit while the command to open is on its way: it is locked again at once', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('ready');
  rig.sim.lineFault('front', { fault: 'delay', ms: 150 });
  const opening = errand.visit.open();
  await new Promise<void>((resolve) => rig.machine.onceAt('unlocking', resolve));
  mustHave(await rig.owner.orders.stop(errand.id));
  await opening;
  rig.sim.lineFault('front', { fault: 'delay', ms: 0, active: false });
  t.match(await errand.end(), { outcome: 'stopped', proof: 'locked' });
  t.ok(rig.pulses() - before <= 1);
  t.match(errand.door.truth(), { leaf: 'closed', latch: 'home', energised: false });
});

t.test('the courier gives up: aborted, and nothing opened', async (t) => {
  const before = rig.pulses();
  const errand = await rig.deliver('ready');
  mustHave(await errand.visit.abort());
  t.match(await errand.end(), { outcome: 'aborted', proof: 'untouched' });
  t.equal(rig.pulses(), before);
});
