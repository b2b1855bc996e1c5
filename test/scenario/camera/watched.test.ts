import { pbkdf2 } from 'node:crypto';
import t from 'tap';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { Watcher } from '../../../hardware-sim/people/watcher.ts';
import { openRig } from '../../support/rig.ts';
import { kindsOf } from '../../support/rig-journals.ts';
import { until } from '../../support/until.ts';

const rig = await openRig(t, { doors: [{ name: 'front', camera: 'jpeg' }], camera: 'watched' });
const door = rig.door().id;

t.test(
  'R5, S090: watched: a relay that acknowledges every picture opens nothing while nobody signs for seeing',
  async (t) => {
    const blind = await Watcher.open({ owner: rig.owner, door });
    t.teardown(() => blind.close());
    const errand = await rig.deliver('prepared');
    mustHave(await errand.visit.arrive());
    await until('pictures are acknowledged', () => blind.pictures > 30);
    t.equal(rig.at(), 'preparing');
    t.match(await errand.visit.act('open'), { ok: false });
    await rig.owner.orders.stop(errand.id);
    t.match(await errand.end(), { outcome: 'stopped', proof: 'untouched' });
    t.equal(rig.pulses(), 0);
  },
);

t.test('R8: the owner stops the visit while watching', async (t) => {
  const watcher = await Watcher.open({ owner: rig.owner, door, sees: true });
  t.teardown(() => watcher.close());
  const errand = await rig.deliver('ready');
  const before = rig.pulses();
  mustHave(await rig.owner.orders.stop(errand.id));
  t.match(await errand.end(), { outcome: 'stopped', proof: 'untouched' });
  t.equal(rig.pulses(), before);
});

t.test(
  'an owner who watches lets the visit go on, and one who looks away in the middle ends it as incomplete',
  async (t) => {
    const watcher = await Watcher.open({ owner: rig.owner, door, sees: true });
    const errand = await rig.deliver('open');
    t.strictSame(watcher.broken, []);
    t.strictSame(watcher.refused, [], 'the hub took every sight');
    watcher.close();
    await rig.until('it is noticed', () => kindsOf(rig.hubJournal(), errand.id).includes('camera.lost'));
    await errand.to('closed');
    t.match(await errand.end(), { outcome: 'incomplete', proof: 'secured' });
  },
);

/** Keeps every thread of the process that does cryptography at work, as a slow phone is. @returns ends it */
function beSlow(): () => void {
  let isSlow = true;
  const work = (): void => pbkdf2('slow', 'phone', 50_000, 64, 'sha512', () => isSlow && work());
  for (let thread = 0; thread < 8; thread += 1) work();
  return () => {
    isSlow = false;
  };
}

t.test('the next visit is watched as the first was, by a phone that is slow to begin', async (t) => {
  const beQuick = beSlow();
  t.teardown(beQuick);
  const watcher = await Watcher.open({ owner: rig.owner, door, sees: true });
  t.teardown(() => watcher.close());
  beQuick();
  const errand = await rig.deliver('ready');
  mustHave(await rig.owner.orders.stop(errand.id));
  t.match(await errand.end(), { outcome: 'stopped', proof: 'untouched' });
});
