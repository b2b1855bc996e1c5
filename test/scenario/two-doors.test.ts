import t from 'tap';
import { openRig } from '../support/rig.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';

t.test(
  'visits at three doors of one hub go on at the same time, each with its own strike and its own end',
  async (t) => {
    const rig = await openRig(t, {
      doors: [
        { name: 'front', line: 'bus', address: 0 },
        { name: 'back', line: 'bus', address: 1, output: 0 },
        { name: 'garage', line: 'bus', address: 1, output: 1 },
      ],
    });
    const names = ['front', 'back', 'garage'];
    const errands = await Promise.all(names.map((name) => rig.deliver('open', name)));
    t.same(
      names.map((name) => rig.at(name)),
      ['open', 'open', 'open'],
      'all three stand open together',
    );
    await Promise.all(errands.map((errand) => errand.to('ended')));
    const ends = await Promise.all(errands.map((errand) => errand.end()));
    for (const [index, end] of ends.entries())
      t.match(end, { outcome: 'completed', proof: 'secured' }, `${names[index]}`);
    t.same(
      names.map((name) => rig.pulses(name)),
      [1, 1, 1],
      'each strike let go once',
    );
    const journal = await sameJournals(t, rig);
    for (const errand of errands)
      t.equal(kindsOf(journal, errand.id).filter((kind) => kind === 'visit.unlock').length, 1);
  },
);

t.test('a second visit is not let in while one is under way at the same door', async (t) => {
  const rig = await openRig(t);
  const first = await rig.deliver('ready');
  await t.rejects(rig.deliver('prepared'), { code: 'DOOR_BUSY' });
  await first.to('ended');
  const second = await rig.deliver('ended');
  t.match(await second.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(rig.pulses(), 2);
});
