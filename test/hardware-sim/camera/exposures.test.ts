import t from 'tap';
import { Exposures } from '../../../hardware-sim/camera/exposures.ts';
import { makeScene, type Sight } from '../../../hardware-sim/camera/scene.ts';
import type { View } from '../../../hardware-sim/camera/view.ts';
import type { CameraFault } from '../../../hardware-sim/faults.ts';
import { hash, noCanvas } from './pictures.ts';

const view: View = { name: 'FRONT', leaf: 0, led: 'locked', courier: undefined, parcel: 'none', putDown: 1 };
const tickMs = 1000 / 15;

/** A sensor that is wound frame by frame. */
function sensor() {
  const exposures = new Exposures();
  let n = 0;
  return (faults: readonly CameraFault[] = []): Sight | undefined => {
    n += 1;
    return exposures.tick({ of: view, faults, nowMs: n * tickMs, timeMs: 1_000_000 + Math.floor(n * tickMs) });
  };
}

const freeze: CameraFault = { fault: 'freeze', active: true };
const loop: CameraFault = { fault: 'loop', active: true, ms: 10_000 };
const times = (count: number, take: () => Sight | undefined) => Array.from({ length: count }, take);

t.test('live, every frame is another one', async (t) => {
  const next = sensor();
  const sights = times(30, () => next());
  t.equal(new Set(sights.map((one) => one!.timeMs)).size, 30);
  t.strictSame(
    sights.map((one) => one!.grain),
    [...sights.keys()],
  );
});

t.test('freeze: the last frame again and again, its clock stands; mended: live at once', async (t) => {
  const next = sensor();
  const last = times(5, () => next()).at(-1);
  for (const sight of times(40, () => next([freeze]))) t.equal(sight, last);
  t.ok(next()!.timeMs > last!.timeMs + 2_000);
});

t.test('freeze from the first frame on: there is one, and it stays', async (t) => {
  const next = sensor();
  const first = next([freeze]);
  t.ok(first);
  t.equal(next([freeze]), first);
});

t.test('loop: the last ten seconds, to the pixel, and again every ten seconds', { skip: noCanvas }, async (t) => {
  const next = sensor();
  const live = times(200, () => next());
  const looped = times(330, () => next([loop]));
  const scene = makeScene(1);
  const raw = (sight: Sight | undefined): string => {
    scene.draw(sight!);
    return hash(scene.gray());
  };
  const period = looped.slice(1).indexOf(looped[0]) + 1;
  t.equal(Math.round(period * tickMs), 10_000);
  t.strictSame(looped.slice(0, period), live.slice(-period), 'it begins with what it saw ten seconds ago');
  const hashes = looped.map(raw);
  t.equal(new Set(hashes.slice(0, period)).size, period, 'inside the loop nothing repeats');
  t.strictSame(hashes.slice(period), hashes.slice(0, hashes.length - period));
  const after = next();
  t.ok(after!.timeMs > live.at(-1)!.timeMs + 20_000, 'mended: live at once');
});

t.test('loop: a camera that has not seen ten seconds goes on live until it has', async (t) => {
  const next = sensor();
  const sights = times(140, () => next([loop]));
  t.equal(new Set(sights).size, 140);
  t.ok(new Set(times(200, () => next([loop]))).size < 200);
});

t.test('blackout: black frames that go on being new', async (t) => {
  const next = sensor();
  const blackout: CameraFault = { fault: 'blackout', active: true };
  const sights = times(5, () => next([blackout]));
  t.ok(sights.every((one) => one!.of === 'covered'));
  t.equal(new Set(sights.map((one) => one!.grain)).size, 5);
  t.strictSame(next()!.of, view);
});

t.test('slow: frames are late, in order, with the time at which they were taken', async (t) => {
  const next = sensor();
  const slow: CameraFault = { fault: 'slow', active: true, lateMs: 1_000, everyMs: 0 };
  const sights = times(40, () => next([slow]));
  t.ok(
    sights.slice(0, 15).every((one) => one === undefined),
    'nothing in the first second',
  );
  const grains = sights.slice(15).map((one) => one!.grain);
  t.strictSame(grains, [...grains.keys()]);
  const now = 1_000_000 + 40 * tickMs;
  t.ok(now - sights.at(-1)!.timeMs >= 1_000 - 1);
  t.ok(now + tickMs - next()!.timeMs < 2, 'mended: no frame of before comes');
});

t.test('slow: fewer frames', async (t) => {
  const next = sensor();
  const slow: CameraFault = { fault: 'slow', active: true, lateMs: 0, everyMs: 500 };
  const sights = times(60, () => next([slow])).filter((one) => one !== undefined);
  t.equal(sights.length, 8);
});
