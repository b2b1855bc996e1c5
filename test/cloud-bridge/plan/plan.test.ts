import fc from 'fast-check';
import t from 'tap';
import * as v from 'valibot';
import { fits, type PlanFacts, planFor } from '../../../cloud-bridge/plan/plan.ts';
import { ParcelFacts, type Place, PlaceOrder, Plan, places, Wishes } from '../../../wire/plan.ts';

const door = (name: string): string => `door-${name.repeat(20)}`;
const [front, garage, small, big] = ['a', 'b', 'c', 'd'].map(door) as [string, string, string, string];
const holder = (n: number): string => `holder-${n}`.padEnd(22, 'x');

const wishesOf = (fields: object = {}): Wishes =>
  v.parse(Wishes, {
    order: ['box', 'garage', 'inside', 'in-person', 'neighbour', 'drop', 'pick-up', 'tomorrow'],
    zone: 'Europe/Berlin',
    boxes: [
      { door: big, size: [600, 400, 400] },
      { door: small, size: [300, 200, 100] },
    ],
    garage,
    drop: 'Garden hut',
    neighbours: [holder(1), holder(2)],
    pickUp: { point: 'Shop at the corner', metres: 800 },
    ...fields,
  });
const parcelOf = (fields: object = {}): ParcelFacts => v.parse(ParcelFacts, fields);
const factsOf = (fields: Partial<PlanFacts> = {}): PlanFacts => ({
  wishes: wishesOf(),
  forThisOne: {},
  parcel: parcelOf({ value: { amount: 2_000, currency: 'EUR' }, size: [250, 150, 90] }),
  parcels: 1,
  can: places,
  door: front,
  rules: new Set([front, garage, small, big]),
  holders: new Set([holder(1), holder(2)]),
  ...fields,
});
const placesOf = (facts: PlanFacts): Place[] => planFor(facts).plan.map(({ place }) => place);
const whyOf = (facts: PlanFacts, place: Place): string | undefined =>
  planFor(facts).without.find((one) => one.place === place)?.why;
const euros = (amount: number) => ({ amount: amount * 100, currency: 'EUR' });

t.test(
  'S045, S057: the owner’s order, with the box that fits, the garage, the neighbours and the pick-up point',
  async (t) => {
    t.same(planFor(factsOf()), {
      plan: [
        { place: 'box', door: small },
        { place: 'garage', door: garage },
        { place: 'inside', door: front },
        { place: 'in-person', code: false },
        { place: 'neighbour', holders: [holder(1), holder(2)] },
        { place: 'drop', at: 'Garden hut' },
        { place: 'pick-up', point: 'Shop at the corner', metres: 800 },
        { place: 'tomorrow' },
      ],
      without: [],
      code: { asked: false, why: 'below' },
    });
  },
);

t.test('without wishes and without abilities a delivery goes inside, by the rule, as ever', async (t) => {
  const plain = { wishes: undefined, can: undefined, parcel: undefined };
  t.same(planFor(factsOf(plain)).plan, [{ place: 'inside', door: front }]);
  t.same(planFor(factsOf({ ...plain, rules: new Set() })).plan, []);
  t.same(placesOf(factsOf({ ...plain, can: places })), ['inside'], 'what the owner has not said is not done (S046)');
  t.same(placesOf(factsOf({ can: undefined, door: small })), ['box', 'tomorrow'], 'the announced door and no other');
});

t.test('S058: a parcel that does not fit the box goes to the next place', async (t) => {
  const sized = (size: number[], parcels = 1) => factsOf({ parcel: parcelOf({ size }), parcels });
  t.match(planFor(sized([390, 590, 399])).plan[0], { place: 'box', door: big }, 'turned it fits the big one');
  t.equal(whyOf(sized([601, 10, 10]), 'box'), 'too-big');
  t.equal(placesOf(sized([601, 10, 10]))[0], 'garage');
  t.match(planFor(sized([300, 200, 100], 2)).plan[0], { place: 'box', door: big }, 'two of them need more room');
  t.equal(whyOf(sized([600, 400, 400], 2), 'box'), 'too-big');
  t.match(planFor(factsOf({ parcel: undefined })).plan[0], { place: 'box', door: small }, 'not measured: tried');
});

t.test('S059: battery goods go into no box and no locker; home entry comes instead', async (t) => {
  const battery = parcelOf({ restrictions: ['battery'] });
  const order: Place[] = ['box', 'inside', 'pick-up', 'tomorrow'];
  const wishes = wishesOf({ order, pickUp: { point: 'Locker 4', metres: 100, locker: true } });
  t.same(placesOf(factsOf({ wishes, parcel: battery })), ['inside', 'tomorrow']);
  t.equal(whyOf(factsOf({ wishes, parcel: battery }), 'box'), 'battery');
  t.equal(whyOf(factsOf({ wishes, parcel: battery }), 'pick-up'), 'battery');
  t.ok(placesOf(factsOf({ parcel: battery })).includes('pick-up'), 'a shop is no locker');
});

