import t from 'tap';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import { newId } from '../../../wire/jws.ts';
import { addDays, dayOf, endOfDay } from '../../../wire/local-day.ts';
import type { PlanStep } from '../../../wire/plan.ts';
import { newDoorId } from '../../support/keys.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier, makeCourier } from '../support/people.ts';
import { ask, until } from '../support/world.ts';

const zone = 'Europe/Berlin';
const can = ['inside', 'box', 'in-person', 'drop', 'pick-up', 'tomorrow'];
const standing = {
  ...{ order: ['inside', 'in-person', 'drop', 'tomorrow'], zone, drop: 'Garden hut' },
  pickUp: { point: 'Shop', metres: 800 },
};

async function setUp(t: Parameters<typeof makeHome>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, courier] = [await makeCarrier(world), await makeCourier(world)];
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  t.teardown(() => store.close());
  const wishes = (version: number, fields: object = {}) =>
    owner.ask('PUT', `${owner.home}/wishes`, { body: { version, wishes: { ...standing, ...fields } } });
  const announce = async (fields: object = {}) =>
    (await carrier.announce(hub, { can, parcel: { goods: 'Telephone', sender: 'Shop' }, ...fields })).body
      .delivery as string;
  const pathOf = (delivery: string) => `${owner.home}/deliveries/${delivery}`;
  const view = async (delivery: string) => (await owner.ask('GET', `${pathOf(delivery)}/plan`)).body;
  const change = (delivery: string, body: object) => owner.ask('PUT', `${pathOf(delivery)}/plan`, { body });
  /** With a grant for the announced door. @returns the task's path */
  const assign = async (delivery: string): Promise<string> => {
    const path = `/v1/deliveries/${delivery}`;
    const { token } = (await carrier.ask('POST', `${path}/task-link`, { body: {} })).body;
    await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
    const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
    const answer = await carrier.ask('POST', `${path}/assignment`, { body: { assignment } });
    t.equal(answer.status, 200);
    return `/v1/tasks/${token}`;
  };
  const placesOf = async (delivery: string): Promise<string[]> =>
    ((await view(delivery)).plan as PlanStep[]).map(({ place }) => place);
  const eventsOf = async (party: string, type: string) =>
    (await store.read.events.after(party, 0, 500))
      .filter((one) => one.type === type)
      .map((one) => JSON.parse(one.data));
  /** How many documents the hub has got: a revocation is one. */
  const toldHub = () => hub.requests.filter(({ body }) => body.op === 'document.put').length;
  return {
    ...{ world, hub, owner, carrier, courier, read: store.read, toldHub },
    ...{ wishes, announce, pathOf, view, change, assign, placesOf, eventsOf },
  };
}

t.test('standing wishes: read, replaced by whoever has read the newest, for this home’s doors', async (t) => {
  const { owner, hub, wishes, eventsOf } = await setUp(t);
  const path = `${owner.home}/wishes`;
  t.same((await owner.ask('GET', path)).body, { version: 0, wishes: null, by: null, at: null, zone });
  t.match(await wishes(2), { status: 403, body: { code: 'WISHES_OLD', detail: { has: 0 } } });
  t.match(await wishes(1), { status: 200, body: { version: 1 } });
  t.equal((await wishes(1)).body.code, 'WISHES_OLD', 'another device was faster');
  t.match((await owner.ask('GET', path)).body, { version: 1, wishes: { drop: 'Garden hut' }, by: owner.key.kid });
  const box = { door: newDoorId(), size: [1, 1, 1] };
  t.equal((await wishes(2, { boxes: [box] })).body.code, 'WISHES_UNFIT', 'no door of this home');
  t.equal((await wishes(2, { garage: hub.door, boxes: [{ ...box, door: hub.door }] })).body.code, 'WISHES_UNFIT');
  t.equal((await wishes(2, { neighbours: ['n'.repeat(22)] })).body.code, 'WISHES_UNFIT', 'S046: nobody named them');
  t.equal((await wishes(2, { garage: hub.door })).status, 200);
  for (const wrong of [{ order: [] }, { order: ['roof'] }, { zone: 'Mars/Base' }, { drop: 'two\nlines' }, { x: 1 }]) {
    t.equal((await wishes(3, wrong)).body.code, 'BODY_MALFORMED', JSON.stringify(wrong));
  }
  t.equal((await eventsOf(`home:${hub.home}`, 'wishes.changed')).length, 2);
});

