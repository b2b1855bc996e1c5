import t from 'tap';
import { openRig } from '../support/rig.ts';
import { kindsOf, sameJournals } from '../support/rig-journals.ts';

const rig = await openRig(t, { doors: [{ name: 'front', holds: 'nuki' }], consent: 'ask' });

t.test('a delivery through a door with a Nuki ends secured, as through one with a strike', async (t) => {
  const before = rig.sim.nuki('front').truth().motions;
  const errand = await rig.deliver('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  t.equal(rig.sim.nuki('front').truth().motions, before + 2, 'the bolt was drawn once, and thrown once');
  t.equal(rig.sim.door('front').truth().bolt, 'thrown');
  const journal = await sameJournals(t, rig);
  t.same(
    kindsOf(journal, errand.id).filter((kind) => kind !== 'visit.finished'),
    [
      'visit.prepared',
      'visit.arrived',
      'visit.ready',
      'visit.unlock',
      'bolt.driven',
      'door.opened',
      'door.closed',
      'door.locking',
      'bolt.driven',
      'door.secured',
      'visit.ended',
    ],
  );
});
