import t from 'tap';
import { openRig } from '../support/rig.ts';
import type { Step } from '../support/rig-errand.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';

/** Where the hub stops and starts again, and what may be said of that visit afterwards. */
const rows: readonly { readonly at: Step; readonly proof: string }[] = [
  { at: 'ready', proof: 'untouched' },
  { at: 'unlocked', proof: 'locked' },
  { at: 'open', proof: 'secured' },
  { at: 'closed', proof: 'secured' },
];

const rig = await openRig(t);

for (const { at, proof } of rows) {
  t.test(`the hub stops and starts again while the visit is ${at}: interrupted, ${proof}`, async (t) => {
    const before = rig.pulses();
    const errand = await rig.deliver(at);
    const opened = rig.pulses();
    await rig.machine.stop();
    if (errand.door.truth().leaf !== 'closed') errand.door.closeLeaf();
    await rig.machine.start();
    await rig.untilCalm();
    t.match(await errand.end(), { outcome: 'interrupted', proof });
    t.equal(rig.pulses(), opened, 'a restart opens nothing');
    t.equal(opened, before + (at === 'ready' ? 0 : 1));
    const again = await errand.visit.act('open');
    t.match(again, { ok: false, code: 'VISIT_ENDED' }, 'the visit is over for good');
    const journal = await sameJournals(t, rig);
    t.equal(kindsOf(journal, errand.id).filter((kind) => kind === 'visit.ended').length, 1);
  });
}
