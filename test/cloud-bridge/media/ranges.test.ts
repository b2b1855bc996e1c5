import fc from 'fast-check';
import t from 'tap';
import { add, has, maxRanges, type Range, toRanges } from '../../../cloud-bridge/media/ranges.ts';

t.test('ranges hold what was added, in whatever order, as few and separate ranges', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (numbers) => {
      const ranges: Range[] = [];
      const known = new Set<number>();
      for (const number of numbers) {
        if (add(ranges, number) === known.has(number)) return false;
        known.add(number);
      }
      const same = JSON.stringify(ranges) === JSON.stringify(toRanges(known));
      const apart = ranges.every(([from, to], index) => from <= to && from > (ranges[index - 1]?.[1] ?? -1) + 1);
      return (
        same && apart && Array.from({ length: 62 }, (_, at) => at).every((at) => has(ranges, at) === known.has(at))
      );
    }),
  );
  t.pass();
});

t.test('there are only so many ranges', async (t) => {
  const ranges: Range[] = [];
  for (let at = 0; at < maxRanges; at += 1) add(ranges, 2 * at + 1);
  t.notOk(add(ranges, 2 * maxRanges + 1), 'one more gap');
  t.ok(add(ranges, 2), 'what closes a gap is taken');
  t.equal(ranges.length, maxRanges - 1);
});
