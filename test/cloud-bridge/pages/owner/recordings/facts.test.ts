import t from 'tap';
import { factsOf, isBadFact, verdictOf } from '../../../../../cloud-bridge/pages/owner/recordings/facts.ts';
import { recordingWords } from '../../../../../cloud-bridge/pages/owner/recordings/words.ts';
import type { Recording } from '../../../../../cloud-bridge/pages/owner/video/recording.ts';
import type { Picture } from '../../../../../cloud-bridge/pages/owner/video/stream.ts';

const pictures = [1, 2, 3, 4].map(
  (seq): Picture => ({
    seq,
    capturedMs: seq,
    isKey: seq === 1,
    codec: 'h264',
    data: new Uint8Array(),
    afterGap: false,
  }),
);
const whole: Recording = {
  ...{ claims: {} as Recording['claims'], pictures, signedTo: 4, ended: 'stopped', late: 0, missing: [] },
  ...{ refused: new Map(), damaged: false },
};

t.test('what is whole is genuine, and says no more than how many pictures were checked', async (t) => {
  t.equal(verdictOf(whole), 'genuine');
  t.same(factsOf(whole), [{ is: 'checked', n: 4 }]);
});

t.test('each thing that is missing is said by name and number, the worst first', async (t) => {
  const cut: Recording = {
    ...{ ...whole, signedTo: 1, ended: undefined, late: 3, damaged: true },
    missing: [
      [5, 6],
      [9, 9],
    ],
  };
  t.equal(verdictOf(cut), 'partly');
  t.same(factsOf(cut), [
    { is: 'missing', n: 3 },
    { is: 'damaged' },
    { is: 'openEnd' },
    { is: 'unsigned', n: 3 },
    { is: 'late', n: 3 },
    { is: 'checked', n: 4 },
  ]);
  t.same(
    factsOf(cut)
      .filter(isBadFact)
      .map(({ is }) => is),
    ['missing', 'damaged'],
  );
  t.match(factsOf({ ...whole, ended: 'lost' }), [{ is: 'cameraLost' }, { is: 'checked' }]);
});

t.test('what is not the hub’s makes it fake', async (t) => {
  const fake: Recording = { ...whole, refused: new Map([['VIDEO_FRAME_ALTERED', 2]]) };
  t.equal(verdictOf(fake), 'fake');
  t.match(factsOf(fake)[0], { is: 'refused', code: 'VIDEO_FRAME_ALTERED', n: 2 });
});

t.test('S066: every fact has its number in every language', async (t) => {
  for (const [code, says] of Object.entries(recordingWords)) {
    for (const name of ['missing', 'unsigned', 'late', 'checked', 'part'] as const) t.match(says[name], '{n}', code);
    for (const name of ['deleted', 'stillShared'] as const) t.match(says[name], '{time}', code);
    for (const name of ['shareNow', 'stillShared'] as const) t.match(says[name], '{name}', code);
  }
});
