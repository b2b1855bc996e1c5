import t from 'tap';
import { judge, leastIn, maxGrowthBytes } from './report.ts';

const sound = { sent: 100, signedAgain: 60, refused: {}, violations: [], outputs: 0 };

t.test('a sound run has nothing wrong', async (t) => {
  t.same(judge(sound, 100, { early: 5, late: 5 + maxGrowthBytes }), []);
});

t.test('whatever must not happen in a run makes it fail', async (t) => {
  const wrong = [
    judge({ ...sound, sent: 99 }, 100),
    judge({ ...sound, signedAgain: 49 }, 100),
    judge({ ...sound, signedAgain: 29, changed: 60 }, 100),
    judge({ ...sound, outputs: 1 }, 100),
    judge({ ...sound, violations: ['a door opened'] }, 100),
    judge(sound, 100, { early: 5, late: 6 + maxGrowthBytes }),
  ];
  for (const one of wrong) t.equal(one.length, 1);
});

t.test('each code comes up 100 times in 100,000 messages, and at least once in a short run', async (t) => {
  t.same([100_000, 20_000, 100].map(leastIn), [100, 20, 1]);
});