t.test(
  'goods that need somebody’s age are handed over in person only; what is cold is not left to get warm',
  async (t) => {
    t.same(placesOf(factsOf({ parcel: parcelOf({ restrictions: ['age-checked'] }) })), ['in-person', 'tomorrow']);
    t.same(placesOf(factsOf({ parcel: parcelOf({ restrictions: ['cold', 'fragile'] }) })), [
      ...(['inside', 'in-person', 'neighbour', 'tomorrow'] as const),
    ]);
  },
);

t.test('S029, S031: a code from the owner’s threshold on, and on doubt', async (t) => {
  const codeAt = (codeFrom: object | undefined, value?: object, more: object = {}) =>
    planFor(factsOf({ wishes: wishesOf({ codeFrom, ...more }), parcel: parcelOf({ value }) })).code;
  t.same(codeAt(euros(100), euros(100)), { asked: true, why: 'value' });
  t.same(codeAt(euros(100), euros(99)), { asked: false, why: 'below' });
  t.same(codeAt(euros(100)), { asked: true, why: 'value-unknown' });
  t.same(codeAt(euros(100), { amount: 1, currency: 'BGN' }), { asked: true, why: 'value-unknown' });
  t.same(codeAt(euros(0)), { asked: true, why: 'always' });
  t.same(codeAt(undefined, euros(100_000)), { asked: false, why: 'below' });
  t.same(codeAt(undefined, euros(1), { alwaysCode: true }), { asked: true, why: 'always' }, 'S033');
});

t.test('S030, S032: for one order the owner demands a code, or waives it', async (t) => {
  const codeOf = (code: boolean, amount: number) =>
    planFor(
      factsOf({
        wishes: wishesOf({ codeFrom: euros(100) }),
        forThisOne: { code },
        parcel: parcelOf({ value: euros(amount) }),
      }),
    );
  t.same(codeOf(true, 1).code, { asked: true, why: 'this-one' });
  t.match(codeOf(true, 1).plan, [{}, {}, {}, { place: 'in-person', code: true }]);
  t.same(codeOf(false, 800).code, { asked: false, why: 'waived' });
  t.ok(codeOf(false, 800).plan.some(({ place }) => place === 'drop'));
});

t.test('S038, S032: a drop permission that is not followed says why', async (t) => {
  const dropped = (amount: number | undefined, more: object) =>
    factsOf({ wishes: wishesOf(more), parcel: parcelOf(amount === undefined ? {} : { value: euros(amount) }) });
  t.equal(whyOf(dropped(300, { codeFrom: euros(100) }), 'drop'), 'code-demanded');
  t.equal(whyOf(dropped(801, { dropUpTo: euros(800) }), 'drop'), 'value');
  t.ok(placesOf(dropped(800, { dropUpTo: euros(800) })).includes('drop'), 'a toy of 800 may be left');
  t.equal(whyOf(dropped(undefined, { dropUpTo: euros(800) }), 'drop'), 'value-unknown');
  t.equal(whyOf(dropped(1, { drop: undefined }), 'drop'), 'not-set', 'S055: no place was allowed, so none is');
});

t.test('S034: a box or a locker has a lock of its own: only in person a code is asked', async (t) => {
  const { plan } = planFor(factsOf({ wishes: wishesOf({ alwaysCode: true }) }));
  for (const step of plan) t.equal('code' in step, step.place === 'in-person', step.place);
  t.ok(plan.some(({ place }) => place === 'box'));
});

t.test('R3: wishes alone open nothing', async (t) => {
  const facts = factsOf({ rules: new Set() });
  t.same(placesOf(facts), ['in-person', 'neighbour', 'drop', 'pick-up', 'tomorrow']);
  for (const place of ['inside', 'garage', 'box'] as const) t.equal(whyOf(facts, place), 'no-rule');
});

t.test('S047: who grants entry need not be there', async (t) => {
  t.same(placesOf(factsOf({ wishes: wishesOf({ order: ['inside'] }) })), ['inside']);
});

t.test(
  'S050, S103: pick-up stays behind what is possible at the home, with its distance, and may be all that is chosen',
  async (t) => {
    t.notOk(v.is(PlaceOrder, ['pick-up', 'inside']));
    t.notOk(v.is(PlaceOrder, ['tomorrow', 'inside']));
    t.notOk(v.is(PlaceOrder, ['inside', 'inside']));
    t.notOk(v.is(PlaceOrder, ['tomorrow']));
    t.same(planFor(factsOf({ forThisOne: { order: ['pick-up'] } })).plan, [
      { place: 'pick-up', point: 'Shop at the corner', metres: 800 },
    ]);
  },
);

