import t from 'tap';
import { dating, systemClock } from '../../../device/clock/clock.ts';

const showing = (now: () => number) => dating({ ...systemClock, now });

t.test('a time of day is dated in whole milliseconds, and a broken one as 0', async (t) => {
  t.equal(showing(() => 1_790_000_000_000.7).now(), 1_790_000_000_000);
  t.equal(showing(() => Number.NaN).now(), 0);
  t.equal(showing(() => Number.POSITIVE_INFINITY).now(), 0);
  t.equal(showing(() => -5).now(), 0);
  const broken = showing(() => {
    throw new RangeError('broken');
  });
  t.equal(broken.now(), 0);
  t.ok(broken.monotonic() > 0, 'the rest goes on');
});
