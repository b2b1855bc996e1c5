import t from 'tap';
import { peek } from '../../../wire/jws.ts';
import { revocationForm } from '../../../wire/revocation.ts';
import { deviceCheck } from '../../../wire/task.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey } from '../support/keys.ts';
import { Courier, makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { ask, type makeWorld, until } from '../support/world.ts';

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const revoked = (): string[] =>
    hub.requests.flatMap((request) => {
      if (request.body.op !== 'document.put') return [];
      const read = peek(revocationForm, request.body.document);
      return read.ok && read.value.claims.ends.kind === 'grant' ? [read.value.claims.ends.id] : [];
    });
  return { world, hub, owner, carrier, courier, revoked };
}

t.test('a preview changes nothing and tells no place', async (t) => {
  const { world, hub, carrier, courier } = await setUp(t);
  const { delivery } = (await carrier.announce(hub)).body;
  const { token, url } = (await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} })).body;
  t.equal(url, `http://cloud.test/v1/tasks/${token}`);
  for (let i = 0; i < 3; i++) {
    const seen = await ask(world.cloud, 'GET', `/v1/tasks/${token}`);
    t.match(seen, { status: 200, body: { state: 'open', carrier: 'Hermes', parcels: 1, camera: 'off' } });
    const text = JSON.stringify(seen.body);
    for (const place of [hub.door, hub.id, hub.home, delivery, 'order 7']) t.notOk(text.includes(place));
  }
  t.equal(
    (await ask(world.cloud, 'POST', `/v1/tasks/${token}/claim`, { body: {} })).status,
    401,
    'a scanner that posts',
  );
  t.equal((await courier.ask('GET', `/v1/tasks/${token}/grant`)).body.code, 'TASK_NOT_CLAIMED');
  const claimed = await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
  t.same(claimed.body, { state: 'claimed', check: deviceCheck(courier.key.kid) });
  t.match(claimed.body.check, /^\d{6}$/);
  const again = await courier.ask('POST', `/v1/tasks/${token}/claim`, { body: {}, key: false });
  t.same(again.body, claimed.body, 'the same device again');
});

t.test('T44: a second device on a link kills it, and the grant dies at the hub', async (t) => {
  const { hub, carrier, courier, world, revoked } = await setUp(t);
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  t.equal((await courier.ask('GET', `${task}/grant`)).status, 200);

  const accomplice = await makeCourier(world);
  t.equal((await accomplice.ask('GET', `${task}/grant`)).body.code, 'TASK_OTHER_DEVICE');
  t.equal((await accomplice.ask('POST', `${task}/prepare`, { body: {}, key: false })).body.code, 'TASK_OTHER_DEVICE');
  t.equal((await courier.ask('GET', `${task}/grant`)).status, 200, 'asking alone kills nothing');

  const claim = await accomplice.ask('POST', `${task}/claim`, { body: {}, key: false });
  t.match(claim, { status: 410, body: { code: 'TASK_LINK_DEAD' } });
  for (const device of [courier, accomplice]) {
    t.equal((await device.ask('GET', `${task}/grant`)).body.code, 'TASK_LINK_DEAD');
    t.equal((await device.ask('POST', `${task}/prepare`, { body: {}, key: false })).body.code, 'TASK_LINK_DEAD');
    t.equal((await device.ask('POST', `${task}/claim`, { body: {}, key: false })).body.code, 'TASK_LINK_DEAD');
  }
  t.equal((await ask(world.cloud, 'GET', task)).status, 410);
  await until('the hub learns that the grant is dead', () => revoked().length === 1);
  t.match((await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body, { state: 'announced', device: null });
});

t.test('whoever claims a forwarded link first is confirmed by nobody', async (t) => {
  const { hub, carrier, courier, world } = await setUp(t);
  const thief = new Courier(world, await newSignKey('ES256'));
  const { delivery, task } = await makeTask(hub, carrier, thief);
  const shown = (await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body.device;
  t.not(shown.check, deviceCheck(courier.key.kid), 'the digits that the dispatch sees are not those the courier tells');
  const forCourier = await carrier.signAssignment(hub, delivery, courier.key.kid);
  const path = `/v1/deliveries/${delivery}/assignment`;
  t.equal((await carrier.ask('POST', path, { body: { assignment: forCourier } })).body.code, 'ASSIGNMENT_OTHER_DEVICE');
  t.equal((await thief.ask('GET', `${task}/grant`)).body.code, 'TASK_NOT_READY');
});

t.test('a new link kills the one before and its grant', async (t) => {
  const { hub, carrier, courier, revoked } = await setUp(t);
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const second = await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} });
  t.equal(second.status, 201);
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'TASK_LINK_DEAD');
  await until('the hub learns it', () => revoked().length === 1);
  const path = `/v1/deliveries/${delivery}/assignment`;
  t.equal((await carrier.ask('POST', path, { body: { assignment } })).body.code, 'TASK_NOT_CLAIMED');
});

t.test('a cancelled delivery ends its link and its grant', async (t) => {
  const { hub, carrier, courier, revoked } = await setUp(t);
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const path = `/v1/deliveries/${delivery}`;
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `${path}/assignment`, { body: { assignment } });
  for (let i = 0; i < 2; i++)
    t.equal((await carrier.ask('POST', `${path}/cancel`, { body: {} })).body.state, 'cancelled');
  await until('the hub learns it', () => revoked().length === 1);
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'DELIVERY_ENDED');
  t.equal((await carrier.ask('POST', `${path}/task-link`, { body: {} })).body.code, 'DELIVERY_ENDED');
  t.equal((await carrier.ask('POST', `${path}/assignment`, { body: { assignment } })).body.code, 'DELIVERY_ENDED');
});
