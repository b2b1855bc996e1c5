import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import t from 'tap';
import { type Jpeg, type JpegEvent, JpegSplitter } from '../../../../device/camera/process/jpeg-split.ts';
import { grayJpeg } from '../jpegs.ts';

const maxBytes = 4096;
const pictures = (events: readonly JpegEvent[]): Jpeg[] => events.filter((event) => event.is === 'picture');
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const app = (code: number, text: string): number[] => [0xff, code, 0, text.length + 2, ...Buffer.from(text)];
const withSegments = (jpeg: Uint8Array, ...segments: number[][]): Uint8Array =>
  Uint8Array.from([...jpeg.subarray(0, 2), ...segments.flat(), ...jpeg.subarray(2)]);

t.test('a picture is complete with its last byte', async (t) => {
  const splitter = new JpegSplitter(maxBytes);
  const jpeg = grayJpeg(1);
  t.same(splitter.push(jpeg.subarray(0, -1), 10), []);
  const [picture] = pictures(splitter.push(jpeg.subarray(-1), 20));
  t.ok(same(picture!.data, jpeg));
  t.equal(picture!.atMs, 10, 'its time is that of its first byte');
});

t.test('pictures come out whole and in order wherever the pipe cuts them, with garbage between', async () => {
  const piece = fc.oneof(
    fc.nat(255).map((gray) => ({ jpeg: true, bytes: grayJpeg(gray) })),
    // Garbage that begins no picture: a program's greeting, zero padding.
    fc.uint8Array({ max: 0xfe, maxLength: 40 }).map((bytes) => ({ jpeg: false, bytes })),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 700 })), (pieces, cuts) => {
      const all = Buffer.concat(pieces.map(({ bytes }) => bytes));
      const splitter = new JpegSplitter(maxBytes);
      const found: JpegEvent[] = [];
      for (let at = 0, turn = 0; at < all.length; turn += 1) {
        const to = at + (cuts[turn % Math.max(1, cuts.length)] ?? 1);
        found.push(...splitter.push(all.subarray(at, to), turn));
        at = to;
      }
      const expected = pieces.filter(({ jpeg }) => jpeg).map(({ bytes }) => bytes);
      const got = pictures(found);
      return got.length === expected.length && got.every(({ data }, index) => same(data, expected[index]!));
    }),
    { numRuns: 300 },
  );
});

t.test('whatever comes, nothing is thrown, no more than the limit is held, and the next picture is found', async () => {
  const jpeg = grayJpeg(77);
  const hostile = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom([0xff, 0xd8], [0xff, 0xda, 0, 2], [0xff, 0xe1, 9, 9])),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(hostile, (junk) => {
      const splitter = new JpegSplitter(maxBytes);
      for (const bytes of junk) splitter.push(Uint8Array.from(bytes), 0);
      // What has begun in the junk may swallow so many: never more than the limit.
      const after: JpegEvent[] = [];
      const times = Math.ceil(65_536 / jpeg.length) + 2;
      for (let turn = 0; turn < times; turn += 1) after.push(...splitter.push(jpeg, 1));
      return pictures(after).some(({ data }) => same(data, jpeg));
    }),
    { numRuns: 300 },
  );
});

t.test('a picture that breaks off costs that picture alone', async (t) => {
  const splitter = new JpegSplitter(maxBytes);
  const [cut, next] = [grayJpeg(1).subarray(0, -20), grayJpeg(2)];
  const found = pictures([...splitter.push(cut, 1), ...splitter.push(next, 2)]);
  t.equal(found.length, 1);
  t.ok(same(found[0]!.data, next));
  t.equal(found[0]!.atMs, 2);
});

t.test('a thumbnail inside is no end', async (t) => {
  const jpeg = withSegments(grayJpeg(3), [0xff, 0xe1, 0, 8, 0xff, 0xd8, 0x00, 0xff, 0xd9, 0x00]);
  const [picture] = pictures(new JpegSplitter(maxBytes).push(jpeg, 0));
  t.ok(same(picture!.data, jpeg));
});

t.test('the hash is of what was seen: application data and comments do not count, the picture does', async (t) => {
  const hashOf = (jpeg: Uint8Array): string => pictures(new JpegSplitter(maxBytes).push(jpeg, 0))[0]!.hash;
  const plain = hashOf(grayJpeg(9));
  t.equal(hashOf(withSegments(grayJpeg(9), app(0xe1, 'taken at 10:00:01'), app(0xfe, 'frame 7'))), plain);
  t.equal(hashOf(withSegments(grayJpeg(9), app(0xef, ''))), plain);
  t.not(hashOf(grayJpeg(10)), plain);
});

t.test('a picture beyond the limit is told and dropped, and the next one comes', async (t) => {
  const jpeg = grayJpeg(4);
  const splitter = new JpegSplitter(jpeg.length);
  const big = Uint8Array.from([...jpeg.subarray(0, -2), ...new Uint8Array(2 * jpeg.length), 0xff, 0xd9]);
  t.same(splitter.push(big, 0), [{ is: 'too-big' }]);
  t.ok(same(pictures(splitter.push(jpeg, 1))[0]!.data, jpeg), 'one of exactly the limit fits');
});

t.test('pictures of another program: ffmpeg, with restart markers and quantization tables of its own', async (t) => {
  let mjpeg: Buffer;
  try {
    const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=15', '-frames:v', '20'];
    mjpeg = execFileSync('ffmpeg', [...source, '-c:v', 'mjpeg', '-f', 'mjpeg', 'pipe:1'], { maxBuffer: 1 << 24 });
  } catch {
    return t.comment('skipped: there is no ffmpeg here');
  }
  const splitter = new JpegSplitter(200_000);
  const found: JpegEvent[] = [];
  for (let at = 0; at < mjpeg.length; at += 1000) found.push(...splitter.push(mjpeg.subarray(at, at + 1000), at));
  t.equal(found.length, 20);
  t.ok(same(Buffer.concat(pictures(found).map(({ data }) => data)), mjpeg), 'no byte is lost');
});
