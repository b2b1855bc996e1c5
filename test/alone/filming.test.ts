import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { moveDoor, pushOpen } from '../../hardware-sim/start/door.ts';
import type { Street } from '../../hardware-sim/start/street.ts';
import { ruleOf, sendCourier, statusOf, until, withStreet } from '../scenario/kill/quick-street.ts';
import { readFilm } from '../support/rig-film.ts';

t.setTimeout(240_000);

const recordingOf = ({ paths }: Street, stream: string): string => join(paths.hub, 'recordings', `${stream}.rec`);

/** The stream that the owner's phone reads of in the journal. */
const streamOf = ({ owner }: Street): string | undefined => {
  const started = owner.journal.records.find(({ kind }) => kind === 'camera.started');
  return started === undefined ? undefined : String(started.body.stream);
};

t.test('kill -9 while it films: all frames up to the last second are playable, and the door is locked', async (t) => {
  await withStreet(
    async (street) => {
      const { owner, paths } = street;
      mustHave(await owner.orders.setRules([{ ...ruleOf(street), camera: 'recorded' }]));
      const { courier, task } = await sendCourier(street);
      const visit = mustHave(await courier.prepare(task));
      mustHave(await visit.arrive());
      mustHave(await visit.until(['ready'], 20_000));
      mustHave(await visit.open());
      await pushOpen(paths.simSocket, 'front');
      const stream = (await until(
        async () => streamOf(street),
        (found) => found !== undefined,
        10_000,
      ))!;
      const filmed = async (): Promise<number> => readFilm(recordingOf(street, stream))?.frames.length ?? 0;
      await until(filmed, (frames) => frames > 45, 20_000);
      await street.process('hub').kill();
      const killedMs = Date.now();
      const film = readFilm(recordingOf(street, stream))!;
      t.ok(
        killedMs - film.capturedMs.at(-1)! < 1_500,
        `the last frame is ${killedMs - film.capturedMs.at(-1)!} ms old`,
      );
      t.strictSame(
        film.frames,
        film.frames.map((_, index) => index + 1),
        'none is missing before it',
      );
      t.equal(film.end, undefined, 'nobody signed an end');

      await moveDoor(paths.simSocket, '/doors/front/close-leaf');
      await street.restart('hub');
      await until(
        () => statusOf(street),
        (status) => status?.doors.every(({ at }) => at === 'idle') === true,
        30_000,
      );
      const mended = await until(
        async () => readFilm(recordingOf(street, stream)),
        (one) => one?.end === 'lost',
        10_000,
      );
      t.equal(mended?.end, 'lost', 'the hub signs how far it holds, and that it was cut off');
      t.ok(mended!.frames.length >= film.frames.length - 15, 'and keeps what was whole');
      const atRelay = async () => readRelayed(street, stream);
      const relayed = await until(atRelay, (one) => one?.end === 'lost', 30_000);
      t.ok(new Set(relayed?.frames).size >= mended!.frames.length, 'and the relay gets all of it');
      courier.http.close();
    },
    { camera: true },
  );
});

function readRelayed({ paths, owner }: Street, stream: string) {
  try {
    const path = join(paths.cloud, 'recordings', owner.pinned.hub, `${stream}.rec`);
    readFileSync(path);
    return readFilm(path);
  } catch {
    return undefined;
  }
}
