import t from 'tap';
import { mustHave } from '../../../hardware-sim/people/http.ts';
import { openRig } from '../../support/rig.ts';
import { hubFilm, relayFilm, streamOf, untilRelayed } from '../../support/rig-film.ts';
import { kindsOf } from '../../support/rig-journals.ts';

const hour = 3_600_000;

t.test('recordings go when their time is over, unless the owner disputes the visit', async (t) => {
  const rig = await openRig(t, { doors: [{ name: 'front', camera: 'jpeg' }], camera: 'recorded' });
  const film = async (): Promise<{ visit: string; stream: string }> => {
    const errand = await rig.deliver('ended');
    const stream = streamOf(rig, errand.id)!;
    await untilRelayed(rig, stream);
    return { visit: errand.id, stream };
  };
  const plain = await film();
  const disputed = await film();
  mustHave(await rig.owner.orders.keepRecordings(1, 1, [disputed.visit]));

  const isGone = (read: () => unknown): boolean => {
    try {
      return read() === undefined;
    } catch {
      return true;
    }
  };
  // Both sides look once an hour.
  await rig.time.pass((2.5 * hour) / 60);
  t.notOk(
    isGone(() => hubFilm(rig, plain.stream)),
    'not before its time',
  );
  rig.time.wind(2 * hour);
  await rig.untilCalm();
  mustHave(await rig.owner.orders.keepRecordings(2, 1, [disputed.visit]));
  await rig.until('the hub has deleted it', () => isGone(() => hubFilm(rig, plain.stream)));
  await rig.until('and says so', () => kindsOf(rig.hubJournal(), plain.visit).includes('recording.deleted'));
  await rig.until('the relay as well', () => isGone(() => relayFilm(rig, plain.stream)));
  t.ok((hubFilm(rig, disputed.stream)?.frames.length ?? 0) > 0, 'what is in dispute stays at the hub');
  t.ok((relayFilm(rig, disputed.stream)?.frames.length ?? 0) > 0, 'and at the relay');
  t.notOk(kindsOf(rig.hubJournal(), disputed.visit).includes('recording.deleted'));
});