t.test('S045, S038: the owner sees what was announced, where it goes, and why not elsewhere', async (t) => {
  const { hub, owner, wishes, announce, view, carrier } = await setUp(t);
  await wishes(1, { codeFrom: { amount: 100, currency: 'EUR' } });
  const parcel = { value: { amount: 99_900, currency: 'EUR' }, goods: 'Telephone', sender: 'Shop', note: 'Two boxes' };
  const delivery = await announce({ parcel });
  await carrier.ask('POST', `/v1/deliveries/${delivery}/on-the-way`, { body: { coming: 'White rental van, Meyer' } });
  t.match(await view(delivery), {
    ...{ delivery, attempt: 1, zone, isFixed: false, isTaken: false, kind: 'home', forThisOne: {} },
    parcel: { ...parcel, restrictions: [] },
    coming: 'White rental van, Meyer',
    plan: [{ place: 'inside', door: hub.door }, { place: 'in-person', code: true }, { place: 'tomorrow' }],
    code: { asked: true, why: 'value' },
  });
  const { without } = await view(delivery);
  t.same(Object.fromEntries(without.map((one: { place: string; why: string }) => [one.place, one.why])), {
    garage: 'not-chosen',
    box: 'not-chosen',
    neighbour: 'not-chosen',
    drop: 'code-demanded',
    'pick-up': 'not-chosen',
  });
  const other = await makeHome(t);
  t.equal((await other.owner.ask('GET', `${other.owner.home}/deliveries/${delivery}/plan`)).status, 404);
  t.equal((await owner.ask('GET', `${other.owner.home}/deliveries/${delivery}/plan`)).status, 404);
});

t.test(
  'S030, S032, S073, S103: changed for this one until the courier is there, and the carrier is told the places',
  async (t) => {
    const { announce, change, carrier, courier, hub, wishes, view, assign, eventsOf } = await setUp(t);
    await wishes(1);
    const delivery = await announce();
    const changed = await change(delivery, { code: true, note: 'Please ring at Meyer' });
    t.match(changed, { status: 200, body: { code: { asked: true, why: 'this-one' }, forThisOne: { code: true } } });
    t.equal((await change(delivery, { order: ['pick-up'] })).body.plan[0].metres, 800);
    t.match(await eventsOf(`carrier:${carrier.id}`, 'delivery.plan'), [
      {
        delivery,
        attempt: 1,
        plan: [{ place: 'inside', door: hub.door }, { place: 'in-person' }, { place: 'tomorrow' }],
      },
      { plan: [{ place: 'pick-up' }] },
    ]);
    const told = JSON.stringify(await eventsOf(`carrier:${carrier.id}`, 'delivery.plan'));
    t.notMatch(told, /code|Telephone|Meyer/, 'S016');
    t.match(await change(delivery, { order: ['garage'] }), { status: 403, body: { code: 'PLAN_IMPOSSIBLE' } });
    t.same((await view(delivery)).forThisOne, { order: ['pick-up'] }, 'a refusal changes nothing');

    await change(delivery, {});
    await assign(delivery);
    const visit = newId();
    hub.append('visit.prepared', { delivery, jkt: courier.key.kid }, visit);
    hub.append('visit.arrived', {}, visit);
    await hub.sync();
    await until('the cloud knows', async () => (await view(delivery)).isFixed);
    t.match(await change(delivery, { code: false }), { status: 409, body: { code: 'PLAN_FIXED' } });
    hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, visit);
    await hub.sync();
    await until('it is over', async () => (await change(delivery, {})).body.code === 'DELIVERY_ENDED');
  },
);

