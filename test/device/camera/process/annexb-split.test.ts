import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { type AccessUnit, type AnnexbEvent, AnnexbSplitter } from '../../../../device/camera/process/annexb-split.ts';

const folder = resolve(import.meta.dirname, '../../../vectors/camera');
const maxBytes = 100_000;

type Name = 'one-slice' | 'three-slices-aud';
interface Unit {
  readonly bytes: Uint8Array;
  readonly key: boolean;
}
/** A stream of x264, and its access units as another parser cuts them. */
function vector(name: Name): { readonly stream: Uint8Array; readonly units: readonly Unit[] } {
  const stream = new Uint8Array(readFileSync(resolve(folder, `${name}.h264`)));
  const { units } = JSON.parse(readFileSync(resolve(folder, 'h264-units.json'), 'utf8')) as {
    units: Record<Name, { bytes: number; key: boolean }[]>;
  };
  let at = 0;
  return {
    stream,
    units: units[name].map(({ bytes, key }) => {
      at += bytes;
      return { bytes: stream.subarray(at - bytes, at), key };
    }),
  };
}

const pictures = (events: readonly AnnexbEvent[]): AccessUnit[] => events.filter((event) => event.is === 'picture');
const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
const isUnits = (found: readonly AccessUnit[], units: readonly Unit[]): boolean =>
  found.length === units.length &&
  found.every(({ data, key }, at) => same(data, units[at]?.bytes) && key === units[at]?.key);

const nal = (...bytes: number[]): Uint8Array => Uint8Array.of(0, 0, 0, 1, ...bytes);
const delimiter = nal(9, 0xf0);

for (const name of ['one-slice', 'three-slices-aud'] as const) {
  const { stream, units } = vector(name);

  t.test(`${name}: units come out as another parser cuts them, wherever the pipe cuts`, async () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 40 }), (cuts) => {
        const splitter = new AnnexbSplitter(maxBytes);
        const found: AccessUnit[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const to = at + cuts[turn % cuts.length]!;
          found.push(...pictures(splitter.push(stream.subarray(at, to), turn)));
          at = to;
        }
        found.push(...pictures(splitter.push(delimiter, 0)));
        return isUnits(found, units);
      }),
      { numRuns: 200 },
    );
  });

  t.test(`${name}: byte by byte nothing is given out early, twice or broken`, async (t) => {
    const splitter = new AnnexbSplitter(maxBytes);
    const found: AccessUnit[] = [];
    stream.forEach((byte, at) => void found.push(...pictures(splitter.push(Uint8Array.of(byte), at))));
    found.push(...pictures(splitter.push(delimiter, 0)));
    t.ok(isUnits(found, units));
  });

  t.test(
    `${name}: a writer that flushes each picture is learned, and then no picture waits for the next`,
    async (t) => {
      const splitter = new AnnexbSplitter(maxBytes);
      const given = units.map(({ bytes }, at) => pictures(splitter.push(bytes, at * 66)));
      t.same(given[0], [], 'at first it waits');
      const late = given.slice(12);
      t.ok(
        late.every((events, at) => events.length === 1 && same(events[0]?.data, units[at + 12]?.bytes)),
        'then not',
      );
      t.ok(late.every(([event], at) => event?.atMs === (at + 12) * 66));
      t.ok(isUnits(given.flat(), units), 'and none is lost or comes twice');
    },
  );
}

t.test('a writer that flushes each slice is learned too: a picture is given out with its last slice', async (t) => {
  const { stream, units } = vector('three-slices-aud');
  const splitter = new AnnexbSplitter(maxBytes);
  const starts: number[] = [];
  for (let at = 0; at + 4 < stream.length; at += 1) {
    const isStart = stream[at] === 0 && stream[at + 1] === 0 && stream[at + 2] === 0 && stream[at + 3] === 1;
    if (isStart && [1, 5].includes(stream[at + 4]! & 31) && (stream[at + 5]! & 0x80) === 0) starts.push(at);
  }
  // Cut behind each slice: before a further slice, and at the ends of units.
  let end = 0;
  const ends = units.map(({ bytes }) => {
    end += bytes.length;
    return end;
  });
  const cuts = [...new Set([...starts, ...ends])].sort((a, b) => a - b);
  const found: AccessUnit[] = [];
  const lag: number[] = [];
  let from = 0;
  for (const cut of cuts) {
    found.push(...pictures(splitter.push(stream.subarray(from, cut), cut)));
    if (ends.includes(cut)) lag.push(ends.indexOf(cut) + 1 - found.length);
    from = cut;
  }
  t.ok(isUnits(found, units));
  t.equal(lag[0], 1);
  t.ok(lag.slice(12).every((units) => units === 0));
});

