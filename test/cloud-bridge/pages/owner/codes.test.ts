import fc from 'fast-check';
import t from 'tap';
import { type CodeDraft, emptyCode, isFit, toCode } from '../../../../cloud-bridge/pages/owner/codes/draft.ts';
import { filled } from '../../../../cloud-bridge/pages/owner/codes/filled.ts';
import {
  clocksChange,
  fromLockHours,
  lockEndS,
  offsetAt,
  toLockHours,
} from '../../../../cloud-bridge/pages/owner/codes/lock-hours.ts';
import { sayTimes } from '../../../../cloud-bridge/pages/owner/codes/say-times.ts';
import { troubleOf } from '../../../../cloud-bridge/pages/owner/codes/trouble.ts';
import { codeWords } from '../../../../cloud-bridge/pages/owner/codes/words.ts';
import { isCode } from '../../../../device/lock/nuki/keypad-code.ts';
import { isLimit } from '../../../../device/lock/nuki/limit.ts';

const zone = 'Europe/Berlin';
const nowS = Date.UTC(2026, 10, 21, 12) / 1000;
const scene = { zone, nowS, devices: ['mine', 'other'] };
const plain: CodeDraft = { ...emptyCode('mine'), name: ' Anna ', digits: '345678' };
const made = (draft: CodeDraft, where = scene) => {
  const result = toCode(draft, where);
  return result.ok ? result.code : result.errors;
};
const say = (draft: CodeDraft) => {
  const result = toCode(draft, scene);
  return result.ok ? sayTimes(result.code.times, { code: 'en', zone, nowS, says: codeWords.en }) : undefined;
};

t.test('the digits that the form takes are those that the lock takes', async () => {
  fc.assert(fc.property(fc.stringMatching(/^\d{4,7}$/), (digits) => isFit(digits) === isCode(digits)));
});

t.test('a form becomes a code', async (t) => {
  t.same(made(plain), { digits: '345678', name: 'Anna' });
  t.same(made({ ...plain, isDuress: true }), { digits: '345678', name: 'Anna', duress: { notFor: ['mine'] } });
  t.same(made({ ...plain, when: 'span', begins: '2026-12-01', ends: '2026-12-02' }), {
    ...{ digits: '345678', name: 'Anna' },
    times: {
      ...{ fromS: Date.UTC(2026, 11, 1, 8) / 1000, untilS: Date.UTC(2026, 11, 2, 11) / 1000 },
      ...{ weekdays: [], fromMinute: 0, untilMinute: 0 },
    },
  });
  t.same(made({ ...plain, when: 'weekly', days: [1, 0] }), {
    ...{ digits: '345678', name: 'Anna' },
    times: { fromS: nowS, untilS: lockEndS, weekdays: [0, 1], fromMinute: 480, untilMinute: 660 },
  });
});

t.test('everything that does not hold is said at once, in the order of the form', async (t) => {
  t.same(made({ ...plain, name: '', digits: '', when: 'weekly', isDuress: true, notFor: [] }), [
    { field: 'name', why: 'missing' },
    { field: 'digits', why: 'missing' },
    { field: 'days', why: 'missing' },
    { field: 'notFor', why: 'missing' },
  ]);
  for (const [change, error] of [
    [{ name: 'ж'.repeat(11) }, { field: 'name', why: 'long' }],
    [{ digits: '123456' }, { field: 'digits', why: 'unfit' }],
    [{ digits: '340678' }, { field: 'digits', why: 'unfit' }],
    [{ when: 'span' }, { field: 'begins', why: 'missing' }],
    [
      { when: 'span', begins: '2026-12-02' },
      { field: 'ends', why: 'missing' },
    ],
    [
      { when: 'span', begins: '2026-12-02', ends: '2026-12-01' },
      { field: 'ends', why: 'before' },
    ],
    [
      { when: 'span', begins: '2026-11-01', ends: '2026-11-02' },
      { field: 'ends', why: 'over' },
    ],
    [
      { when: 'weekly', days: [0], ends: '2026-11-20' },
      { field: 'ends', why: 'over' },
    ],
    [
      { when: 'weekly', days: [0], fromTime: '' },
      { field: 'time', why: 'not-so' },
    ],
    [
      { when: 'weekly', days: [0], fromTime: '12:00' },
      { field: 'time', why: 'before' },
    ],
    [
      { when: 'weekly', days: [0], fromTime: '00:30', untilTime: '02:00' },
      { field: 'time', why: 'midnight' },
    ],
    [
      { isDuress: true, notFor: ['mine', 'other'] },
      { field: 'notFor', why: 'unheard' },
    ],
  ] as const) {
    t.same(made({ ...plain, ...change }), [error]);
  }
  t.same(made({ ...plain, isDuress: true }, { ...scene, devices: ['mine'] }), [{ field: 'notFor', why: 'unheard' }]);
});

