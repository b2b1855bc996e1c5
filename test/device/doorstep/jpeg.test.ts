/** The hub's own reading and writing of a camera's pictures, against another decoder. */
import fc from 'fast-check';
import t from 'tap';
import { blankOutside } from '../../../device/doorstep/blank.ts';
import { lumaIn } from '../../../device/doorstep/jpeg/luma.ts';
import { readJpeg } from '../../../device/doorstep/jpeg/read.ts';
import { writeJpeg } from '../../../device/doorstep/jpeg/write.ts';
import { Fault } from '../../../wire/faults.ts';
import { grayJpeg } from '../camera/jpegs.ts';
import { decoded, drawn, type Read } from './pictures.ts';

const any = Number.POSITIVE_INFINITY;
const pictures = {
  'whole units': drawn(),
  'cut units': drawn({ width: 333, height: 251, tile: 7 }),
  'finest steps': drawn({ quality: 100 }),
  'coarse steps': drawn({ quality: 5 }),
  small: drawn({ width: 9, height: 5, tile: 3 }),
};
const isSame = (one: Read, other: Read): boolean =>
  one.width === other.width && one.height === other.height && Buffer.from(one.data).equals(Buffer.from(other.data));

for (const [name, jpeg] of Object.entries(pictures)) {
  t.test(`${name}: what is not touched comes out as it was, pixel for pixel`, async (t) => {
    const written = (await writeJpeg(await readJpeg(jpeg), any))!;
    t.ok(isSame(await decoded(written), await decoded(jpeg)));
  });
}

/** Takes all segments of a kind out. */
function without(jpeg: Uint8Array, kind: number): Uint8Array {
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  for (let at = 2; ; ) {
    const length = 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    if (jpeg[at + 1] === 0xda) return Buffer.concat([...kept, jpeg.subarray(at)]);
    if (jpeg[at + 1] !== kind) kept.push(jpeg.subarray(at, at + length));
    at += length;
  }
}

t.test(
  'a picture without code tables is read by those of annex K, as cameras that stream leave them out',
  async (t) => {
    const own = (await writeJpeg(await readJpeg(drawn()), any))!;
    const bare = without(own, 0xc4);
    t.ok(bare.length < own.length - 300);
    t.same(await writeJpeg(await readJpeg(bare), any), own);
  },
);

t.test('restarts between units are read over', async (t) => {
  const one = grayJpeg(200);
  const scan = Buffer.from(one).indexOf(Buffer.from([0xff, 0xda])) + 10;
  const data = one.subarray(scan, -2);
  const wide = Buffer.from(one.subarray(0, scan));
  const frame = wide.indexOf(Buffer.from([0xff, 0xc0]));
  wide[frame + 8] = 24;
  const restarts = Buffer.from([0xff, 0xdd, 0, 4, 0, 1]);
  const end = Buffer.from([0xff, 0xd9]);
  const head = Buffer.concat([wide.subarray(0, frame), restarts, wide.subarray(frame)]);
  const [rst0, rst1] = [Buffer.from([0xff, 0xd0]), Buffer.from([0xff, 0xd1])];
  const jpeg = Buffer.concat([head, data, rst0, data, rst1, data, end]);
  const written = (await writeJpeg(await readJpeg(jpeg), any))!;
  const [read, again] = [await decoded(jpeg), await decoded(written)];
  t.equal(read.width, 24);
  t.ok(isSame(read, again));
  await t.rejects(readJpeg(Buffer.concat([head, data, data, data, end])), { code: 'CAMERA_UNREADABLE' });
});

t.test('the luma of a part is that of the other decoder, within what rounding is', async (t) => {
  const sheet = drawn({ width: 97, height: 61, tile: 9, quality: 95, isGray: true });
  const gray = await readJpeg(sheet);
  const whole = await decoded(sheet);
  const area = { left: 13, top: 9, width: 70, height: 41 };
  const at = await lumaIn(gray, area);
  let worst = 0;
  for (let y = area.top; y < area.top + area.height; y += 1) {
    for (let x = area.left; x < area.left + area.width; x += 1) {
      const from = 4 * (y * whole.width + x);
      worst = Math.max(worst, Math.abs(at(x, y) - whole.data[from]!));
    }
  }
  t.ok(worst > 0 && worst < 1.5, `${worst}`);
});

t.test('S082: outside of the frame each patch has one colour, inside not one pixel has changed', async (t) => {
  const jpeg = drawn({ width: 640, height: 480, tile: 5 });
  const frame = { left: 160, top: 120, width: 320, height: 200 };
  const picture = await readJpeg(jpeg);
  blankOutside(picture, frame);
  const before = await decoded(jpeg);
  const after = await decoded((await writeJpeg(picture, any))!);
  const from = (x: number, y: number): number => 4 * (y * 640 + x);
  let differs = 0;
  // Units of 16: what is only partly inside is not kept, and the colour of a neighbour reaches a pixel in.
  for (let y = 130; y < 318; y += 1) {
    for (let x = 162; x < 478; x += 1) if (before.data[from(x, y)] !== after.data[from(x, y)]) differs += 1;
  }
  t.equal(differs, 0);
  const inner = (x: number, y: number): boolean => x >= 160 && x < 480 && y >= 128 && y < 320;
  let uneven = 0;
  for (let top = 0; top < 480; top += 32) {
    for (let left = 0; left < 640; left += 32) {
      const levels = new Set<number>();
      for (let y = top + 2; y < top + 30; y += 1) {
        for (let x = left + 2; x < left + 30; x += 1) {
          const isNear = inner(x - 2, y) || inner(x + 2, y) || inner(x, y - 2) || inner(x, y + 2);
          if (!isNear) levels.add(after.data[from(x, y) + 1]!);
        }
      }
      const spread = levels.size === 0 ? 0 : Math.max(...levels) - Math.min(...levels);
      if (spread > 2) uneven += 1;
    }
  }
  t.equal(uneven, 0);
});

t.test('what would be too long is written coarser, and what cannot be short enough not at all', async (t) => {
  const picture = await readJpeg(drawn({ tile: 3, quality: 98 }));
  const fine = (await writeJpeg(picture, any))!;
  const coarse = (await writeJpeg(picture, Math.floor(fine.length / 2)))!;
  t.ok(coarse.length <= fine.length / 2);
  t.match(await decoded(coarse), { width: 320, height: 240 });
  t.equal(await writeJpeg(picture, 100), undefined);
});

t.test('what is no such picture is refused by name, whatever it is', async (t) => {
  const jpeg = drawn({ width: 48, height: 40 });
  const refused = { code: 'CAMERA_UNREADABLE' };
  await t.rejects(readJpeg(new Uint8Array()), refused);
  await t.rejects(readJpeg(jpeg.subarray(0, -40)), refused);
  await t.rejects(readJpeg(Buffer.from(jpeg).fill(0xc2, jpeg.indexOf(0xc0), jpeg.indexOf(0xc0) + 1)), refused);
  const huge = Buffer.from(jpeg);
  huge.writeUInt16BE(65_535, huge.indexOf(Buffer.from([0xff, 0xc0])) + 5);
  await t.rejects(readJpeg(huge), { ...refused, detail: { why: 'size' } });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(jpeg.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
      const changed = Buffer.from(jpeg);
      for (const [at, value] of changes) changed[at] = value;
      try {
        const written = await writeJpeg(await readJpeg(changed), any);
        return written !== undefined;
      } catch (error) {
        return error instanceof Fault && error.code === 'CAMERA_UNREADABLE';
      }
    }),
    { numRuns: 300 },
  );
});
