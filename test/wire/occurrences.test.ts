import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';
import { nextWindows, occurrencesIn, type Window, windowAt, windowsOf } from '../../wire/occurrences.ts';
import { Recurrence, weekdays } from '../../wire/recurrence.ts';

const minuteS = 60;
const dayS = 86_400;
const utcS = (...at: [number, number, number, number?, number?]): number => Date.UTC(...at) / 1000;

/** Both changes of 2026, by zone; Lord Howe moves by half an hour, Santiago at midnight. */
const zones: Readonly<Record<string, readonly [number, number]>> = {
  'Europe/Berlin': [utcS(2026, 2, 29), utcS(2026, 9, 25)],
  'Europe/London': [utcS(2026, 2, 29), utcS(2026, 9, 25)],
  'America/New_York': [utcS(2026, 2, 8), utcS(2026, 10, 1)],
  'America/Santiago': [utcS(2026, 3, 5), utcS(2026, 8, 6)],
  'Australia/Lord_Howe': [utcS(2026, 3, 4), utcS(2026, 9, 3)],
  'Pacific/Auckland': [utcS(2026, 3, 4), utcS(2026, 8, 26)],
};
const aroundS = 6 * dayS;

/** What a clock on the wall shows at each minute around a change: asked of the machine, minute by minute. */
class Wall {
  readonly #shown: readonly (readonly [string, number])[];
  readonly #first = new Map<string, number>();

  constructor(zone: string, changeS: number) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    const shown: [string, number][] = [];
    for (let at = changeS - 2 * aroundS; at < changeS + 2 * aroundS; at += minuteS) {
      shown.push([format.format(at * 1000).replace(' ', 'T'), at]);
    }
    this.#shown = shown;
    for (const [text, at] of shown) if (!this.#first.has(text)) this.#first.set(text, at);
  }

  /** When it shows this for the first time; what it skips comes as long after the last minute before as the clock says. */
  at(local: string): number {
    const found = this.#first.get(local);
    if (found !== undefined) return found;
    const [text, at] = this.#shown.filter(([one]) => one < local).at(-1)!;
    return at + (Date.parse(`${local}Z`) - Date.parse(`${text}Z`)) / 1000;
  }
}

/** Day by day, as one would with a calendar and a pencil. */
function byPencil(recurrence: Recurrence, wall: Wall, within: Window): Window[] {
  const { start, seconds, freq, every = 1, days, count = Number.POSITIVE_INFINITY, except = [] } = recurrence;
  const { last = Number.POSITIVE_INFINITY } = recurrence;
  const [firstDay, time] = start.split('T') as [string, string];
  const dayOf = (text: string): number => Date.parse(`${text}T00:00Z`) / 1000 / dayS;
  const monday = (day: number): number => day - ((day + 3) % 7);
  const first = dayOf(firstDay);
  const found: Window[] = [];
  let counted = 0;
  for (let day = first; day < within.until / dayS + 2 && counted < count; day += 1) {
    const weekday = weekdays[(day + 3) % 7]!;
    const isDue =
      freq === 'daily'
        ? (day - first) % every === 0
        : ((monday(day) - monday(first)) / 7) % every === 0 && (days ?? [weekdays[(first + 3) % 7]!]).includes(weekday);
    if (!isDue) continue;
    counted += 1;
    const local = `${new Date(day * dayS * 1000).toISOString().slice(0, 10)}T${time}`;
    if (except.includes(local)) continue;
    const from = wall.at(local);
    if (from <= last && from < within.until && from + seconds > within.from)
      found.push({ from, until: from + seconds });
  }
  return found;
}

const recurrences = (zone: string, changeS: number) => {
  const day = fc
    .integer({ min: -5, max: 2 })
    .map((n) => new Date((changeS + n * dayS) * 1000).toISOString().slice(0, 10));
  // Half of them where clocks jump.
  const hour = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 }));
  const two = (n: number): string => String(n).padStart(2, '0');
  const start = fc
    .tuple(day, hour, fc.constantFrom(0, 15, 30, 59))
    .map(([date, h, m]) => `${date}T${two(h)}:${two(m)}`);
  const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
  return fc
    .record({
      start,
      seconds: fc.integer({ min: 60, max: dayS }),
      freq: fc.constantFrom('daily' as const, 'weekly' as const),
      every: optional(fc.integer({ min: 1, max: 3 })),
      days: optional(fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 })),
      ends: fc.constantFrom('count', 'last', 'never'),
      count: fc.integer({ min: 1, max: 6 }),
      last: fc.integer({ min: changeS - 3 * dayS, max: changeS + 5 * dayS }),
      except: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 2 }),
    })
    .map(({ ends, every, days, count, last, except, ...rest }) => {
      const skipped = except.map((n) => {
        const [date, time] = rest.start.split('T') as [string, string];
        return `${new Date(Date.parse(`${date}T00:00Z`) + n * dayS * 1000).toISOString().slice(0, 10)}T${time}`;
      });
      return v.parse(Recurrence, {
        ...{ zone, ...rest, except: skipped },
        ...(every !== undefined && { every }),
        ...(days !== undefined && rest.freq === 'weekly' && { days }),
        ...(ends === 'count' && { count }),
        ...(ends === 'last' && { last }),
      });
    });
};