t.test('what the owner chooses no more is closed at once, also for all by the standing wishes', async (t) => {
  const { announce, change, wishes, assign, courier, carrier, toldHub, placesOf } = await setUp(t);
  await wishes(1);
  const [one, two] = [await announce(), await announce()];
  const task = await assign(one);
  t.equal((await courier.ask('GET', `${task}/grant`)).status, 200);
  const before = toldHub();
  t.equal((await change(one, { order: ['in-person'] })).status, 200);
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'TASK_NOT_READY', 'the grant is dead, the link lives');
  t.equal((await carrier.ask('GET', `/v1/deliveries/${one}`)).body.state, 'assigned');
  await until('the hub has learnt it', () => toldHub() === before + 1);

  const second = await assign(two);
  await wishes(2, { order: ['in-person', 'tomorrow'] });
  t.same(await placesOf(two), ['in-person', 'tomorrow']);
  t.same(await placesOf(one), ['in-person'], 'what was wished for this one stays');
  t.equal((await courier.ask('GET', `${second}/grant`)).body.code, 'TASK_NOT_READY');
  await until('the hub has learnt this too', () => toldHub() === before + 2);
  await wishes(3, { order: ['garage'] });
  t.same(await placesOf(two), ['tomorrow'], 'nothing is left that all allow');
});

t.test('S041, S043: a neighbour who is taken back leaves the plans at once', async (t) => {
  const { announce, wishes, owner, placesOf, carrier, hub } = await setUp(t);
  const named = await owner.ask('POST', `${owner.home}/holders`, {
    body: { holders: [{ kind: 'neighbour', name: 'Mueller', flat: 'ground floor' }] },
  });
  const [holder] = named.body.holders;
  const order = ['neighbour', 'in-person'];
  t.equal((await wishes(1, { order, neighbours: [holder] })).status, 200);
  const delivery = await announce({ can: ['neighbour', 'in-person'] });
  t.same(await placesOf(delivery), order);
  t.notMatch(JSON.stringify((await carrier.announce(hub, { can: order })).body), /Mueller/, 'no name for the carrier');
  t.equal((await owner.ask('DELETE', `${owner.home}/holders/${holder}`)).status, 200);
  t.same(await placesOf(delivery), ['in-person']);
  t.equal((await wishes(2, { order, neighbours: [holder] })).body.code, 'WISHES_UNFIT');
});

t.test('R3: a rule that goes takes its door out of the plans, and no wish brings it back', async (t) => {
  const { announce, wishes, owner, placesOf, hub, carrier } = await setUp(t);
  await wishes(1);
  const delivery = await announce();
  t.same(await placesOf(delivery), ['inside', 'in-person', 'drop', 'tomorrow']);
  await owner.put(await owner.signRuleBook([]));
  t.same(await placesOf(delivery), ['in-person', 'drop', 'tomorrow']);
  await wishes(2, { order: ['inside', 'in-person'] });
  t.same(await placesOf(delivery), ['in-person']);
  const rule = carrier.rule(hub);
  await owner.put(await owner.signRuleBook([rule]));
  t.same(await placesOf(delivery), ['inside', 'in-person']);
  await owner.put(await owner.signRevocation({ kind: 'rule', id: rule.id }));
  t.same(await placesOf(delivery), ['in-person']);
});

t.test('S063: the owner moves the day; what was out for the old one is dead', async (t) => {
  const { announce, change, wishes, view, assign, courier, carrier, hub, owner, read, world } = await setUp(t);
  await wishes(1);
  const today = dayOf(zone, world.now());
  const from = endOfDay(zone, addDays(today, -1)) / 1000 + 10 * 3600;
  const rules = [carrier.rule(hub, { until: from + 30 * 86_400, from: from - 86_400 })];
  await owner.put(await owner.signRuleBook(rules));
  const window = { from: endOfDay(zone, today) / 1000 + 10 * 3600, until: endOfDay(zone, today) / 1000 + 12 * 3600 };
  const delivery = await announce(window);
  const task = await assign(delivery);
  const day = addDays(today, 5);
  const moved = await change(delivery, { day });
  t.match(moved, { status: 200, body: { day, attempt: 1, plan: [{ place: 'inside' }, {}, {}, {}] } });
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'TASK_LINK_DEAD');
  const shown = (await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body;
  t.equal(dayOf(zone, shown.from * 1000), day);
  t.equal(shown.until - shown.from, 7_200);
  t.match(shown, { state: 'announced', day });
  t.equal((await read.attempts.find(delivery, 1))?.dies_at, endOfDay(zone, day));
  await assign(delivery);
  for (const unfit of [addDays(today, -1), addDays(today, 15), '2026-02-30']) {
    t.equal((await change(delivery, { day: unfit })).status >= 400, true, unfit);
  }
  t.equal((await view(delivery)).day, day);
  const far = await change(delivery, { day: addDays(today, 15) });
  t.equal(far.body.code, 'PLAN_DAY_UNFIT');
});

