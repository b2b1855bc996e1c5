import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { newSignKey } from '../support/keys.ts';
import { makeCarrier } from '../support/people.ts';
import { ask, makeWorld, until } from '../support/world.ts';

t.test('the same key with the same request gets the same answer, done once', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const key = newId();
  const body = { name: 'Hermes', jwk: (await newSignKey('ES256')).jwk };
  const first = await ask(world.cloud, 'POST', '/v1/carriers', { headers, body, key });
  const again = await ask(world.cloud, 'POST', '/v1/carriers', { headers, body, key });
  t.equal(first.status, 201);
  t.same(again.body, first.body, 'even the client secret, which is shown once');
  const other = await ask(world.cloud, 'POST', '/v1/carriers', { headers, body: { ...body, name: 'Iris' }, key });
  t.match(other, { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  const elsewhere = await ask(world.cloud, 'POST', '/v1/homes', { headers, body: {}, key });
  t.equal(elsewhere.body.code, 'IDEMPOTENCY_KEY_REUSED', 'the path is part of the request');
  const second = await world.another();
  t.same((await ask(second, 'POST', '/v1/carriers', { headers, body, key })).body, first.body, 'at any instance');
});

t.test('many at once with one key are done once', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  const key = newId();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ask(world.cloud, 'POST', '/v1/homes', { headers, body: {}, key })),
  );
  t.equal(new Set(answers.map((one) => one.body.home)).size, 1);
});

t.test('without a key nothing is done', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const headers = { authorization: `Bearer ${world.operatorToken}` };
  for (const key of [false, 'short', 'x'.repeat(65), 'with blanks in it'] as const) {
    const answer = await ask(world.cloud, 'POST', '/v1/homes', { headers, body: {}, key });
    t.match(answer, { status: 400, body: { code: 'IDEMPOTENCY_KEY_MISSING' } });
  }
});

t.test('keys of one caller say nothing about those of another', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [a, b] = [await makeCarrier(world), await makeCarrier(world)];
  await owner.put(await owner.signRuleBook([a.rule(hub), b.rule(hub)]));
  const key = newId();
  const body = { door: hub.door, from: 1, until: Math.floor(Date.now() / 1000) + 60, parcels: 1, reference: 'r' };
  const one = await a.ask('POST', '/v1/deliveries', { body, key });
  const two = await b.ask('POST', '/v1/deliveries', { body, key });
  t.equal(one.status, 201);
  t.equal(two.status, 201);
  t.not(one.body.delivery, two.body.delivery);
});

t.test('a refusal is not kept: the same key works once the reason has gone', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  const key = newId();
  const body = { door: hub.door, from: 1, until: Math.floor(Date.now() / 1000) + 60, parcels: 1, reference: 'r' };
  t.equal((await carrier.ask('POST', '/v1/deliveries', { body, key })).body.code, 'DELIVERY_NOT_ALLOWED');
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  t.equal((await carrier.ask('POST', '/v1/deliveries', { body, key })).status, 201);
});

t.test('a request that is still under way is not done a second time', async (t) => {
  const { hub, owner } = await makeHome(t);
  const document = await owner.signRuleBook([]);
  let release = (): void => undefined;
  hub.handler = async (body) => {
    if (body.op === 'document.put') await new Promise<void>((resolve) => (release = resolve));
    return hub.decide(body);
  };
  const key = newId();
  const first = owner.put(document, { key });
  await until('the hub is asked', () => hub.requests.some((request) => request.body.op === 'document.put'));
  t.match(await owner.put(document, { key }), { status: 409, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } });
  release();
  t.equal((await first).status, 200);
  t.match(await owner.put(document, { key }), { status: 200, body: { pending: false } });
  t.equal(hub.requests.filter((request) => request.body.op === 'document.put').length, 1);
});

t.test('no token and no key stands readable in the database', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery } = (await carrier.announce(hub)).body;
  const link = await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} });
  const path = join(world.dataDir, 'cloud.sqlite');
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const bytes = await readFile(path, 'latin1');
  t.ok(bytes.includes(delivery), 'what is stored can be found this way');
  for (const secret of [link.body.token, carrier.clientSecret, await carrier.token(), world.operatorToken])
    t.notOk(bytes.includes(secret));
});
