import t from 'tap';
import { layoutOf } from '../../../cloud-bridge/config/layout.ts';
import { openSqliteStore } from '../../../cloud-bridge/store/sqlite.ts';
import type { Tables } from '../../../cloud-bridge/store/store.ts';
import { endOfDay } from '../../../wire/local-day.ts';
import { newDoorId } from '../../support/keys.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier, makeCourier } from '../support/people.ts';
import { until } from '../support/world.ts';

async function setUp(t: Parameters<typeof makeHome>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  const store = await openSqliteStore(layoutOf(world.dataDir).database);
  t.teardown(() => store.close());
  const wish = (wishes: object) =>
    store.write(({ wishBooks }) =>
      wishBooks.put({
        ...{ home: hub.home, version: 1, by: owner.key.kid, at: 0 },
        text: JSON.stringify({ zone: 'Asia/Tokyo', ...wishes }),
      }),
    );
  const read: Tables = store.read;
  return { world, hub, owner, carrier, read, wish };
}

t.test('a delivery that says nothing of parcels and abilities is as it was, with an attempt', async (t) => {
  const { hub, owner, carrier, read } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const from = Math.floor(Date.parse('2027-01-15T22:59:59Z') / 1000);
  const rule = carrier.rule(hub, { until: from + 90_000 });
  await owner.put(await owner.signRuleBook([rule]));
  const announced = await carrier.announce(hub, { from, until: from + 7_200 });
  t.match(announced, {
    status: 201,
    body: { attempt: 1, day: '2027-01-15', consent: 'auto', plan: [{ place: 'inside', door: hub.door }] },
  });
  const attempt = await read.attempts.find(announced.body.delivery, 1);
  t.match(attempt, { state: 'expected', presence: 'none', tries: 0, home: hub.home, carrier: carrier.id });
  t.equal(attempt?.dies_at, endOfDay('Europe/Berlin', '2027-01-15'), 'the zone of the setting');
  const { body } = await owner.ask('GET', `${owner.home}/deliveries`);
  t.match(body.deliveries, [{ attempt: 1, day: '2027-01-15', rule: rule.id }]);
});

t.test('S045: what the owner wishes, the parcel allows and the carrier can', async (t) => {
  const { hub, owner, carrier, read, wish } = await setUp(t);
  await wish({
    order: ['inside', 'in-person', 'drop', 'tomorrow'],
    codeFrom: { amount: 10_000, currency: 'EUR' },
    drop: 'Hut',
  });
  const can = ['inside', 'in-person', 'drop', 'tomorrow'];
  const parcel = { value: { amount: 99_900, currency: 'EUR' }, goods: 'Telephone', order: 'o-1' };
  const announced = await carrier.announce(hub, { can, parcel });
  t.equal(announced.status, 201, 'no rule is needed to hand it over');
  t.same(announced.body.plan, [{ place: 'in-person' }, { place: 'tomorrow' }]);
  t.equal(announced.body.consent, undefined);
  t.notMatch(JSON.stringify(announced.body), /99900|code|Telephone/, 'S016: nothing of its value');
  const row = await read.deliveries.find(announced.body.delivery);
  t.match(row, { rule: '', order_ref: 'o-1', can: JSON.stringify(can) });
  t.same(JSON.parse(row?.plan ?? ''), [{ place: 'in-person', code: true }, { place: 'tomorrow' }]);
  t.equal((await read.attempts.find(announced.body.delivery, 1))?.dies_at, endOfDay('Asia/Tokyo', announced.body.day));

  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  t.same((await carrier.announce(hub, { can })).body.plan, [
    { place: 'inside', door: hub.door },
    { place: 'in-person' },
    { place: 'tomorrow' },
  ]);
});

t.test('R3: wishes open no door', async (t) => {
  const { world, hub, carrier, wish } = await setUp(t);
  await wish({ order: ['inside', 'in-person'] });
  const refused = await carrier.announce(hub, { can: ['inside'] });
  t.match(refused, { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } });
  const { delivery } = (await carrier.announce(hub, { can: ['inside', 'in-person'] })).body;
  const courier = await makeCourier(world);
  const { token } = (await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} })).body;
  await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  const answer = await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  t.equal(answer.body.code, 'DELIVERY_NOT_ALLOWED');
  t.notOk(hub.requests.some(({ body }) => body.op === 'visit.prepare'));
});

t.test('S057: a plan may lead through several doors, each with a grant of its own', async (t) => {
  const { world, hub, owner, carrier, wish } = await setUp(t);
  const box = newDoorId();
  hub.moreDoors.push(box);
  await hub.hello();
  await wish({ order: ['box', 'inside'], boxes: [{ door: box, size: [400, 300, 200] }] });
  const rules = [carrier.rule(hub), carrier.rule(hub, { door: box })];
  await owner.put(await owner.signRuleBook(rules));
  const { body } = await carrier.announce(hub, { can: ['box', 'inside'] });
  t.same(body.plan, [
    { place: 'box', door: box },
    { place: 'inside', door: hub.door },
  ]);
  const path = `/v1/deliveries/${body.delivery}`;
  const courier = await makeCourier(world);
  const { token } = (await carrier.ask('POST', `${path}/task-link`, { body: {} })).body;
  await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
  const assign = async (door: string) => {
    const assignment = await carrier.signAssignment(hub, body.delivery, courier.key.kid, { door });
    return carrier.ask('POST', `${path}/assignment`, { body: { assignment } });
  };
  t.equal((await assign(`door-${'z'.repeat(20)}`)).body.code, 'ASSIGNMENT_WRONG_DOOR');
  for (const door of [hub.door, box]) t.equal((await assign(door)).status, 200);
  const task = `/v1/tasks/${token}`;
  for (const door of [hub.door, box]) {
    t.equal((await courier.ask('GET', `${task}/grant?door=${door}`)).body.door, door);
    const prepared = await courier.ask('POST', `${task}/prepare`, { body: { door }, key: false });
    t.equal(prepared.body.code, 'STOP_NOT_HERE', 'S049: not before the courier is there and has rung');
  }
  t.equal((await courier.ask('GET', `${task}/grant?door=door-${'z'.repeat(20)}`)).body.code, 'TASK_NOT_READY');
  await carrier.ask('POST', `${path}/cancel`, { body: {} });
  const revoked = () => hub.requests.filter(({ body: sent }) => sent.op === 'document.put').length;
  await until('both grants are ended at the hub', () => revoked() === 2 + 1);
});

t.test('what nobody could do is not announced', async (t) => {
  const { hub, owner, carrier, wish } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  await wish({ order: ['in-person', 'tomorrow'] });
  for (const [what, fields] of [
    ['not chosen', { can: ['inside', 'drop', 'tomorrow'] }],
    ['nothing said of abilities', {}],
  ] as const) {
    t.equal((await carrier.announce(hub, fields)).body.code, 'DELIVERY_NOT_ALLOWED', what);
  }
  for (const wrong of [
    { can: [] },
    { can: ['roof'] },
    { parcel: { size: [1, 2] } },
    { parcel: { value: { amount: -1, currency: 'EUR' } } },
    { parcel: { restrictions: ['smelly'] } },
  ]) {
    t.equal((await carrier.announce(hub, wrong)).body.code, 'BODY_MALFORMED', JSON.stringify(wrong));
  }
});
