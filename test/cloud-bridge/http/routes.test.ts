import t from 'tap';
import * as v from 'valibot';
import { newId } from '../../../wire/jws.ts';
import { Versions } from '../../../wire/messages.ts';
import { makeHome } from '../support/home.ts';
import { makeHub } from '../support/hub.ts';
import { makeCarrier, makeCourier, makeOwner, makeTask } from '../support/people.ts';
import { ask, makeWorld } from '../support/world.ts';

t.test('the operator sees hubs as they stand, and nothing of the people', async (t) => {
  const world = await makeWorld(t);
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const list = async () => (await ask(world.cloud, 'GET', '/v1/hubs', { headers })).body.hubs;
  t.same(await list(), []);
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  t.match(await list(), [
    { hub: hub.id, home: hub.home, online: true, handedOver: false, software: 'scripted 1', acked: 0 },
  ]);
  const owner = await makeOwner(world, hub);
  hub.append('hub.started');
  await hub.sync();
  const [row] = await list();
  t.match(row, { handedOver: true, acked: 1 });
  t.ok(v.is(Versions, row.versions));
  for (const secret of [owner.key.kid, hub.door]) t.notOk(JSON.stringify(row).includes(secret));
  t.equal((await ask(world.cloud, 'POST', `/v1/homes/${newId()}/enrolment-tokens`, { headers, body: {} })).status, 404);
});

t.test('everybody may ask for health and for the OpenAPI document', async (t) => {
  const world = await makeWorld(t);
  t.same((await ask(world.cloud, 'GET', '/health')).body, { ok: true, broker: true, recordings: true });
  t.match((await ask(world.cloud, 'GET', '/openapi.json')).body, {
    openapi: /^3\./,
    info: { title: 'Doorward cloud' },
  });
});

t.test('an owner asks the hub how it stands', async (t) => {
  const { hub, owner } = await makeHome(t);
  const resetNonce = newId();
  hub.handler = () => ({ ok: true, value: { resetNonce } });
  t.same((await owner.ask('GET', `${owner.home}/hub`)).body, { resetNonce });
  hub.handler = () => ({ ok: false, code: 'JOURNAL_UNAVAILABLE' });
  t.match(await owner.ask('GET', `${owner.home}/hub`), { status: 503, body: { code: 'JOURNAL_UNAVAILABLE' } });
});

t.test('an owner pages through the journal', async (t) => {
  const { hub, owner } = await makeHome(t);
  for (let i = 0; i < 10; i++) hub.append('hub.started', { i });
  await hub.sync();
  const page = async (query: string) => (await owner.ask('GET', `${owner.home}/journal${query}`)).body;
  t.same((await page('?after=4&limit=3')).entries, hub.texts.slice(4, 7));
  t.same((await page('?after=10')).entries, []);
  t.same((await page('')).head, { seq: 10, hash: hub.headHash() });
  for (const query of ['?after=-1', '?limit=501', '?limit=x', '?from=1'])
    t.equal((await page(query)).code, 'BODY_MALFORMED', query);
  t.equal((await owner.ask('GET', `${owner.home}/grants`)).body.code, 'BODY_MALFORMED', 'say which grants');
});

t.test('only the device of a visit sees it and acts in it', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, courier, other] = [await makeCarrier(world), await makeCourier(world), await makeCourier(world)];
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const { grant } = (await courier.ask('GET', `${task}/grant`)).body;
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;

  t.equal((await courier.ask('GET', `/v1/visits/${view.visit}`)).status, 200);
  t.equal((await other.ask('GET', `/v1/visits/${view.visit}`)).status, 404);
  const nonce = view.nonces.arrive;
  t.equal((await other.act(view.visit, await other.knock(view, grant, nonce))).status, 404);
  t.equal((await courier.act(newId(), await courier.knock(view, grant, nonce))).status, 404);
  hub.requests.length = 0;
  const knock = await courier.knock(view, grant, nonce);
  t.equal((await courier.act(view.visit, knock)).status, 200);
  t.match(hub.requests[0]?.body, { op: 'visit.act', visit: view.visit, knock }, 'the knock as it was signed');

  const second = await world.another();
  const here = await ask(second, 'POST', `/v1/visits/${view.visit}/acts`, { body: { knock }, key: false });
  t.equal(here.body.code, 'HUB_OFFLINE', 'an instance without a broker knows the visit and says what is missing');
});

t.test('a carrier sees its own delivery with the digits of the device, and no rule of the owner', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, courier] = [await makeCarrier(world), await makeCourier(world)];
  const rule = carrier.rule(hub);
  await owner.put(await owner.signRuleBook([rule]));
  const announced = await carrier.announce(hub, { parcels: 3 });
  t.match(announced, {
    status: 201,
    body: { door: hub.door, hub: hub.id, state: 'announced', consent: 'auto', parcels: 3, attempt: 1 },
  });
  const { delivery } = await makeTask(hub, carrier, courier);
  const { body } = await carrier.ask('GET', `/v1/deliveries/${delivery}`);
  t.match(body, { state: 'assigned', reference: 'order 7', device: { jkt: courier.key.kid, check: /^\d{6}$/ } });
  t.notOk(JSON.stringify(body).includes(rule.id));
  const seen = (await owner.ask('GET', `${owner.home}/deliveries`)).body.deliveries;
  t.equal(seen.length, 2);
  t.notOk(JSON.stringify(seen).includes('order 7'), "the carrier's reference is its own");
  for (const wrong of [{ parcels: 0 }, { parcels: 100 }, { until: 1 }, { reference: '' }, { name: 'Ms Smith' }]) {
    t.equal((await carrier.announce(hub, wrong)).body.code, 'BODY_MALFORMED', JSON.stringify(wrong));
  }
});
