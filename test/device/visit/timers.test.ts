import t from 'tap';
import { guardedAfter, guardSlackMs, within } from '../../../device/visit/timers.ts';
import { WoundClock } from './wound-clock.ts';

t.test('a timer fires once, by the clock or by the guard', async (t) => {
  for (const fault of ['none', 'dead', 'throws'] as const) {
    const clock = new WoundClock();
    const guard = new WoundClock();
    let fired = 0;
    clock.fault = fault;
    guardedAfter(clock, guard)(100, () => {
      fired += 1;
    });
    await clock.wind(100);
    t.equal(fired, fault === 'none' ? 1 : 0, fault);
    await guard.wind(100 + guardSlackMs);
    t.equal(fired, 1, fault);
  }
});

t.test('a cancelled timer fires by neither', async (t) => {
  const clock = new WoundClock();
  const guard = new WoundClock();
  const cancel = guardedAfter(clock, guard)(100, () => t.fail('fired'));
  cancel();
  await clock.wind(200);
  await guard.wind(200 + guardSlackMs);
  t.pass('nothing fired');
});

t.test('what takes too long is waited for no more', async (t) => {
  const clock = new WoundClock();
  const after = guardedAfter(clock, clock);
  const late = within(after, 100, new Promise<number>(() => undefined));
  await clock.wind(100);
  t.equal(await late, undefined);
  t.equal(await within(after, 100, Promise.resolve(7)), 7);
  await t.rejects(within(after, 100, Promise.reject(new RangeError('no'))), RangeError);
});
