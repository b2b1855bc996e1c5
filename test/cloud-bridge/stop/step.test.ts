/** Every state that a stop can come to, and every event in each of them. S001, S002, S005, S009 to S015, S025, S049, S055, S056, S062, S064. */
import t from 'tap';
import {
  deliveredEnds,
  type Event,
  initial,
  maxWrong,
  type Stop,
  type Terms,
  triedAgain,
} from '../../../cloud-bridge/stop/state.ts';
import { possibleActs, step, whyNotOpen } from '../../../cloud-bridge/stop/step.ts';
import { type Place, type Plan, places } from '../../../wire/plan.ts';
import { leaveReasons, presences, stopActs } from '../../../wire/stop.ts';

const [front, box, cellar] = ['door-front', 'door-box', 'door-cellar'] as const;
const [mine, other] = ['phone', 'second phone'];
const [anna, ben] = ['anna', 'ben'];

const plans: readonly Plan[] = [
  [{ place: 'inside', door: front }],
  [{ place: 'in-person', code: true }, { place: 'tomorrow' }],
  [
    { place: 'box', door: box },
    { place: 'inside', door: front },
  ],
  [
    { place: 'in-person', code: true },
    { place: 'inside', door: front },
    { place: 'neighbour', holders: [ben] },
  ],
  [
    { place: 'in-person', code: false },
    { place: 'inside', door: front },
    { place: 'drop', at: 'shed' },
    { place: 'pick-up', point: 'kiosk', metres: 400 },
  ],
];
const allTerms: readonly Terms[] = plans.flatMap((plan) =>
  [true, false].flatMap((photos) => [mine, other].map((device) => ({ plan, photos, device }))),
);

/** A cellar that no plan has stands for all doors that this one has not. */
const doorsOf = (plan: Plan): readonly string[] => [
  ...plan.flatMap((one) => ('door' in one ? [one.door] : [])),
  cellar,
];
const eventsOf = (plan: Plan): readonly Event[] =>
  events.filter((one) => !('door' in one) || doorsOf(plan).includes(one.door));

const events: readonly Event[] = [
  ...[mine, other].flatMap((by): Event[] => [
    ...(['said', 'near', 'elsewhere'] as const).map((seen) => ({ on: 'arrive', by, seen }) as const),
    { on: 'ring', by },
    ...[anna, ben].flatMap((holder): Event[] => [
      { on: 'name', by, holder },
      { on: 'hand-over', by, holder },
    ]),
    ...places.flatMap((place): Event[] => [true, false].map((photo) => ({ on: 'put', by, place, photo }))),
    ...leaveReasons.map((reason) => ({ on: 'leave', by, reason }) as const),
  ]),
  ...[anna, ben].flatMap((holder): Event[] => [
    { on: 'compared', holder, is: 'right' },
    { on: 'compared', holder, is: 'wrong', isLast: false },
    { on: 'compared', holder, is: 'wrong', isLast: true },
  ]),
  { on: 'waited' },
  { on: 'noticed', how: 'heard' },
  { on: 'visit.ended', door: cellar, isProven: true },
  ...[front, box].flatMap((door): Event[] => [
    { on: 'visit.begun', door },
    { on: 'visit.ended', door, isProven: true },
    { on: 'visit.ended', door, isProven: false },
    { on: 'door.failed', door },
  ]),
  ...(['received', 'collectable', 'asserted', 'blocked', 'cancelled'] as const).map((on) => ({ on })),
  { on: 'day-over', isLong: false },
  { on: 'day-over', isLong: true },
];

interface Edge {
  readonly stop: Stop;
  readonly event: Event;
  readonly terms: Terms;
}

/** Every pair of a state that can be come to and an event; the task may change hands at any time. */
const keyOf = (stop: Stop): string => JSON.stringify(stop.at === 'closed' ? [stop.end, stop.device, stop.rung] : stop);

function* explore(plan: Plan): Generator<Edge & { readonly turn: ReturnType<typeof step> }> {
  const ofPlan = allTerms.filter((one) => one.plan === plan);
  const seen = new Set([keyOf(initial)]);
  const open: Stop[] = [initial];
  for (let stop = open.pop(); stop !== undefined; stop = open.pop()) {
    for (const terms of ofPlan) {
      for (const event of eventsOf(plan)) {
        const turn = step(stop, event, terms);
        yield { stop, event, terms, turn };
        const key = keyOf(turn.next);
        if (seen.has(key)) continue;
        seen.add(key);
        open.push(turn.next);
      }
    }
  }
}

