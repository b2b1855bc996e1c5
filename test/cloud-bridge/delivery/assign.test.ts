import t from 'tap';
import { grantWindow } from '../../../cloud-bridge/delivery/assign.ts';
import { type GrantClaims, grantForm, maxGrantSeconds } from '../../../wire/grant.ts';
import { newId, peek } from '../../../wire/jws.ts';
import { makeHome } from '../support/home.ts';
import { makeCarrier, makeCourier, makeTask } from '../support/people.ts';
import { type makeWorld, until } from '../support/world.ts';

const nowS = (): number => Math.floor(Date.now() / 1000);

t.test('a grant lasts where the windows meet, from now on, at most 24 hours', async (t) => {
  const day = 86_400;
  const now = 1_800_000_000;
  const window = (delivery: [number, number], rule: [number, number]) =>
    grantWindow(
      { from_s: now + delivery[0], until_s: now + delivery[1] },
      { from: now + rule[0], until: now + rule[1] },
      now,
    );
  t.same(window([100, 200], [0, 1000]), { nbf: now + 100, exp: now + 200 });
  t.same(window([0, 1000], [100, 200]), { nbf: now + 100, exp: now + 200 });
  t.same(window([-1000, 1000], [-2000, 500]), { nbf: now - 60, exp: now + 500 }, 'a minute for the clock of the hub');
  t.same(window([-3 * day, 5 * day], [-9 * day, 9 * day]), { nbf: now - 60, exp: now - 60 + day });
  t.same(window([100, 5 * day], [0, 9 * day]), { nbf: now + 100, exp: now + 100 + day });
  t.equal(window([100, 200], [300, 400]), undefined);
  t.equal(window([-200, -100], [-1000, 1000]), undefined);
  t.equal(window([-200, 0], [-1000, 1000]), undefined, 'over at this second');
});

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, courier] = [await makeCarrier(world), await makeCourier(world)];
  const grantOf = async (task: string): Promise<GrantClaims> => {
    const read = peek(grantForm, (await courier.ask('GET', `${task}/grant`)).body.grant);
    if (!read.ok) throw new TypeError(read.code);
    return read.value.claims;
  };
  return { world, hub, owner, carrier, courier, grantOf };
}

