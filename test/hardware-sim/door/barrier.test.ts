import t from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Barrier } from '../../../hardware-sim/door/barrier.ts';

function garage(feels = true) {
  const clock = new SimClock();
  const barrier = new Barrier('garage', clock, { travelMs: 10_000, feels });
  const height = (): number => Math.round(barrier.truth().height * 100) / 100;
  return { clock, barrier, height };
}

t.test('a pulse opens it, and its contact lets go at once', async (t) => {
  const { clock, barrier, height } = garage();
  t.match(barrier.truth(), { height: 0, moves: 'no', contact: 'yes' });
  barrier.pulse();
  clock.advance(100);
  t.match(barrier.truth(), { moves: 'up', contact: 'no' });
  clock.advance(9_900);
  t.match(barrier.truth(), { height: 1, moves: 'no' });
  t.equal(height(), 1);
});

t.test('a second pulse stops it, a third sends it back', async (t) => {
  const { clock, barrier, height } = garage();
  barrier.pulse();
  clock.advance(3_000);
  barrier.pulse();
  clock.advance(60_000);
  t.equal(height(), 0.3);
  barrier.pulse();
  clock.advance(1_000);
  t.equal(height(), 0.2);
  t.equal(barrier.truth().moves, 'down');
  clock.advance(2_000);
  t.match(barrier.truth(), { height: 0, contact: 'yes' });
});

t.test('a pulse closes it on whoever stands below, and an edge that feels sends it up again', async (t) => {
  for (const feels of [true, false]) {
    const { clock, barrier, height } = garage(feels);
    barrier.pulse();
    clock.advance(10_000);
    barrier.fault({ fault: 'obstructed', active: true });
    barrier.pulse();
    clock.advance(20_000);
    t.equal(barrier.truth().hits, 1);
    t.equal(height(), feels ? 1 : 0.5);
  }
});

t.test('the close input only closes', async (t) => {
  const { clock, barrier, height } = garage();
  barrier.close();
  clock.advance(1_000);
  t.equal(height(), 0);
  barrier.press();
  clock.advance(5_000);
  barrier.close();
  clock.advance(5_000);
  t.equal(height(), 0);
  t.match(barrier.truth(), { pulses: 0, closes: 2 });
});

t.test('faults: dead, halting, late, and a contact that says what is not so', async (t) => {
  const { clock, barrier, height } = garage();
  barrier.fault({ fault: 'dead', active: true });
  barrier.pulse();
  clock.advance(10_000);
  t.equal(height(), 0);
  barrier.fault({ fault: 'dead', active: false });
  barrier.fault({ fault: 'slow-start', active: true, ms: 4_000 });
  barrier.fault({ fault: 'halts', active: true });
  barrier.pulse();
  clock.advance(3_999);
  t.equal(barrier.truth().moves, 'no');
  clock.advance(20_000);
  t.equal(height(), 0.5);
  t.equal(barrier.truth().contact, 'no');
  barrier.fault({ fault: 'contact-stuck', active: true, at: 'closed' });
  t.equal(barrier.truth().contact, 'yes');
  barrier.fault({ fault: 'contact-cut', active: true });
  t.equal(barrier.truth().contact, 'wire-cut');
  barrier.fault({ fault: 'contact-cut', active: false });
  barrier.fault({ fault: 'contact-stuck', active: false, at: 'closed' });
  t.equal(barrier.truth().contact, 'no');
});