/** Written from the issue, not from the machine: may this event close a stop of this plan so? */
function isEvidence({ stop, event, terms }: Edge, end: string): boolean {
  const { plan, photos, device } = terms;
  const has = (place: Place): boolean => plan.some((one) => one.place === place);
  const isHere = stop.at === 'here' && stop.device === device;
  const needsCode = plan.some((one) => one.place === 'in-person' && one.code) || has('neighbour');
  switch (end) {
    case 'handed-over':
      if (event.on === 'compared') {
        return event.is === 'right' && needsCode && isHere && stop.comparing === event.holder;
      }
      return event.on === 'received' && isHere && plan.some((one) => one.place === 'in-person' && !one.code);
    case 'put': {
      if (event.on !== 'put' || !isHere || event.by !== device || stop.rung !== 'waited') return false;
      if (event.place === 'in-person') return event.photo && plan.some((one) => one.place === 'in-person' && !one.code);
      if (event.place !== 'drop' || !has('drop') || !stop.tried.includes(front)) return false;
      return event.photo || (!photos && presences.indexOf(stop.presence) >= 2);
    }
    case 'inside':
      return (
        event.on === 'visit.ended' && event.isProven && plan.some((one) => 'door' in one && one.door === event.door)
      );
    default:
      return false;
  }
}

const codeOf = (turn: ReturnType<typeof step>): string | undefined =>
  turn.effects.flatMap((one) => (one.do === 'refuse' ? [one.code] : []))[0];

for (const [index, plan] of plans.entries()) {
  t.test(`plan ${index + 1}: ${plan.map(({ place }) => place).join(', ')}`, async (t) => {
    const wrong: Record<string, unknown> = {};
    let pairs = 0;
    const ends = new Set<string>();
    for (const { stop, event, terms, turn } of explore(plan)) {
      pairs += 1;
      const { next, effects } = turn;
      const isNews = next !== stop;
      const must = (what: string, holds: boolean): void => {
        if (!holds) wrong[what] ??= { stop, event, terms, turn };
      };
      const closes = effects.flatMap((one) => (one.do === 'close' ? [one.end] : []));
      const doing = effects.map((one) => one.do);
      must('a stop closes where its state says so, and is told once', closes.length <= 1);
      must(
        'whatever closes it is told (S064)',
        (stop.at !== 'closed' && next.at === 'closed') === (closes.length === 1),
      );
      must('the end that is told is the end', closes.length === 0 || next.end === closes[0]);
      must('what is open has no end', (next.at === 'closed') === (next.end !== undefined));
      for (const end of closes) {
        ends.add(end);
        if (deliveredEnds.has(end))
          must(`${end} needs its evidence (S010, S011)`, isEvidence({ stop, event, terms }, end));
        must('tried again after a failure, and only then (S025)', triedAgain.has(end) === doing.includes('try-again'));
      }
      if (stop.at === 'closed') {
        must('closed stays closed', next === stop);
        must(
          'after the end nothing is done',
          doing.every((one) => one === 'refuse' || one === 'report'),
        );
      }
      if (stop.end === 'blocked') must('what is blocked is never delivered', !closes.length);
      if ('by' in event && event.by !== terms.device) {
        must('another device is refused', codeOf(turn) === 'TASK_OTHER_DEVICE');
        must('and changes nothing', next === stop);
      }
      if (doing.includes('refuse')) must('a refusal changes nothing', next === stop && doing.length === 1);
      if (event.on === 'asserted') must("nobody's word changes anything (S011)", next === stop);
      if (event.on === 'asserted' && !(stop.end !== undefined && deliveredEnds.has(stop.end)))
        must('and is reported (S015, S088)', doing.includes('report'));
      if (event.on === 'arrive' && event.seen === 'elsewhere')
        must('another address is no arrival (S051, T33)', next === stop);
      must(
        'three wrong codes end it, and no fewer',
        next.wrong < maxWrong || next.end === 'tries-used' || stop.end === 'tries-used',
      );
      must('wrong codes are never forgotten', next.wrong >= stop.wrong);
      must('a code is compared where it was asked for', !doing.includes('compare') || next.comparing === next.named);
      must(
        'a comparison is over with its answer',
        event.on !== 'compared' || next.comparing === undefined || event.holder !== stop.comparing,
      );
      if (event.on === 'leave' && event.reason === 'nobody' && closes.length)
        must('"nobody" needs ring and wait (S062)', stop.rung === 'waited');
      if (!isNews) continue;
      for (const door of [front, box, cellar]) {
        if (whyNotOpen(next, terms, door) !== undefined) continue;
        must('no door before ring and wait (S049)', next.rung === 'waited' && next.at === 'here');
        must('no door of another device', next.device === terms.device);
        must(
          'no door that the plan does not have',
          plan.some((one) => 'door' in one && one.door === door),
        );
      }
      const acts = possibleActs(next, terms);
      if (next.at === 'closed') must('nothing is offered after the end', acts.length === 0);
      else must('leaving is always possible', acts.includes('leave'));
    }
    t.same(wrong, {}, `${pairs} pairs`);
    t.ok(pairs > 1000);
    const reachable = [...plan.flatMap((one) => ('door' in one ? ['inside'] : []))];
    if (plan.some((one) => one.place === 'in-person')) reachable.push('handed-over');
    if (plan.some((one) => one.place === 'drop')) reachable.push('put', 'picked-up-later');
    if (plan.some((one) => one.place === 'in-person' && one.code)) reachable.push('tries-used');
    for (const end of [...reachable, 'left', 'day-over', 'blocked', 'cancelled'])
      t.ok(ends.has(end), `${end} can be come to`);
  });
}

