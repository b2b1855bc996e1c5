import t from 'tap';
import type { Sign } from '../../../device/lock/guide.ts';
import { signs } from '../../../device/visit/sign.ts';
import type { State } from '../../../device/visit/step.ts';
import { Bench } from './bench.ts';

function shownAt(): { readonly bench: Bench; readonly shown: Sign[] } {
  const shown: Sign[] = [];
  const show = (sign: Sign): void => {
    if (shown.at(-1) !== sign) shown.push(sign);
  };
  return { bench: new Bench({ parts: (parts) => ({ ...parts, onChange: signs({ show }) }) }), shown };
}

t.test('a visitor is led through a visit', async (t) => {
  const { bench, shown } = shownAt();
  await bench.begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await bench.clock.wind(5_000);
  bench.lock.leaf(false);
  await bench.windOut();
  t.same(bench.ended(), ['completed, secured']);
  t.same(shown, ['nothing', 'waiting', 'open-now', 'close-the-door', 'done']);
});

t.test('a visit that is stopped before it opens ends in the dark', async (t) => {
  const { bench, shown } = shownAt();
  await bench.begin();
  await bench.arrive();
  await bench.runner.send({ on: 'stop.asked', by: 'owner' });
  t.same(shown, ['nothing', 'waiting', 'nothing']);
});

t.test('nobody entered: nothing is called done', async (t) => {
  const { bench, shown } = shownAt();
  await bench.begin();
  await bench.arrive();
  await bench.open();
  await bench.windOut();
  t.same(bench.ended(), ['nobody-entered, locked']);
  t.same(shown, ['nothing', 'waiting', 'open-now', 'close-the-door', 'nothing']);
});

t.test('a door left open, and one that cannot be proven, are an alarm to the visitor', async (t) => {
  const { bench, shown } = shownAt();
  await bench.begin();
  await bench.arrive();
  await bench.open();
  bench.lock.leaf(true);
  await bench.clock.wind(bench.profile.openLimitMs);
  t.equal(shown.at(-1), 'alarm');
  bench.lock.leaf(false);
  await bench.windOut();
  t.equal(shown.at(-1), 'done');

  const jamming = shownAt();
  await jamming.bench.begin();
  await jamming.bench.arrive();
  await jamming.bench.open();
  jamming.bench.lock.leaf(true);
  await jamming.bench.clock.wind(1_000);
  jamming.bench.lock.isJammed = true;
  jamming.bench.lock.leaf(false);
  await jamming.bench.windOut(20_000);
  t.equal(jamming.bench.at(), 'unsecured');
  t.equal(jamming.shown.at(-1), 'alarm');
});

t.test('S048: what the household does shows nothing to the street', async (t) => {
  const { bench, shown } = shownAt();
  await bench.begin();
  bench.lock.turn('unlocked');
  bench.lock.leaf(true);
  await bench.clock.wind(60_000);
  t.equal((bench.runner.state() as State).at, 'unsecured');
  t.same(shown, ['nothing']);
  bench.lock.turn('locked');
  bench.lock.leaf(false);
  await bench.windOut();
  t.same(shown, ['nothing']);
});
