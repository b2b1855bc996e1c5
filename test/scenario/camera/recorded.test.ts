import t from 'tap';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { Watcher } from '../../../hardware-sim/people/watcher.ts';
import { openRig } from '../../support/rig.ts';
import { streamOf, untilRelayed } from '../../support/rig-film.ts';
import { kindsOf, sameJournals } from '../../support/rig-journals.ts';
import { until } from '../../support/until.ts';

const rig = await openRig(t, { doors: [{ name: 'front', camera: 'jpeg' }], camera: 'recorded' });

t.test('a visit is filmed from the arrival to the end, and the owner sees it live', async (t) => {
  const errand = await rig.deliver('prepared');
  t.equal(errand.visit.view.camera, 'recorded', 'the visitor is told before anything is filmed');
  t.equal(streamOf(rig, errand.id), undefined, 'and nothing is filmed yet');
  const watcher = await Watcher.open({ owner: rig.owner, door: rig.door().id });
  t.teardown(() => watcher.close());
  await errand.to('ready');
  await until('the owner sees pictures', () => watcher.pictures > 5 && watcher.last?.visit === errand.id);
  await errand.to('ended');
  t.match(await errand.end(), { outcome: 'completed', proof: 'secured' });
  const stream = streamOf(rig, errand.id)!;
  const { hub, relay } = await untilRelayed(rig, stream);
  t.equal(hub.end, 'stopped');
  t.strictSame(
    hub.frames,
    hub.frames.map((_, index) => index + 1),
    'no frame is missing at the hub',
  );
  t.equal(new Set(relay.frames).size, relay.frames.length, 'and none is doubled at the relay');
  await until('the last checkpoint came', () => watcher.checkpoints > 0);
  t.strictSame(watcher.broken, [], 'all that came was what the hub signed');
  const kinds = kindsOf(await sameJournals(t, rig), errand.id);
  for (const kind of ['camera.started', 'camera.live', 'camera.recorded']) {
    t.equal(kinds.filter((one) => one === kind).length, 1, kind);
  }
  t.ok(kinds.indexOf('camera.live') < kinds.indexOf('visit.unlock'), 'R5: first the picture, then the door');
});

t.test('T01: a frozen picture: nothing opens', async (t) => {
  const errand = await rig.deliver('ready');
  rig.sim.cameraFault('front', { fault: 'freeze', active: true });
  await rig.until('the visit is over', () => rig.at() === 'idle');
  const said = await errand.visit.open();
  t.notOk(said.ok);
  t.match(await errand.end(), { outcome: 'incomplete', proof: 'untouched' });
  t.equal(rig.pulses(), 1, 'the pulse of the visit before');
  rig.sim.cameraFault('front', { fault: 'freeze', active: false });
});

t.test('T01: a camera that is frozen from the start never makes a visit ready', async (t) => {
  rig.sim.cameraFault('front', { fault: 'freeze', active: true });
  const errand = await rig.deliver('prepared');
  mustHave(await errand.visit.arrive());
  t.match(await errand.visit.act('open'), { ok: false });
  await rig.until('the camera has had its time', () => rig.at() === 'idle');
  t.match(await errand.end(), { proof: 'untouched' });
  t.notOk(kindsOf(rig.hubJournal(), errand.id).includes('visit.ready'));
  rig.sim.cameraFault('front', { fault: 'freeze', active: false });
});

t.test('a camera that is unplugged while the courier waits at the door: nothing opens', async (t) => {
  const errand = await rig.deliver('ready');
  rig.sim.cameraFault('front', { fault: 'unplug', active: true });
  await rig.until('the visit is over', () => rig.at() === 'idle');
  t.match(await errand.end(), { outcome: 'incomplete', proof: 'untouched' });
  t.equal(rig.pulses(), 1);
  rig.sim.cameraFault('front', { fault: 'unplug', active: false });
});

t.test(
  'T02: a camera that is unplugged in the middle takes no lock along: the door locks, with an alarm',
  async (t) => {
    const errand = await rig.deliver('open');
    rig.sim.cameraFault('front', { fault: 'unplug', active: true });
    await rig.until('it is noticed', () => kindsOf(rig.hubJournal(), errand.id).includes('camera.lost'));
    await errand.to('closed');
    t.match(await errand.end(), { outcome: 'incomplete', proof: 'secured' });
    rig.sim.cameraFault('front', { fault: 'unplug', active: false });
  },
);
