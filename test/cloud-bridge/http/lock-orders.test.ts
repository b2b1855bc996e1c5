import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { hashOf } from '../../../wire/jws.ts';
import { openResult, verifyLockAnswer } from '../../../wire/verify-lock-order.ts';
import { makeOrdersBench } from '../../device/desk/orders-bench.ts';
import { makeHub } from '../support/hub.ts';
import { makeCarrier, makeCourier, makeOwner, Owner } from '../support/people.ts';
import { ask, makeWorld, type World } from '../support/world.ts';

/** The real cloud and broker before a hub whose orders go to the real desk, with a lock in memory. */
async function makeHome(t: Test) {
  const world = await makeWorld(t);
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  const nowS = Math.floor(Date.now() / 1000);
  const bench = await makeOrdersBench(t, { hubId: hub.id, hub: hub.sign, doorId: hub.door, nowS });
  const owner = new Owner(world, bench.phone.sign, bench.phone.seal.jwk, hub);
  t.equal((await owner.claim()).status, 200);
  hub.handler = (body) => (body.op === 'lock.order' ? bench.desk.take(body.order) : hub.decide(body));
  const path = `${owner.home}/locks/orders`;
  const order = (text: string) => owner.ask('POST', path, { body: { order: text }, key: false });
  return { world, hub, bench, owner, path, order };
}

/** Every byte that the cloud keeps. */
function filesOf(world: World): string {
  const names = readdirSync(world.dataDir, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return files.map((path) => readFileSync(path, 'latin1')).join('\n');
}

t.test('R1, S048: the cloud carries an order and its answer, and keeps neither name nor digits of them', async (t) => {
  const { world, hub, bench, order } = await makeHome(t);
  const [digits, name] = ['987654321987', 'Griselda'];
  const add = await bench.signCode({ digits, name });
  const added = await order(add);
  t.equal(added.status, 200);
  const of = { hubId: hub.id, order: hashOf(add), to: bench.phone.seal.kid };
  const answer = await verifyLockAnswer(added.body.answer, hub.sign, of);
  if (!answer.ok) return t.fail(answer.code);
  const result = await openResult(answer.value.sealed, bench.phone.seal.privateKey);
  t.same(result, { ok: true, value: { did: 'codes.add', id: 1 } });
  t.equal(bench.lock.digits.get(1), digits);
  t.same((await order(add)).body, added.body, 'the same order again gets the same answer');
  t.same(bench.lock.calls, ['addCode']);
  t.equal((await order(await bench.sign({ do: 'codes.list' }))).status, 200);
  t.equal((await order(await bench.signUser({ name, kind: 'app', mayActFromAfar: true }))).status, 200);
  bench.lock.fails = 'NUKI_FULL';
  t.match(await order(await bench.signCode({ digits, name })), {
    status: 503,
    body: { code: 'NUKI_FULL', detail: {} },
  });

  hub.texts.push(...bench.store.journal.read(1, 100));
  await hub.sync();
  const secrets = [digits, name, Buffer.alloc(32, 2).toString('base64url')];
  const held = filesOf(world);
  t.ok(held.includes(hub.id) && held.includes('"kind":"household"'), 'what it may keep is found');
  const carried = JSON.stringify(hub.requests);
  t.ok(carried.includes('lock.order') && carried.includes(add));
  t.ok(world.logged().includes('/locks/orders'));
  for (const secret of secrets) {
    // As it is, and as base64 of JSON would show it.
    const forms = [0, 1, 2].map((shift) =>
      Buffer.from(' '.repeat(shift) + secret)
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    );
    for (const form of [secret, ...forms.filter((one) => one.length >= 8)]) {
      t.notOk(held.includes(form), `not in a file: ${form}`);
      t.notOk(world.logged().includes(form), `not in the log: ${form}`);
      t.notOk(carried.includes(form), `not on the line: ${form}`);
    }
  }
  t.notOk(held.includes(add), 'nor the order');
});

t.test('T14, T23: couriers, carriers, the operator and other homes find nothing there', async (t) => {
  const { world, hub, bench, owner, path } = await makeHome(t);
  const other = await makeHub(world);
  t.teardown(() => other.leave());
  const [courier, neighbour, carrier] = [
    await makeCourier(world),
    await makeOwner(world, other),
    await makeCarrier(world),
  ];
  const body = { order: await bench.sign({ do: 'codes.list' }) };
  const bearer = (token: string) => ({ body, headers: { authorization: `Bearer ${token}` } });
  const nothing = { status: 404, body: { code: 'NOT_FOUND' } };
  t.match(await courier.ask('POST', path, { body }), nothing);
  t.match(await neighbour.ask('POST', path, { body }), nothing);
  for (const token of [await carrier.token(), world.operatorToken]) {
    t.equal((await ask(world.cloud, 'POST', path, bearer(token))).status, 401);
  }
  t.equal((await ask(world.cloud, 'POST', path, { body })).status, 401);
  t.equal(hub.requests.filter((request) => request.body.op === 'lock.order').length, 0, 'and the hub hears of none');
  t.match(
    await neighbour.ask('POST', `${neighbour.home}/locks/orders`, { body }),
    { status: 200 },
    'its own hub is asked',
  );
  t.same(bench.lock.calls, []);
  const theirs = await bench.sign({ do: 'codes.list' }, {}, neighbour.key);
  t.match(await owner.ask('POST', path, { body: { order: theirs } }), {
    status: 401,
    body: { code: 'LOCK_ORDER_KEY_UNKNOWN' },
  });
});

t.test(
  'what is no order is refused before the hub is asked, and a hub that answers nonsense has not answered',
  async (t) => {
    const { hub, bench, owner, path, order } = await makeHome(t);
    const asked = () => hub.requests.filter((request) => request.body.op === 'lock.order').length;
    for (const body of [
      {},
      { order: '' },
      { order: 'x' },
      { order: `a.b.${'c'.repeat(5000)}` },
      { order: 'a.b.c', x: 1 },
    ]) {
      t.match(await owner.ask('POST', path, { body }), { status: 400, body: { code: 'BODY_MALFORMED' } });
    }
    t.equal(asked(), 0);
    hub.handler = () => ({ ok: true, value: { answer: 1, digits: '987654' } });
    const list = await bench.sign({ do: 'codes.list' });
    t.match(await order(list), { status: 504, body: { code: 'HUB_SILENT' } });
    await hub.leave();
  },
);

t.test('the OpenAPI document has the route', async (t) => {
  const world = await makeWorld(t, { broker: false });
  const { body } = await ask(world.cloud, 'GET', '/openapi.json');
  const route = body.paths['/v1/homes/{home}/locks/orders']?.post;
  t.match(route, { security: [{ dpop: [] }], responses: { 200: {}, default: {} } });
  t.equal(route.requestBody.content['application/json'].schema.properties.order.maxLength, 6144);
});