t.test('T31: not mine: link and grant end, the carrier is told, and nothing makes it delivered', async (t) => {
  const { announce, wishes, assign, courier, carrier, hub, owner, pathOf, view, read, toldHub, eventsOf } =
    await setUp(t);
  await wishes(1);
  const delivery = await announce();
  const task = await assign(delivery);
  const visit = newId();
  hub.append('visit.prepared', { delivery, jkt: courier.key.kid }, visit);
  hub.append('visit.arrived', {}, visit);
  await hub.sync();
  await until('the courier is there', async () => (await view(delivery)).isFixed);
  const before = toldHub();
  const refused = await owner.ask('POST', `${pathOf(delivery)}/not-mine`, { body: {} });
  t.match(refused, { status: 200, body: { state: 'cancelled' } });
  t.match(await owner.ask('POST', `${pathOf(delivery)}/not-mine`, { body: {} }), { status: 200 }, 'said twice');
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'DELIVERY_ENDED');
  t.match(await read.attempts.find(delivery, 1), { state: 'closed', how: 'blocked' });
  await until('the hub ends the grant', () => toldHub() === before + 1);
  t.match((await eventsOf(`carrier:${carrier.id}`, 'delivery.state')).at(-1), {
    state: 'cancelled',
    outcome: 'not-mine',
  });
  hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, visit);
  await hub.sync();
  await until('the cloud has read it', async () => (await hub.acks.at(-1))?.seq === hub.texts.length);
  t.match((await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body, { state: 'cancelled', outcome: 'not-mine' });

  const over = await announce();
  await carrier.ask('POST', `/v1/deliveries/${over}/cancel`, { body: {} });
  t.equal((await owner.ask('POST', `${pathOf(over)}/not-mine`, { body: {} })).body.code, 'DELIVERY_ENDED');
});

t.test('S033: after an incident support asks for codes; every device is told, and the owner undoes it', async (t) => {
  const { world, owner, announce, view, eventsOf, hub } = await setUp(t);
  const operator = { authorization: `Bearer ${world.operatorToken}` };
  const { token } = (await ask(world.cloud, 'POST', '/v1/support-staff', { headers: operator, body: { name: 'Sam' } }))
    .body;
  const support = (path: string) =>
    ask(world.cloud, 'PUT', path, { headers: { authorization: `Bearer ${token}` }, body: {} });
  const delivery = await announce();
  const opened = await owner.ask('POST', `${owner.home}/cases`, { body: { delivery, reason: 'wrong' } });
  const path = `/v1/support/cases/${opened.body.case}/always-code`;
  t.same((await support(path)).body, { alwaysCode: true });
  t.same((await support(path)).body, { alwaysCode: true }, 'once');
  const book = (await owner.ask('GET', `${owner.home}/wishes`)).body;
  t.match(book, { version: 1, by: 'support', wishes: { order: ['inside'], alwaysCode: true } });
  t.match((await view(delivery)).code, { asked: true, why: 'always' });
  t.match(await eventsOf(`home:${hub.home}`, 'wishes.changed'), [{ by: 'support', name: 'Sam' }]);
  const { alwaysCode: _, ...before } = book.wishes;
  t.equal((await owner.ask('PUT', `${owner.home}/wishes`, { body: { version: 2, wishes: before } })).status, 200);
  t.match((await view(delivery)).code, { asked: false });
  await owner.ask('POST', `${owner.home}/cases/${opened.body.case}/close`, { body: {} });
  t.equal((await support(path)).status, 404, 'a case that is closed gives nothing');
});

t.test('S035: what has no plan here is refused by name', async (t) => {
  const { carrier, hub } = await setUp(t);
  for (const kind of ['locker', 'po-box', 'third-party']) {
    t.match(await carrier.announce(hub, { kind }), {
      status: 403,
      body: { code: 'DELIVERY_UNSUPPORTED', detail: { kind } },
    });
  }
  const gift = await carrier.announce(hub, { kind: 'gift' });
  t.equal(gift.status, 201, 'S036: a gift is for somebody else, and has a plan');
});
