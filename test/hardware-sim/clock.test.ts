import t from 'tap';
import { SimClock, stoppable } from '../../hardware-sim/clock.ts';

t.test('a wound clock calls back in order of time, each at its own moment', async (t) => {
  const clock = new SimClock(1_000);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.now()]);
  clock.after(30, note('c'));
  clock.after(10, () => {
    note('a')();
    clock.after(10, note('b'));
  });
  clock.after(30, note('d'));
  t.equal(clock.dueInMs, 10);
  clock.advance(29);
  t.equal(clock.dueInMs, 1);
  t.strictSame(seen, [
    ['a', 1_010],
    ['b', 1_020],
  ]);
  clock.advance(1);
  t.strictSame(seen.slice(2), [
    ['c', 1_030],
    ['d', 1_030],
  ]);
  t.equal(clock.waiting, 0);
  t.equal(clock.dueInMs, undefined);
});

t.test('a cancelled callback is not called', async (t) => {
  const clock = new SimClock();
  let called = 0;
  const cancel = clock.after(5, () => {
    called += 1;
  });
  cancel();
  clock.advance(10);
  t.equal(called, 0);
});

t.test('the time of day can be set alone', async (t) => {
  const clock = new SimClock(5_000);
  clock.advance(100);
  clock.setTimeOfDay(1);
  t.equal(clock.now(), 1);
  t.equal(clock.monotonic(), 100);
});

t.test('a stopped clock leaves nothing waiting', async (t) => {
  const clock = new SimClock();
  const timers = stoppable(clock);
  timers.clock.after(1, () => t.fail('called after stop'));
  timers.stop();
  clock.advance(2);
  t.equal(clock.waiting, 0);
});
