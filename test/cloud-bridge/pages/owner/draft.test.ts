import fc from 'fast-check';
import t from 'tap';
import {
  type Draft,
  emptyDraft,
  momentOf,
  toDraft,
  toRule,
  wallAt,
} from '../../../../cloud-bridge/pages/owner/rules/draft.ts';
import { noEndS } from '../../../../cloud-bridge/pages/owner/rules/sentence.ts';
import { whatWidens, worstCase } from '../../../../cloud-bridge/pages/owner/rules/widening.ts';
import { windowAt } from '../../../../wire/occurrences.ts';
import { weekdays } from '../../../../wire/recurrence.ts';

const hourS = 3_600;
const zone = 'Europe/Berlin';
const nowS = Date.UTC(2026, 10, 21, 12) / 1000;
const door = 'door-aaaaaaaaaaaaaaaaaaaa';
const blind = 'door-bbbbbbbbbbbbbbbbbbbb';
const facts = { kind: 'latch', seesBolt: true, seesDoor: true } as const;
const scene = {
  ...{ id: 'rule-new', zone, nowS },
  doors: [
    { ...facts, id: door, camera: true },
    { ...facts, id: blind, camera: false },
  ],
};
const party = { kind: 'guest', id: 'maria', jkt: 'A'.repeat(43) } as const;
const cleaning: Draft = { ...emptyDraft(door), party, days: ['TU'], camera: 'off', consent: 'auto' };
const made = (draft: Draft) => {
  const result = toRule(draft, scene);
  return result.ok ? result.rule : result.errors;
};

t.test('a form becomes a rule: days and hours of the home’s own zone', async (t) => {
  t.same(made(cleaning), {
    ...{ id: 'rule-new', door, party, from: nowS, until: noEndS, visits: 1_000, entries: 1 },
    recurs: { zone, start: '2026-11-21T09:00', seconds: 3 * hourS, freq: 'weekly', days: ['TU'] },
    ...{ camera: 'off', consent: 'auto' },
  });
  const night = { ...cleaning, fromTime: '22:00', untilTime: '06:00', begins: '2026-12-01', ends: '2026-12-31' };
  t.match(made(night), {
    from: Date.UTC(2026, 10, 30, 23) / 1000,
    until: Date.UTC(2026, 11, 31, 23) / 1000,
    recurs: { start: '2026-12-01T22:00', seconds: 8 * hourS },
  });
  t.match(made({ ...cleaning, fromTime: '00:00', untilTime: '00:00' }), { recurs: { seconds: 24 * hourS } });
  t.match(made({ ...cleaning, every: 2 }), {
    from: Date.UTC(2026, 10, 23, 23) / 1000,
    recurs: { start: '2026-11-24T09:00', every: 2, days: ['TU'] },
  });
  const once = { ...cleaning, when: 'once', begins: '2026-11-24', visits: '1' } as const;
  t.match(made(once), { from: Date.UTC(2026, 10, 24, 8) / 1000, until: Date.UTC(2026, 10, 24, 11) / 1000, visits: 1 });
  t.match(made({ ...cleaning, when: 'always', ends: '2026-11-21' }), { until: Date.UTC(2026, 10, 21, 23) / 1000 });
});

t.test('what does not hold is named by its field', async (t) => {
  const wrong: readonly (readonly [Partial<Draft>, string, string])[] = [
    [{ party: undefined }, 'party', 'missing'],
    [{ door: 'door-cccccccccccccccccccc' }, 'door', 'missing'],
    [{ days: [] }, 'days', 'missing'],
    [{ fromTime: '25:00' }, 'time', 'not-so'],
    [{ untilTime: '' }, 'time', 'not-so'],
    [{ begins: '2026-02-30' }, 'begins', 'not-so'],
    [{ when: 'once' }, 'begins', 'missing'],
    [{ when: 'once', begins: '2026-11-20' }, 'begins', 'over'],
    [{ ends: 'soon' }, 'ends', 'not-so'],
    [{ ends: '2026-11-20' }, 'ends', 'over'],
    [{ begins: '2026-12-02', ends: '2026-12-01' }, 'ends', 'before'],
    [{ visits: '0' }, 'visits', 'not-so'],
    [{ visits: '1.5' }, 'visits', 'not-so'],
    [{ entries: '21' }, 'entries', 'not-so'],
    [{ door: blind, camera: 'recorded' }, 'camera', 'no-camera'],
  ];
  for (const [change, field, why] of wrong) t.same(made({ ...cleaning, ...change }), [{ field, why }], field);
  t.match(made({ ...cleaning, days: [], visits: 'x' }), [{ field: 'days' }, { field: 'visits' }], 'all at once');
});

