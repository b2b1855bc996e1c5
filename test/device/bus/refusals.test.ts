import t from 'tap';
import { refusalCounter } from '../../../device/bus/refusals.ts';
import { SimClock } from '../../../hardware-sim/clock.ts';

t.test('the first refusal of a code is written at once, the rest once a minute with their count', async (t) => {
  const clock = new SimClock();
  const written: [string, number][] = [];
  const counter = refusalCounter(clock, (code, count) => void written.push([code, count]));
  for (let times = 0; times < 5; times += 1) counter.count('MESSAGE_MALFORMED');
  counter.count('MESSAGE_TOO_BIG');
  t.same(written, [
    ['MESSAGE_MALFORMED', 1],
    ['MESSAGE_TOO_BIG', 1],
  ]);
  clock.advance(60_000);
  t.same(written.slice(2), [['MESSAGE_MALFORMED', 4]]);
  counter.count('MESSAGE_MALFORMED');
  t.same(written.slice(3), [['MESSAGE_MALFORMED', 1]]);
});

t.test('what is counted and not written yet is written at the end, and no timer stays', async (t) => {
  const clock = new SimClock();
  const written: [string, number][] = [];
  const counter = refusalCounter(clock, (code, count) => void written.push([code, count]));
  for (let times = 0; times < 3; times += 1) counter.count('KNOCK_REPLAYED');
  counter.close();
  t.same(written, [
    ['KNOCK_REPLAYED', 1],
    ['KNOCK_REPLAYED', 2],
  ]);
  t.equal(clock.waiting, 0);
});