t.test('a grant says no more than the rule, the delivery and the hub allow', async (t) => {
  const { hub, owner, carrier, courier, grantOf } = await setUp(t);
  hub.epoch = 3;
  await hub.hello();
  const rule = carrier.rule(hub, { entries: 4, until: nowS() + 1_000 });
  await owner.put(await owner.signRuleBook([rule]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const grant = await grantOf(task);
  t.match(grant, {
    iss: 'doorward',
    aud: hub.id,
    door: hub.door,
    purpose: 'delivery',
    rule: rule.id,
    entries: 4,
    epoch: 3,
    exp: rule.until,
    cnf: { jkt: courier.key.kid },
    delivery,
  });
  t.ok(grant.exp - grant.nbf <= maxGrantSeconds);
  t.notMatch(grant.sub, new RegExp(courier.key.kid), 'a pseudonym');
});

t.test('R3: no rule that fits, no delivery', async (t) => {
  const { hub, owner, carrier, world } = await setUp(t);
  const other = await makeCarrier(world);
  const good = carrier.rule(hub);
  const cases: readonly [string, object][] = [
    ['another carrier', { party: { kind: 'carrier', id: other.id, jwk: other.key.jwk } }],
    ["this carrier with another's key", { party: { kind: 'carrier', id: carrier.id, jwk: other.key.jwk } }],
    ['another door', { door: `door-${'a'.repeat(20)}` }],
    ['over already', { from: 1, until: nowS() - 1 }],
    ['after the delivery', { from: nowS() + 8_000, until: nowS() + 9_000 }],
    ['a guest', { party: { kind: 'guest', id: carrier.id, jkt: carrier.key.kid } }],
  ];
  for (const [what, changed] of cases) {
    await owner.put(await owner.signRuleBook([{ ...good, ...changed }]));
    t.match(await carrier.announce(hub), { status: 403, body: { code: 'DELIVERY_NOT_ALLOWED' } }, what);
  }
  await owner.put(await owner.signRuleBook([good], { iat: nowS() - 100, exp: nowS() - 1 }));
  t.equal((await carrier.announce(hub)).body.code, 'DELIVERY_NOT_ALLOWED', 'the lease has run out');
  await owner.put(await owner.signRuleBook([good]));
  t.equal((await carrier.announce(hub)).status, 201);
  const unknown = await carrier.announce(hub, { door: `door-${'b'.repeat(20)}` });
  t.equal(unknown.body.code, 'DELIVERY_NOT_ALLOWED', 'an unknown door answers the same');
});

t.test('a rule that has gone since the announcement gives no grant', async (t) => {
  const { hub, owner, carrier, courier } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery } = await makeTask(hub, carrier, courier);
  await owner.put(await owner.signRuleBook([]));
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  const answer = await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  t.equal(answer.body.code, 'DELIVERY_NOT_ALLOWED');
});

t.test('assignments that do not fit are refused, each with its own code', async (t) => {
  const { hub, owner, carrier, courier, world } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery } = await makeTask(hub, carrier, courier);
  const other = await makeCarrier(world);
  const jkt = courier.key.kid;
  const sign = (claims: object) => carrier.signAssignment(hub, delivery, jkt, claims);
  const cases: readonly [string, string, string][] = [
    [
      "another carrier's key",
      await other.signAssignment(hub, delivery, jkt, { iss: carrier.id }),
      'ASSIGNMENT_NOT_GENUINE',
    ],
    ['another party', await sign({ iss: other.id }), 'ASSIGNMENT_NOT_GENUINE'],
    ['another hub', await sign({ aud: `hub-${'a'.repeat(20)}` }), 'ASSIGNMENT_WRONG_HUB'],
    ['another door', await sign({ door: `door-${'a'.repeat(20)}` }), 'ASSIGNMENT_WRONG_DOOR'],
    ['another delivery', await sign({ delivery: newId() }), 'ASSIGNMENT_WRONG_DELIVERY'],
    ['another device', await sign({ cnf: { jkt: carrier.key.kid } }), 'ASSIGNMENT_OTHER_DEVICE'],
    ['late', await sign({ exp: nowS() - 1 }), 'ASSIGNMENT_LATE'],
    ['no assignment', 'a.b.c', 'ASSIGNMENT_MALFORMED'],
  ];
  const path = `/v1/deliveries/${delivery}/assignment`;
  for (const [what, assignment, code] of cases) {
    t.equal((await carrier.ask('POST', path, { body: { assignment } })).body.code, code, what);
  }
  const early = await sign({ nbf: nowS() + 100 });
  t.equal((await carrier.ask('POST', path, { body: { assignment: early } })).status, 200, 'one for later is taken now');
});

t.test('under `ask` nothing goes to the hub before the owner has said yes', async (t) => {
  const { hub, owner, carrier, courier } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub, { consent: 'ask' })]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  const path = `/v1/deliveries/${delivery}/assignment`;
  t.equal((await carrier.ask('POST', path, { body: { assignment } })).body.state, 'waiting-for-owner');
  t.equal((await carrier.ask('POST', path, { body: { assignment } })).body.state, 'waiting-for-owner', 'asked once');
  t.match(await courier.ask('POST', `${task}/prepare`, { body: {}, key: false }), {
    status: 409,
    body: { code: 'TASK_NOT_READY' },
  });
  t.notOk(hub.requests.some((one) => one.body.op === 'visit.prepare'));

  const { grants } = (await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body;
  t.match(grants, [{ delivery, assignment }]);
  t.equal(grants.length, 1);
  const approval = await owner.signApproval(grants[0].grant);
  t.equal((await owner.put(approval)).status, 200);
  t.same((await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body.grants, []);
  t.equal((await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body.state, 'granted');
  t.equal((await courier.ask('GET', `${task}/grant`)).body.approval, approval);
  t.equal((await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).status, 200);
  const asked = hub.requests.find((one) => one.body.op === 'visit.prepare');
  t.match(asked?.body, { bundle: { grant: grants[0].grant, assignment, approval } });
});

t.test('another assignment for the same device ends the grant before', async (t) => {
  const { hub, owner, carrier, courier, grantOf } = await setUp(t);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery, task } = await makeTask(hub, carrier, courier);
  const path = `/v1/deliveries/${delivery}/assignment`;
  const send = async () =>
    carrier.ask('POST', path, { body: { assignment: await carrier.signAssignment(hub, delivery, courier.key.kid) } });
  await send();
  const first = await grantOf(task);
  await send();
  const second = await grantOf(task);
  t.not(first.jti, second.jti);
  await until('the hub learns that the first is dead', () =>
    hub.requests.some(
      ({ body }) =>
        body.op === 'document.put' && Buffer.from(body.document.split('.')[1]!, 'base64url').includes(first.jti),
    ),
  );
  t.pass('one grant lives');
});