const terms = (plan: Plan): Terms => ({ plan, photos: true, device: mine });
const run = (plan: Plan, ...all: Event[]): { stop: Stop; codes: (string | undefined)[] } => {
  const codes: (string | undefined)[] = [];
  const stop = all.reduce((now, event) => {
    const turn = step(now, event, terms(plan));
    codes.push(codeOf(turn));
    return turn.next;
  }, initial);
  return { stop, codes };
};
const by = mine;
const arrive: Event = { on: 'arrive', by, seen: 'near' };
const ring: Event = { on: 'ring', by };

t.test('S002, S012, S014: without the code nothing closes a stop that asks for one', async (t) => {
  const plan = plans[1]!;
  const others = places.map((place): Event => ({ on: 'put', by, place, photo: true }));
  const { stop, codes } = run(
    plan,
    arrive,
    ring,
    { on: 'waited' },
    ...others,
    { on: 'received' },
    { on: 'collectable' },
  );
  t.equal(stop.at, 'here');
  t.same(new Set(codes.slice(3)), new Set(['STOP_NOT_PLANNED']));
  t.match(run(plan, arrive, { on: 'hand-over', by, holder: anna }).codes, [undefined, 'HOLDER_NOT_NAMED']);
});

t.test('S053, S062: ring, then the wait, then the drop', async (t) => {
  const plan: Plan = [{ place: 'drop', at: 'shed' }];
  const put: Event = { on: 'put', by, place: 'drop', photo: true };
  const { stop, codes } = run(plan, put, arrive, put, ring, put, { on: 'waited' }, put);
  t.same(codes.filter(Boolean), ['STOP_NOT_HERE', 'STOP_NOT_RUNG', 'STOP_WAIT']);
  t.equal(stop.end, 'put');
});

t.test('S045: a place that the owner put behind a door waits until that door was tried', async (t) => {
  const put: Event = { on: 'put', by, place: 'drop', photo: true };
  const before = run(plans[4]!, arrive, ring, { on: 'waited' }, put);
  t.equal(before.codes.at(-1), 'STOP_NOT_YET');
  const after = run(plans[4]!, arrive, ring, { on: 'waited' }, { on: 'door.failed', door: front }, put);
  t.equal(after.stop.end, 'put');
});

t.test('a task that changes hands begins anew, with the wrong codes still counted', async (t) => {
  const plan = plans[1]!;
  const { stop } = run(
    plan,
    arrive,
    ring,
    { on: 'name', by, holder: anna },
    { on: 'hand-over', by, holder: anna },
    {
      on: 'compared',
      holder: anna,
      is: 'wrong',
      isLast: false,
    },
  );
  const given: Terms = { plan, photos: true, device: other };
  t.equal(codeOf(step(stop, { on: 'ring', by: other }, given)), 'STOP_NOT_HERE');
  const { next } = step(stop, { on: 'arrive', by: other, seen: 'said' }, given);
  t.match(next, { device: other, presence: 'said', rung: 'no', named: undefined, wrong: 1 });
  t.same(possibleActs(stop, given), ['arrive', 'leave']);
  t.same(
    possibleActs(next, given),
    stopActs.filter((one) => one !== 'arrive' && one !== 'put' && one !== 'hand-over'),
  );
});
