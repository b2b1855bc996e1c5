import t from 'tap';
import { openRig } from '../support/rig.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';
import { until } from '../support/until.ts';

t.test('T07: the entry that says "unlock" is on disk before the first byte of the command', async (t) => {
  const rig = await openRig(t);
  const line = rig.sim.line('front');
  for (let visit = 0; visit < 3; visit += 1) {
    const [outs, commits] = [line.outs.length, rig.disk.commits.length];
    const errand = await rig.deliver('unlocked');
    const unlock = rig.disk.commits.slice(commits).find(({ kinds }) => kinds.includes('visit.unlock'));
    const out = line.outs[outs];
    t.ok(unlock !== undefined && out !== undefined);
    t.ok((unlock?.atMs ?? Number.NaN) < (out?.firstByteMs ?? Number.NaN), 'recorded first');
    await errand.to('ended');
  }
});

t.test('T07: uploads are swallowed during a visit: the hub knows what is missing, and nothing is lost', async (t) => {
  const rig = await openRig(t);
  const errand = await rig.deliver('ready');
  await until('the cloud has all', () => rig.hub.status().acked === rig.hub.status().head);
  rig.machine.swallowed.add('journal');
  await errand.to('ended');
  await until('something was swallowed', () => rig.machine.lost > 0);
  const { acked, head } = rig.hub.status();
  t.ok(acked < head, 'the gap shows');
  t.notOk(kindsOf(await rig.cloudJournal(), errand.id).includes('visit.unlock'));
  rig.machine.swallowed.clear();
  await rig.time.pass(62_000);
  t.ok(kindsOf(await sameJournals(t, rig), errand.id).includes('visit.unlock'), 'sent again until it is acknowledged');
});