t.test('hours of the home survive the clock of the lock, and the lock can keep them', async (t) => {
  const hours = fc
    .tuple(fc.integer({ min: 0, max: 1_438 }), fc.integer({ min: 1, max: 1_439 }))
    .filter(([from, until]) => from < until);
  const offset = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
  const weekdays = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((days) => days.sort());
  let kept = 0;
  fc.assert(
    fc.property(hours, offset, weekdays, ([fromMinute, untilMinute], ahead, weekdays) => {
      const wall = { weekdays, fromMinute, untilMinute };
      const lock = toLockHours(wall, ahead);
      if (lock === undefined) return fromMinute < (ahead + 1_440) % 1_440;
      kept += 1;
      const back = fromLockHours(lock, ahead);
      // an end at the lock's own midnight is its last minute
      const isCut = (untilMinute - ahead + 1_440) % 1_440 === 0;
      return (
        isLimit({ fromS: 0, untilS: lockEndS, ...lock }) &&
        back.fromMinute === fromMinute &&
        back.untilMinute === (isCut ? untilMinute - 1 : untilMinute) &&
        `${back.weekdays}` === `${weekdays}`
      );
    }),
  );
  t.ok(kept > 0);
  t.same(toLockHours({ weekdays: [0], fromMinute: 30, untilMinute: 60 }, 60), {
    ...{ weekdays: [6], fromMinute: 1_410, untilMinute: 1_439 },
  });
});

t.test('the zone of the home decides how far its wall is ahead, and whether its clocks change', async (t) => {
  t.equal(offsetAt(nowS, zone), 60);
  t.equal(offsetAt(Date.UTC(2026, 6, 1) / 1000, zone), 120);
  t.equal(offsetAt(nowS, 'America/St_Johns'), -210);
  t.ok(clocksChange(zone, nowS));
  t.notOk(clocksChange('Europe/Istanbul', nowS));
});

t.test('times are said in words', async (t) => {
  t.equal(say(plain), 'At any time');
  t.equal(say({ ...plain, when: 'weekly', days: [0, 4] }), 'Mon, Fri 09:00 AM–12:00 PM');
  t.match(
    say({ ...plain, when: 'weekly', days: [0, 1, 2, 3, 4, 5, 6], ends: '2026-12-24' }),
    /^every day .*, until Dec 24, 2026/,
  );
  t.match(
    say({ ...plain, when: 'span', begins: '2026-12-01', ends: '2026-12-02' }),
    /^from Dec 1, 2026, 9:00.AM, until Dec 2, 2026/,
  );
  const past = { fromS: 0, untilS: nowS - 1, weekdays: [], fromMinute: 0, untilMinute: 0 };
  t.match(sayTimes(past, { code: 'en', zone, nowS, says: codeWords.en }), /^Ran out on Nov 21, 2026/);
});

t.test('what is sealed has one length, whatever the name', async (t) => {
  t.equal(filled('x').length, 512);
  t.equal(filled('ж'.repeat(256)).length, 512);
  t.equal(filled('x'.repeat(513)).length, 1_024);
  t.equal(new TextDecoder().decode(filled('{}')).trim(), '{}');
});

t.test('a refusal without words of its own is said by its code', async (t) => {
  t.equal(troubleOf('HUB_OFFLINE'), 'offline');
  t.equal(troubleOf('INTERNAL'), 'other');
  for (const words of Object.values(codeWords)) t.match(words.other, '{code}');
});
