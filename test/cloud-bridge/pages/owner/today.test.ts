import t from 'tap';
import type { Delivery } from '../../../../cloud-bridge/pages/owner/home/known.ts';
import { readAsked } from '../../../../cloud-bridge/pages/owner/today/asked.ts';
import { comingToday } from '../../../../cloud-bridge/pages/owner/today/coming.ts';
import { sayState } from '../../../../cloud-bridge/pages/owner/today/say-state.ts';
import { dayAround, expectedOf } from '../../../../cloud-bridge/pages/owner/today/story.ts';
import { todayWords } from '../../../../cloud-bridge/pages/owner/today/words.ts';
import type { Rule } from '../../../../wire/rule-book.ts';

const noon = new Date(2026, 10, 24, 12).getTime();
const at = (hour: number): number => new Date(2026, 10, 24, hour).getTime() / 1000;
const delivery = (name: string, from: number, until: number, state: string): Delivery => ({
  ...{ delivery: name, door: 'door', from, until, parcels: 1, state, carrier: 'hermes', rule: 'r' },
});
const names = (all: readonly Delivery[]): string[] => all.map((one) => one.delivery);

t.test('what is expected today, what later, what is done', async (t) => {
  const day = 86_400;
  const { today, later, done } = expectedOf(
    [
      delivery('evening', at(18), at(20), 'announced'),
      delivery('now', at(11), at(13), 'at-door'),
      delivery('tomorrow', at(9) + day, at(11) + day, 'granted'),
      delivery('morning', at(8), at(9), 'delivered'),
      delivery('yesterday', at(8) - day, at(9) - day, 'delivered'),
      delivery('forgotten', at(8) - day, at(9) - day, 'announced'),
    ],
    noon,
  );
  t.same(names(today), ['now', 'evening'], 'in order; what nobody ended and is long over is expected no more');
  t.same(names(later), ['tomorrow']);
  t.same(names(done), ['morning']);
});

t.test('T28: a day of the phone is as long as it is, also where clocks jump', async (t) => {
  const { from, until } = dayAround(noon);
  t.equal(new Date(from).getHours(), 0);
  t.equal(new Date(until).getHours(), 0);
  t.ok(from <= noon && noon < until);
});

t.test('guests who may come today by a recurring rule; carriers come with their deliveries', async (t) => {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const cleaner: Rule = {
    ...{ id: 'cleaner', door: 'door-aaaaaaaaaaaaaaaaaaaa', from: 0, until: 2 ** 40, visits: 1000, entries: 1 },
    ...{ camera: 'off', consent: 'auto', party: { kind: 'guest', id: 'anna', jkt: 'x'.repeat(43) } },
    recurs: { zone: timeZone, start: '2026-11-03T14:00', seconds: 3 * 3600, freq: 'weekly', days: ['TU'] },
  };
  const book = (rules: readonly Rule[]) => ({ aud: 'hub', version: 1, iat: 0, exp: 2 ** 40, rules: [...rules] });
  t.same(comingToday(book([cleaner]), noon), [
    { rule: 'cleaner', party: cleaner.party, door: cleaner.door, from: at(14), until: at(17) },
  ]);
  t.same(comingToday(book([cleaner]), noon + 86_400_000), [], 'not on a Wednesday');
  t.same(comingToday(book([cleaner]), new Date(2026, 10, 24, 18).getTime()), [], 'nor once it is over');
  t.same(comingToday(book([{ ...cleaner, until: at(10) }]), noon), [], 'nor when the rule has ended');
  t.same(comingToday(undefined, noon), []);
});

t.test('what is asked is read from a grant, or is nothing', async (t) => {
  for (const grant of ['', 'a.b.c', `x.${Buffer.from('{}').toString('base64url')}.y`])
    t.equal(readAsked({ grant }), undefined);
});

t.test('what became of a delivery is said as it was: handed over, put down, brought in', async (t) => {
  const states = [
    'announced',
    'assigned',
    'waiting-for-owner',
    'granted',
    'at-door',
    'in-progress',
    'failed',
    'cancelled',
  ];
  for (const [code, says] of Object.entries(todayWords)) {
    const of = (outcome: string, parcels = 1) => sayState(says, { state: 'delivered', outcome, parcels });
    t.same([of('completed'), of('inside')], [says.delivered, says.delivered], code);
    t.same([of('handed-over'), of('put')], [says.handed, says.put], code);
    t.equal(new Set([says.delivered, says.handed, says.put, says.worked]).size, 4, `${code}: each in its own words`);
    t.equal(of('completed', 0), says.worked, `S094: ${code}: who came to work brought nothing`);
    for (const state of states) t.not(sayState(says, { state, parcels: 1 }), state, `${code}: ${state}`);
  }
  t.equal(sayState(todayWords.en, { state: 'unheard-of', parcels: 1 }), 'unheard-of');
});