t.test(
  'a writer that breaks its habit: the picture that came too early comes once more, whole, and it waits again',
  async (t) => {
    const { units } = vector('one-slice');
    const splitter = new AnnexbSplitter(maxBytes);
    for (const { bytes } of units.slice(0, 20)) splitter.push(bytes, 0);
    const { bytes } = units[20]!;
    const half = pictures(splitter.push(bytes.subarray(0, 100), 1));
    t.equal(half[0]?.data.length, 100, 'half of it looked like all');
    t.same(splitter.push(bytes.subarray(100), 2), []);
    const again = pictures(splitter.push(units[21]!.bytes, 3));
    t.ok(again.length === 1 && same(again[0]?.data, bytes));
    t.equal(again[0]?.atMs, 1);
    const rest = units.slice(22).map(({ bytes }, at) => pictures(splitter.push(bytes, at + 4)));
    t.ok(
      rest.every((events, at) => events.length === 1 && same(events[0]?.data, units[at + 21]?.bytes)),
      'one behind',
    );
  },
);

t.test(
  'in the middle of large pictures nothing is taken for an end: whole buffers, and reads at their limit',
  async (t) => {
    const { units } = vector('one-slice');
    const splitter = new AnnexbSplitter(maxBytes);
    for (const { bytes } of units.slice(0, 20)) splitter.push(bytes, 0);
    const big = (length: number): Uint8Array => {
      const unit = new Uint8Array(length).fill(0x55);
      unit.set(units[20]!.bytes.subarray(0, 50));
      return unit;
    };
    const large = big(50_000);
    t.same(splitter.push(large.subarray(0, 32_768), 0), [], 'a whole buffer of its writer');
    t.equal(pictures(splitter.push(large.subarray(32_768), 0)).length, 1);
    const behind = Buffer.concat([units[21]!.bytes, large.subarray(0, 32_768)]);
    t.ok(
      same(pictures(splitter.push(behind, 0))[0]?.data, units[21]!.bytes),
      'a picture and a buffer of the next in one read',
    );
    t.equal(pictures(splitter.push(large.subarray(32_768), 0)).length, 1);
    const limit = Buffer.concat([units[22]!.bytes, big(80_000)]);
    t.equal(pictures(splitter.push(limit.subarray(0, 65_536), 0)).length, 1, 'a read at the limit of a read');
  },
);

t.test('nothing comes before the first key picture, and SPS and PPS are put in front of each', async (t) => {
  const { units } = vector('one-slice');
  const splitter = new AnnexbSplitter(maxBytes);
  const found: AccessUnit[] = [];
  const take = (bytes: Uint8Array): void => void found.push(...pictures(splitter.push(bytes, 0)));
  for (const { bytes } of units.slice(10, 15)) take(bytes);
  t.same(found, [], 'the middle of a sequence');
  for (const { bytes } of units.slice(15, 30)) take(bytes);
  // From here on as an encoder that sends its parameter sets once.
  const idr = units[30]!.bytes;
  const slice = Buffer.from(idr).indexOf(Buffer.of(0, 0, 1, 0x65));
  take(idr.subarray(slice));
  take(units[31]!.bytes);
  take(delimiter);
  const keys = found.filter(({ key }) => key);
  t.equal(keys.length, 2);
  t.ok(same(keys[1]?.data, idr), 'as if they had been sent');

  const bare = new AnnexbSplitter(maxBytes);
  t.same([...bare.push(idr.subarray(slice), 0), ...bare.push(delimiter, 0)], [], 'without them nobody could decode it');
});

t.test('a delimiter stays in front of the parameter sets', async (t) => {
  const { units } = vector('three-slices-aud');
  const splitter = new AnnexbSplitter(maxBytes);
  const found: AccessUnit[] = [];
  for (const { bytes } of units.slice(0, 15)) found.push(...pictures(splitter.push(bytes, 0)));
  const idr = Buffer.from(units[15]!.bytes);
  const bare = Buffer.concat([idr.subarray(0, 6), idr.subarray(idr.indexOf(Buffer.of(0, 0, 1, 0x65)))]);
  found.push(...pictures(splitter.push(bare, 0)), ...pictures(splitter.push(delimiter, 0)));
  t.ok(same(found.at(-1)?.data, idr));
});

t.test('a picture beyond the limit is told and dropped, with all that need it', async (t) => {
  const { units } = vector('one-slice');
  const splitter = new AnnexbSplitter(2300);
  const found: AnnexbEvent[] = [];
  for (const { bytes } of units) found.push(...splitter.push(bytes, 0));
  found.push(...splitter.push(delimiter, 0));
  t.equal(found.filter(({ is }) => is === 'too-big').length, 1, 'the third key picture has 2363 bytes');
  t.ok(isUnits(pictures(found), units.slice(0, 30)), 'what came after it is not given out');
});

t.test('whatever comes, nothing is thrown and the next key picture is found', async () => {
  const { units } = vector('one-slice');
  const junk = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom([0, 0, 1], [0, 0, 1, 0x65, 0x88], [0, 0, 1, 0x41, 0x10], [0, 0, 0, 1, 0x67], [0, 0, 1, 9, 0xf0]),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(junk, (pieces) => {
      const splitter = new AnnexbSplitter(3000);
      for (const piece of pieces) splitter.push(Uint8Array.from(piece), 0);
      const found = [...units, ...units].flatMap(({ bytes }) => pictures(splitter.push(bytes, 1)));
      return found.some(({ data }) => same(data, units[15]?.bytes));
    }),
    { numRuns: 500 },
  );
});
