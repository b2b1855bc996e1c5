import t from 'tap';
import { loadCanvas } from '../../../hardware-sim/camera/canvas.ts';
import { makeScene, rawBytes, type Scene, type Sight } from '../../../hardware-sim/camera/scene.ts';
import { readStrip, strip } from '../../../hardware-sim/camera/strip.ts';
import type { View } from '../../../hardware-sim/camera/view.ts';
import { brightness, decodeJpeg, hash, noCanvas, type Pixels, pixel, timeOf } from './pictures.ts';

const options = { skip: noCanvas };
const timeMs = Date.UTC(2026, 10, 21, 8, 59, 58, 123);
const still: View = { name: 'FRONT', leaf: 0, led: 'locked', courier: undefined, parcel: 'none', putDown: 1 };
const here = { near: 1, steps: undefined, leaving: false, carries: true };

function shoot(scene: Scene, of: Sight['of'], grain = 0, at = timeMs): Pixels {
  scene.draw({ timeMs: at, grain, of });
  return { width: 640, height: 480, rgba: scene.rgba() };
}

t.test('the same seed, time and number give the same pixels; another seed others', options, async (t) => {
  const bytes = [1, 1, 2].map((seed) => hash(shoot(makeScene(seed), still).rgba as Uint8Array));
  t.equal(bytes[0], bytes[1]);
  t.not(bytes[0], bytes[2]);
});

t.test('the time survives JPEG, at every size that a camera sends it in', options, async (t) => {
  const scene = makeScene(1);
  for (const [i, of] of [still, { ...still, leaf: 1 }, 'covered', 'no-home'].entries()) {
    const at = timeMs + i * 7_919_003;
    shoot(scene, of as Sight['of'], i, at);
    for (const quality of [30, 62, 90])
      t.equal(timeOf(await decodeJpeg(scene.jpeg(quality))), at, `quality ${quality}`);
    t.equal(timeOf(await decodeJpeg(scene.jpeg(62, 2))), at, 'half the size');
  }
});

t.test('a picture is small enough to be sealed as one message', options, async (t) => {
  const scene = makeScene(1);
  shoot(scene, { ...still, leaf: 1, courier: here });
  t.ok(scene.jpeg().length < 60_000, `${scene.jpeg().length} bytes`);
});

t.test(
  'no two frames are the same, in the raw picture neither: by noise alone, clock and strip aside',
  options,
  async (t) => {
    const scene = makeScene(1);
    const seen = new Set<string>();
    const rows = Math.floor(strip.y / 4);
    const firstRow = 10;
    for (let grain = 0; grain < 500; grain++) {
      scene.draw({ timeMs, grain, of: still });
      const raw = scene.gray();
      t.equal(raw.length, rawBytes);
      seen.add(hash(raw.subarray(firstRow * 160, rows * 160)));
    }
    t.equal(seen.size, 500);
    const [a, b] = [0, 1].map((grain) => {
      scene.draw({ timeMs, grain, of: still });
      return scene.gray();
    });
    const differing = a!.filter((level, i) => level !== b![i]).length;
    t.ok(differing > rawBytes / 3, `${differing} of ${rawBytes} pixels differ from one frame to the next`);
  },
);

t.test('the leaf is seen to open: first the hall beside its edge, then behind all of it', options, async (t) => {
  const scene = makeScene(1);
  const lit = (leaf: number, x: number) => brightness(shoot(scene, { ...still, leaf }), x - 4, 284, x + 4, 294);
  const leaves = [0, 0.5, 1];
  const beside = leaves.map((leaf) => lit(leaf, 362));
  t.ok(beside[0]! < 110, `closed: ${beside[0]}`);
  t.ok(beside[1]! > 150 && beside[2]! > 150, `half and wide open: ${beside[1]}, ${beside[2]}`);
  const middle = leaves.map((leaf) => lit(leaf, 322));
  t.ok(middle[1]! + 40 < middle[2]!, `the middle shows the leaf still, then the hall: ${middle[1]}, ${middle[2]}`);
});

t.test('the light beside the door has the colour that is told', options, async (t) => {
  const scene = makeScene(1);
  const colour = (led: View['led']) => pixel(shoot(scene, { ...still, led }), 443, 226);
  const [lockedRed, lockedGreen] = colour('locked');
  const [releasedRed, releasedGreen] = colour('released');
  const [openRed, openGreen, openBlue] = colour('open');
  t.ok(lockedRed > 200 && lockedGreen < 120);
  t.ok(releasedRed < 120 && releasedGreen > 200);
  t.ok(openRed > 200 && openGreen > 130 && openBlue < 120);
  const [blueRed, , blue] = colour('blue');
  t.ok(blueRed < 120 && blue > 200);
  t.ok(Math.min(...colour('white').slice(0, 3)) > 200);
  t.ok(Math.max(...colour('black').slice(0, 3)) < 90, 'dark');
});

t.test('courier and parcel are where they are said to be', options, async (t) => {
  const scene = makeScene(1);
  const changes = (a: View, b: View, [x, y]: [number, number]): number => {
    const [one, other] = [a, b].map((view) => pixel(shoot(scene, view), x, y));
    return Math.max(...one!.map((level, i) => Math.abs(level - other![i]!)));
  };
  const jacket: [number, number] = [548, 270];
  t.ok(changes(still, { ...still, courier: here }, jacket) > 60, 'someone stands at the door');
  t.ok(changes(still, { ...still, courier: { ...here, near: 0 } }, jacket) < 30, 'who is on the street is not seen');
  const mat: [number, number] = [330, 410];
  t.ok(changes(still, { ...still, parcel: 'mat' }, mat) > 60, 'a parcel on the mat');
  const floor: [number, number] = [322, 350];
  t.ok(changes({ ...still, leaf: 1 }, { ...still, leaf: 1, parcel: 'inside' }, floor) > 30, 'a parcel in the hall');
  t.ok(changes(still, { ...still, parcel: 'inside' }, floor) < 30, 'not seen through a closed door');
});

t.test('a covered lens is black, and not still', options, async (t) => {
  const scene = makeScene(1);
  const a = shoot(scene, 'covered', 0);
  const b = shoot(scene, 'covered', 1);
  t.ok(brightness(a, 0, 40, 640, 460) < 25);
  t.not(hash(a.rgba as Uint8Array), hash(b.rgba as Uint8Array));
  t.equal(readStrip(a.rgba, 640, 480), timeMs, 'the camera still has its clock');
});

t.test('what is missing is named, with how to get it', async (t) => {
  t.throws(() => loadCanvas('@doorward/no-such-canvas'), {
    code: 'TOOL_MISSING',
    detail: { install: 'npm install @doorward/no-such-canvas' },
  });
});
