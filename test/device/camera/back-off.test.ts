import t from 'tap';
import { backOff } from '../../../device/camera/back-off.ts';

t.test('each wait is twice the one before, 250 ms to 10 s, and begins anew after a success', async (t) => {
  const least = backOff(() => 0);
  t.same(
    Array.from({ length: 8 }, () => least.next()),
    [250, 500, 1000, 2000, 4000, 8000, 8000, 8000],
  );
  least.reset();
  t.equal(least.next(), 250);
  const most = backOff(() => 1);
  const waits = Array.from({ length: 8 }, () => most.next());
  t.equal(waits[0], 312.5);
  t.equal(Math.max(...waits), 10_000);
});