/** Does it end a day and more after its beginning, as the clocks on the wall have it? Only where they jump over its end. */
function isJumpedOver({ from, until }: { from: number; until: number }): boolean {
  const [begin, end] = [wallAt(from, zone), wallAt(until, zone)];
  return begin.slice(0, 10) !== end.slice(0, 10) && end.slice(11) > begin.slice(11);
}

t.test('a rule goes back into the form and comes out the same; one that says more does not go in', async (t) => {
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${two(h)}:${two(m)}`);
  const drafts = fc.record({
    when: fc.constantFrom('always', 'weekly', 'once'),
    days: fc.subarray([...weekdays], { minLength: 1 }),
    every: fc.constantFrom(1, 2, 4),
    begins: fc.constantFrom('2026-11-24', '2027-03-27', '2027-10-30'),
    ends: fc.constantFrom('', '2027-11-30'),
    fromTime: time,
    untilTime: time,
    visits: fc.constantFrom('', '7'),
  }) as fc.Arbitrary<Partial<Draft>>;
  const property = fc.property(drafts, (change) => {
    const first = toRule({ ...cleaning, ...change }, scene);
    if (!first.ok) return false;
    const draft = toDraft(first.rule, zone);
    if (draft === undefined) return isJumpedOver(first.rule);
    const second = toRule(draft, scene);
    if (!second.ok) return false;
    return JSON.stringify(second.rule) === JSON.stringify(first.rule);
  });
  fc.assert(property, { numRuns: 120 });
  const gap = { when: 'once', begins: '2027-03-27', fromTime: '03:00', untilTime: '02:01' } as const;
  const jumped = toRule({ ...cleaning, ...gap }, scene);
  t.ok(jumped.ok && isJumpedOver(jumped.rule));
  t.equal(jumped.ok && toDraft(jumped.rule, zone), undefined, 'no form says it, and none loses a day of it');
  const rule = toRule(cleaning, scene);
  if (!rule.ok) return t.fail('the form is good');
  for (const more of [
    { every: 5 },
    { every: 2 },
    { count: 3 },
    { except: ['2026-12-24T09:00'] },
    { zone: 'Europe/Lisbon' },
  ]) {
    t.equal(toDraft({ ...rule.rule, recurs: { ...rule.rule.recurs!, ...more } }, zone), undefined);
  }
});

t.test('every other week begins with the first of its days, and then leaves a week out', async (t) => {
  const result = toRule({ ...cleaning, days: ['MO', 'TH'], every: 2, begins: '2026-11-25' }, scene);
  if (!result.ok) return t.fail('the form is good');
  const open = Array.from(
    { length: 30 },
    (_, index) => `2026-${index < 6 ? `11-${25 + index}` : `12-${String(index - 5).padStart(2, '0')}`}`,
  );
  const days = open.filter((day) => windowAt(result.rule, momentOf(`${day}T10:00`, zone)) !== undefined);
  t.same(days, ['2026-11-26', '2026-12-07', '2026-12-10', '2026-12-21', '2026-12-24']);
});

t.test('T28: a time that clocks skip is the one that the hub reads, and the wall shows what was typed', async (t) => {
  for (const local of ['2027-03-28T02:30', '2026-10-25T02:30', '2026-11-24T09:00']) {
    const at = momentOf(local, zone);
    const rule = {
      from: 0,
      until: noEndS,
      recurs: { zone, start: local, seconds: 60, freq: 'daily', count: 1 },
    } as const;
    t.equal(windowAt(rule, at)?.from, at, local);
  }
  t.equal(wallAt(momentOf('2026-11-24T09:00', zone), zone), '2026-11-24T09:00');
});

t.test('T38: what a new rule opens up is said before it is signed, with its worst case', async (t) => {
  const rule = toRule(cleaning, scene);
  if (!rule.ok) return t.fail('the form is good');
  t.same(whatWidens(rule.rule, []), ['guest', 'unseen', 'endless']);
  t.same(whatWidens({ ...rule.rule, consent: 'ask', camera: 'recorded', until: nowS + 60 }, []), ['asked']);
  t.same(whatWidens(rule.rule, [rule.rule]), [], 'what is in force opens nothing up');
  t.equal(worstCase(rule.rule, nowS + 7 * 86_400), nowS + 7 * 86_400 + 60, 'past the lease no guest comes in');
  t.equal(worstCase({ ...rule.rule, until: nowS + 60 }, nowS + 7 * 86_400), nowS + 120);
  t.equal(worstCase({ ...rule.rule, consent: 'ask' }, nowS + 7 * 86_400), undefined, 'who asks, waits for a yes');
});
