import t from 'tap';
import { SimClock } from '../../../hardware-sim/clock.ts';
import { Outputs } from '../../../hardware-sim/osdp/outputs.ts';

const make = () => {
  const clock = new SimClock();
  const outputs = new Outputs(2, clock, () => {});
  const run = (code: number, timer = 0) => outputs.run({ output: 0, code, timer });
  return { clock, outputs, run, on: () => outputs.states()[0] };
};

t.test('code 5 is a pulse that ends by itself and a second one starts anew', async (t) => {
  const { clock, run, on } = make();
  run(5, 10);
  clock.advance(999);
  t.equal(on(), true);
  run(5, 10);
  clock.advance(999);
  t.equal(on(), true);
  clock.advance(1);
  t.equal(on(), false);
  t.equal(clock.waiting, 0);
});

t.test('code 6 goes off for a time and back to permanently on', async (t) => {
  const { clock, run, on } = make();
  run(2);
  run(6, 3);
  t.equal(on(), false);
  clock.advance(300);
  t.equal(on(), true);
});

t.test('codes 1 and 2 end a timer at once', async (t) => {
  const { clock, run, on } = make();
  run(5, 10);
  run(1);
  t.equal(on(), false);
  t.equal(clock.waiting, 0);
  run(5, 10);
  run(2);
  clock.advance(2_000);
  t.equal(on(), true);
});

t.test('codes 3 and 4 wait for a running timer', async (t) => {
  const { clock, run, on } = make();
  run(5, 10);
  run(3);
  t.equal(on(), true);
  clock.advance(1_000);
  t.equal(on(), false);
  run(6, 10);
  run(4);
  t.equal(on(), false);
  clock.advance(1_000);
  t.equal(on(), true);
  run(3);
  t.equal(on(), false, 'at once where no timer runs');
});

t.test('code 0 changes nothing, and outputs do not touch each other', async (t) => {
  const { outputs, run } = make();
  run(0, 50);
  t.strictSame(outputs.states(), [false, false]);
  run(2);
  t.strictSame(outputs.states(), [true, false]);
});

t.test('a pulse without a length, an unknown code and a missing output are not taken', async (t) => {
  const { outputs } = make();
  t.equal(outputs.takes({ output: 0, code: 5, timer: 0 }), false);
  t.equal(outputs.takes({ output: 0, code: 6, timer: 0 }), false);
  t.equal(outputs.takes({ output: 0, code: 7, timer: 1 }), false);
  t.equal(outputs.takes({ output: 2, code: 5, timer: 1 }), false);
  t.equal(outputs.takes({ output: 1, code: 5, timer: 1 }), true);
});
