import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { makeTenant } from '../support/tenant.ts';
import { makeWorld } from '../support/world.ts';

t.test('T23: one home cannot read what belongs to another by its own route', async (t) => {
  const world = await makeWorld(t);
  const [a, b] = [await makeTenant(world), await makeTenant(world)];
  t.teardown(() => Promise.all([a.hub.leave(), b.hub.leave()]));
  t.equal((await b.owner.ask('GET', `${b.owner.home}/visits/${a.view.visit}`)).status, 404);
  const approval = await b.owner.signApproval(a.grant);
  t.equal((await b.owner.put(approval)).body.code, 'APPROVAL_OTHER_GRANT', 'a grant of another hub is unknown here');
  const stop = await b.owner.signRevocation({ kind: 'grant', id: newId() });
  t.equal((await b.owner.put(stop)).status, 200);
  t.equal((await a.carrier.ask('GET', `/v1/deliveries/${a.delivery}`)).body.state, 'granted');
  t.equal((await a.owner.put(await b.owner.signRuleBook([]))).body.code, 'RULE_BOOK_KEY_UNKNOWN');
});

t.test("T23: another home's guest answers as if it did not exist", async (t) => {
  const world = await makeWorld(t);
  const [a, b] = [await makeTenant(world), await makeTenant(world)];
  t.teardown(() => Promise.all([a.hub.leave(), b.hub.leave()]));
  const { guest: visitor, guestRule: rule } = a;
  const doors = () => visitor.ask('GET', `/v1/guests/${visitor.token}/doors`);
  const own = await doors();
  t.match(own, { status: 200, body: { doors: [{ rule, door: a.hub.door }] } });
  t.notOk(JSON.stringify(own.body).includes(a.hub.home), 'its own doors and nothing of the home');
  const cross = { body: { rule }, key: false } as const;
  t.equal((await b.guest.ask('POST', `/v1/guests/${b.guest.token}/visits`, cross)).body.code, 'NOT_FOUND');

  // An owner who names a guest of another home accepts nobody and ends nobody.
  const party = { kind: 'guest' as const, id: visitor.id, jkt: visitor.key.kid };
  await b.owner.put(await b.owner.signRuleBook([b.carrier.rule(b.hub, { party })]));
  await b.owner.put(await b.owner.signRevocation({ kind: 'guest', id: visitor.id }));
  t.match(await doors(), { status: 200, body: { doors: [{ door: a.hub.door }] } });
  const listed = await b.owner.ask('GET', `${b.owner.home}/guests`);
  t.notOk(JSON.stringify(listed.body).includes(visitor.id));
});

t.test('T33: a hub cannot take over a door or a delivery of another', async (t) => {
  const world = await makeWorld(t);
  const [a, b] = [await makeTenant(world), await makeTenant(world)];
  t.teardown(() => Promise.all([a.hub.leave(), b.hub.leave()]));
  const doorOfA = { id: a.hub.door, kind: 'latch', seesBolt: true, seesDoor: true, camera: false };
  await b.hub.hello({ doors: [doorOfA] });
  t.same(
    (await b.owner.ask('GET', b.owner.home)).body.doors,
    [],
    'the door stays with the hub that announced it first',
  );
  t.match((await a.owner.ask('GET', a.owner.home)).body.doors, [{ id: a.hub.door }]);

  const visit = newId();
  b.hub.append('visit.prepared', { grant: newId(), delivery: a.delivery, rule: 'r', jkt: b.courier.key.kid }, visit);
  b.hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, visit);
  b.hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, a.view.visit);
  await b.hub.sync();
  t.equal((await a.carrier.ask('GET', `/v1/deliveries/${a.delivery}`)).body.state, 'granted');
  b.hub.append(
    'visit.prepared',
    { grant: newId(), delivery: b.delivery, rule: 'r', jkt: b.courier.key.kid },
    a.view.visit,
  );
  await b.hub.sync();
  t.equal((await b.courier.ask('GET', `/v1/visits/${a.view.visit}`)).status, 404, 'nor a visit');
});
