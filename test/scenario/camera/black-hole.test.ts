import t from 'tap';
import { openRig, type Rig } from '../../support/rig.ts';
import { hubFilm, streamOf, untilRelayed } from '../../support/rig-film.ts';
import { kindsOf, sameJournals } from '../../support/rig-journals.ts';
import { listen, untilAlarm } from '../../support/rig-told.ts';
import { until } from '../../support/until.ts';

// The attack on a sold system of 2017: the camera's radio is jammed without a reset, and the owner keeps seeing the last picture.
// The strike waits longer than the loss of the picture takes to be noticed.
const doors = [{ name: 'front', camera: 'jpeg', hub: { unlockForMs: 60_000 } }] as const;
const rig = await openRig(t, { doors, camera: 'recorded' });

/** The link of the pictures alone is swallowed: whoever commands the lock goes on. */
const pictures = (index: number): boolean => index > 0;

const lost = (rig: Rig, visit: string): boolean => kindsOf(rig.hubJournal(), visit).includes('camera.lost');

t.test('swallowed before the door is released: it is never released (R5)', async (t) => {
  const errand = await rig.deliver('ready');
  rig.hole.swallow(pictures);
  await rig.until('the visit is over', () => rig.at() === 'idle');
  t.notOk((await errand.visit.open()).ok);
  t.match(await errand.end(), { outcome: 'incomplete', proof: 'untouched' });
  t.equal(rig.pulses(), 0);
  rig.hole.mend();
});

t.test('swallowed from the start: the visit is never ready', async (t) => {
  rig.hole.swallow(pictures);
  const errand = await rig.deliver('prepared');
  await errand.visit.arrive();
  await rig.until('the camera has had its time', () => rig.at() === 'idle');
  t.notOk(kindsOf(rig.hubJournal(), errand.id).includes('visit.ready'));
  t.match(await errand.end(), { proof: 'untouched' });
  t.equal(rig.pulses(), 0);
  rig.hole.mend();
});

for (const step of ['unlocked', 'open'] as const) {
  t.test(
    `swallowed when the door is ${step}: it is filmed on, locked, an alarm, and the film comes late`,
    async (t) => {
      const ear = listen(rig);
      const errand = await rig.deliver(step);
      rig.hole.swallow(pictures);
      const stream = streamOf(rig, errand.id)!;
      const before = hubFilm(rig, stream)?.frames.length ?? 0;
      await rig.until('it is noticed', () => lost(rig, errand.id));
      await untilAlarm(ear, 'CAMERA_LOST');
      if (step === 'open') {
        await until('it is filmed on', () => (hubFilm(rig, stream)?.frames.length ?? 0) > before + 10);
        await errand.to('closed');
      }
      // Where nobody was seen to enter, the bolt is proven, and no more is claimed.
      t.match(await errand.end(), { outcome: 'incomplete', proof: step === 'open' ? 'secured' : 'locked' });
      rig.hole.mend();
      const { hub } = await untilRelayed(rig, stream);
      t.ok((hub.late ?? 0) > 0, `the hub signed that ${hub.late} frames came late`);
      await rig.until('the journal says so', () => kindsOf(rig.hubJournal(), errand.id).includes('recording.late'));
      await sameJournals(t, rig);
    },
  );
}

t.test('everything is swallowed while the door is open: the hub locks by itself, and all arrives later', async (t) => {
  const errand = await rig.deliver('open');
  const stream = streamOf(rig, errand.id)!;
  rig.hole.swallow();
  await rig.until('it is noticed', () => lost(rig, errand.id));
  await errand.to('closed');
  await until('the hub has ended it by itself', () => kindsOf(rig.hubJournal(), errand.id).includes('visit.ended'));
  t.equal(rig.at(), 'idle', 'proven locked');
  rig.hole.mend();
  await rig.until('the hub is back', () => rig.hub.status().online);
  t.match(await errand.end(60_000), { outcome: 'incomplete', proof: 'secured' });
  await untilRelayed(rig, stream);
  await sameJournals(t, rig);
});