const size = fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 700 }))) as fc.Arbitrary<
  [number, number, number]
>;
const money = fc.record({ amount: fc.integer({ min: 0, max: 100_000 }), currency: fc.constantFrom('EUR', 'BGN') });
const someOf = <T>(all: readonly T[]) => fc.subarray([...all]);
const order = fc
  .shuffledSubarray([...places], { minLength: 1 })
  .map((chosen) => {
    const late = (['pick-up', 'tomorrow'] as const).filter((place) => chosen.includes(place));
    return [...chosen.filter((place) => place !== 'pick-up' && place !== 'tomorrow'), ...late];
  })
  .filter((chosen) => v.is(PlaceOrder, chosen));
const holders = [1, 2, 3].map(holder);
const wishes: fc.Arbitrary<Wishes> = fc
  .record(
    {
      order,
      codeFrom: money,
      alwaysCode: fc.boolean(),
      boxes: fc.array(fc.record({ door: fc.constantFrom(small, big), size }), { maxLength: 3 }),
      garage: fc.constant(garage),
      drop: fc.constant('Hut'),
      dropUpTo: money,
      neighbours: someOf(holders),
      pickUp: fc.record({
        point: fc.constant('Shop'),
        metres: fc.integer({ min: 0, max: 9_000 }),
        locker: fc.boolean(),
      }),
    },
    { requiredKeys: ['order'] },
  )
  .map((fields) => v.parse(Wishes, { ...fields, zone: 'UTC' }));
const parcel = fc
  .record(
    { value: money, size, restrictions: someOf(['battery', 'age-checked', 'fragile', 'cold'] as const) },
    { requiredKeys: [] },
  )
  .map((fields) => v.parse(ParcelFacts, fields));
const facts: fc.Arbitrary<PlanFacts> = fc.record({
  wishes: fc.option(wishes, { nil: undefined }),
  forThisOne: fc.record({ order, code: fc.boolean() }, { requiredKeys: [] }),
  parcel: fc.option(parcel, { nil: undefined }),
  parcels: fc.integer({ min: 1, max: 5 }),
  can: fc.option(someOf(places), { nil: undefined }),
  door: fc.constantFrom(front, garage, small),
  rules: someOf([front, garage, small, big]).map((doors) => new Set(doors)),
  holders: someOf(holders).map((ids) => new Set(ids)),
});

t.test('whatever is wished, sent and able: nothing that somebody did not allow', async (t) => {
  fc.assert(
    fc.property(facts, (one) => {
      const { plan, without, code } = planFor(one);
      const chosen: readonly Place[] = one.forThisOne.order ?? one.wishes?.order ?? ['inside'];
      const planned = plan.map(({ place }) => place);
      if (planned.length > 0 && !v.is(Plan, plan)) return false;
      // S046: only what the owner chose, and in the owner's order.
      if (!planned.every((place) => chosen.includes(place))) return false;
      if (planned.some((place, at) => at > 0 && chosen.indexOf(planned[at - 1]!) > chosen.indexOf(place))) return false;
      if (one.can !== undefined && !planned.every((place) => one.can?.includes(place))) return false;
      if (planned.length > 0 && planned.every((place) => place === 'tomorrow')) return false;
      // Every place is in the plan, or says why it is not.
      const said = new Set(without.map(({ place }) => place));
      if (planned.length > 0 && !places.every((place) => planned.includes(place) !== said.has(place))) return false;
      for (const step of plan) {
        if ('door' in step && !one.rules.has(step.door)) return false;
        if (step.place === 'in-person' && step.code !== code.asked) return false;
        if (step.place === 'drop' && code.asked) return false;
        if (step.place === 'neighbour' && !step.holders.every((id) => one.holders.has(id))) return false;
        const bars = one.parcel?.restrictions ?? [];
        if (bars.includes('battery') && step.place === 'box') return false;
        if (bars.includes('age-checked') && step.place !== 'in-person' && step.place !== 'tomorrow') return false;
        if (step.place === 'box') {
          const box = one.wishes?.boxes.some(
            (it) => it.door === step.door && fits(one.parcel?.size, one.parcels, it.size),
          );
          if (!box) return false;
        }
      }
      return true;
    }),
    { numRuns: 1_500 },
  );
  t.pass('1,500 plans');
});

t.test('S058: it fits in some rotation, exactly when its edges do', async (t) => {
  const rotations = ([a, b, c]: [number, number, number]) => [
    ...([
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ] as const),
  ];
  fc.assert(
    fc.property(
      size,
      size,
      (inner, outer) =>
        fits(inner, 1, outer) === rotations(inner).some((turned) => turned.every((edge, axis) => edge <= outer[axis]!)),
    ),
  );
  t.pass('as tried one by one');
});