for (const [zone, changes] of Object.entries(zones)) {
  for (const [which, changeS] of changes.entries()) {
    t.test(`T28: ${zone}, change ${which + 1}: the same as with calendar and pencil`, async (t) => {
      const wall = new Wall(zone, changeS);
      let found = 0;
      fc.assert(
        fc.property(recurrences(zone, changeS), fc.integer({ min: -4, max: 4 }), (recurrence, n) => {
          const within = { from: changeS + n * dayS, until: changeS + (n + 3) * dayS };
          const all = occurrencesIn(recurrence, within);
          found += all.length;
          t.strictSame(all, byPencil(recurrence, wall, within));
        }),
        { numRuns: 60 },
      );
      t.ok(found > 20, `${found} occurrences were compared`);
    });
  }
}

const tuesdays = v.parse(Recurrence, {
  ...{ zone: 'Europe/Berlin', start: '2026-11-24T09:00', seconds: 3 * 3600, freq: 'weekly', days: ['TU'] },
});

t.test('a start in the gap is read with the offset before it; one that is shown twice is the first', async (t) => {
  const daily = { ...tuesdays, freq: 'daily', start: '2026-03-01T02:30', seconds: 600 } as const;
  const { days: _, ...nightly } = daily;
  const on = (day: number, month: number) => ({ from: utcS(2026, month, day), until: utcS(2026, month, day + 1) });
  t.same(occurrencesIn(nightly, on(29, 2)), [{ from: utcS(2026, 2, 29, 1, 30), until: utcS(2026, 2, 29, 1, 40) }]);
  t.same(occurrencesIn(nightly, on(25, 9)), [{ from: utcS(2026, 9, 25, 0, 30), until: utcS(2026, 9, 25, 0, 40) }]);
});

t.test('durations are exact: a day that lacks an hour ends an hour later on the wall', async (t) => {
  const night = v.parse(Recurrence, {
    ...{ zone: 'Europe/Berlin', start: '2026-03-28T22:00', seconds: 8 * 3600, freq: 'daily' },
  });
  const [first] = occurrencesIn(night, { from: utcS(2026, 2, 28, 21), until: utcS(2026, 2, 28, 22) });
  t.same(first, { from: utcS(2026, 2, 28, 21), until: utcS(2026, 2, 29, 5) });
});

t.test('a rule holds where its window and its recurrence meet', async (t) => {
  const rule = { from: utcS(2026, 10, 24, 9), until: utcS(2026, 11, 8, 9), recurs: tuesdays };
  t.same(windowsOf(rule, { from: 0, until: 2 ** 40 }), [
    { from: utcS(2026, 10, 24, 9), until: utcS(2026, 10, 24, 11) },
    { from: utcS(2026, 11, 1, 8), until: utcS(2026, 11, 1, 11) },
    { from: utcS(2026, 11, 8, 8), until: utcS(2026, 11, 8, 9) },
  ]);
  t.same(windowAt(rule, utcS(2026, 11, 1, 8)), { from: utcS(2026, 11, 1, 8), until: utcS(2026, 11, 1, 11) });
  t.equal(windowAt(rule, utcS(2026, 11, 1, 8) - 1), undefined);
  t.equal(windowAt(rule, utcS(2026, 11, 1, 11)), undefined, 'until is not in it any more');
  t.equal(windowAt(rule, utcS(2026, 11, 2, 9)), undefined, 'a Wednesday');
  t.equal(windowAt(rule, utcS(2026, 11, 8, 9, 30)), undefined, 'the rule is over');
  const { recurs: _, ...once } = rule;
  t.same(windowAt(once, utcS(2026, 11, 2, 9)), { from: once.from, until: once.until });
  t.same(windowsOf(once, { from: 0, until: once.from }), []);
});

t.test('what nobody could read aloud is no recurrence', async (t) => {
  for (const [what, change] of Object.entries({
    'no such zone': { zone: 'Europe/Atlantis' },
    'no such day': { start: '2026-02-30T09:00' },
    'no such hour': { start: '2026-02-20T24:30' },
    'longer than a day': { seconds: dayS + 1 },
    'no time at all': { seconds: 0 },
    'a day twice': { days: ['TU', 'TU'] },
    'no day': { days: [] },
    'days of a daily one': { freq: 'daily' },
    'two ends': { count: 3, last: 2_000_000_000 },
    'a rule of its own': { rrule: 'FREQ=SECONDLY' },
    'a line break': { zone: 'Europe/Berlin\nRRULE:FREQ=SECONDLY' },
  })) {
    t.notOk(v.is(Recurrence, { ...tuesdays, ...change }), what);
  }
});

t.test('the next windows are the first of all that come, the open one as it is', async (t) => {
  const [from, until] = [utcS(2026, 0, 1), utcS(2028, 0, 1)];
  const recurs: Recurrence = { zone: 'Europe/Berlin', start: '2026-01-06T09:00', seconds: 3 * 3_600, freq: 'weekly' };
  const rule = { from, until, recurs };
  const tuesday = utcS(2026, 2, 24, 8);
  const summer = utcS(2026, 2, 31, 7);
  t.same(
    nextWindows(rule, tuesday + 60, 2),
    [tuesday, summer].map((one) => ({ from: one, until: one + 3 * 3_600 })),
    'over the change to summer time',
  );
  t.equal(nextWindows(rule, tuesday + 3 * 3_600, 1)[0]?.from, summer, 'until is exclusive');
  const rare = { ...rule, recurs: { ...recurs, every: 52 } };
  t.same(nextWindows(rare, tuesday, 3), windowsOf(rare, { from: tuesday, until }), 'however far it is');
  t.same(nextWindows({ from, until }, from - 5, 3), [{ from, until }], 'without recurrence it is one');
  t.same(nextWindows(rule, until, 3), [], 'and none when it is over');
  t.same(nextWindows({ ...rule, recurs: { ...recurs, count: 1 } }, tuesday, 3), []);
});
