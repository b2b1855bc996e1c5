import t from 'tap';
import { Armed } from '../../../device/barrier/armed.ts';
import type { BarrierPosition } from '../../../device/barrier/barrier.ts';

/** Looks once a second. */
function looking() {
  const armed = new Armed({ stillMs: 2_000, afterStartMs: 30_000 });
  let nowMs = 0;
  const look = (position: BarrierPosition, times = 1): void => {
    for (let n = 0; n < times; n++) {
      nowMs += 1_000;
      armed.saw(position, nowMs);
    }
  };
  const says = (laterMs = 0): string => {
    const verdict = armed.mayPulse(nowMs + laterMs);
    return verdict.ok ? 'yes' : verdict.code;
  };
  return { armed, look, says, skip: (ms: number) => (nowMs += ms) };
}

t.test('nothing is allowed that was not seen', async (t) => {
  const { says, look } = looking();
  t.equal(says(), 'BARRIER_NOT_PROVEN');
  look('closed', 30);
  t.equal(says(), 'BARRIER_NOT_PROVEN', '29 s since the first look');
  look('closed');
  t.equal(says(), 'yes');
});

t.test('an old look counts for nothing, and looks far apart do not belong together', async (t) => {
  const { says, look, skip } = looking();
  look('closed', 40);
  t.equal(says(2_500), 'yes');
  t.equal(says(2_501), 'BARRIER_NOT_PROVEN');
  skip(3_000);
  look('closed');
  t.equal(says(), 'BARRIER_NOT_PROVEN');
  look('closed', 2);
  t.equal(says(), 'yes');
});

for (const position of ['not-closed', 'unknown', 'unavailable'] as const) {
  t.test(`one look that says ${position} begins the stillness anew`, async (t) => {
    const { says, look } = looking();
    look('closed', 40);
    look(position);
    look('closed', 2);
    t.equal(says(), 'BARRIER_NOT_PROVEN');
    look('closed');
    t.equal(says(), 'yes');
  });
}

t.test('a pulse is spent until the barrier was seen to open, and to be closed and still after it', async (t) => {
  const { armed, says, look } = looking();
  look('closed', 40);
  armed.pulsed();
  look('closed', 1_000);
  t.equal(says(), 'BARRIER_SPENT', 'it never opened');
  look('unavailable', 10);
  look('unknown', 10);
  look('closed', 10);
  t.equal(says(), 'BARRIER_SPENT', 'not to know is not to see');
  look('not-closed');
  look('closed', 2);
  t.equal(says(), 'BARRIER_NOT_PROVEN', 'seen to open, and closed: not still yet');
  look('closed');
  t.equal(says(), 'yes');
});

t.test('a pulse that certainly did not go out is not spent', async (t) => {
  const { armed, says, look } = looking();
  look('closed', 40);
  armed.pulsed();
  armed.notPulsed();
  t.equal(says(), 'yes');
});
