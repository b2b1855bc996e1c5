import t from 'tap';
import { guestToken, proveGuest } from '../../../wire/guest.ts';
import { hashOf, newId } from '../../../wire/jws.ts';
import { makeHub } from '../support/hub.ts';
import { makeCarrier, makeCourier, makeOwner, makeTask } from '../support/people.ts';
import { type Answer, ask, makeWorld } from '../support/world.ts';

/** One home with everything that belongs to it. */
async function makeTenant(world: Awaited<ReturnType<typeof makeWorld>>) {
  const hub = await makeHub(world);
  const owner = await makeOwner(world, hub);
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const { delivery, token, task } = await makeTask(hub, carrier, courier);
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const grant = (await courier.ask('GET', `${task}/grant`)).body.grant as string;
  const view = (await courier.ask('POST', `${task}/prepare`, { body: {}, key: false })).body;
  const visitor = await makeCourier(world);
  const secret = hashOf(newId());
  const invited = await owner.ask('POST', `${owner.home}/guests`, { body: { token: await guestToken(secret) } });
  const invitation = `/v1/guests/${await guestToken(secret)}`;
  const { kid: jkt } = visitor.key;
  await visitor.ask('POST', `${invitation}/claim`, { body: { proof: await proveGuest(secret, jkt) }, key: false });
  const party = { kind: 'guest' as const, id: invited.body.guest as string, jkt };
  const rule = carrier.rule(hub, { party });
  await owner.put(await owner.signRuleBook([carrier.rule(hub), rule]));
  await visitor.ask('POST', `${invitation}/visits`, { body: { rule: rule.id }, key: false });
  return {
    ...{ hub, owner, carrier, courier, delivery, token, task, assignment, grant, view },
    guest: { visitor, invitation, rule: rule.id, id: party.id },
  };
}

t.test('T23: every route with every other credential tells nothing', async (t) => {
  const world = await makeWorld(t);
  const [a, b] = [await makeTenant(world), await makeTenant(world)];
  t.teardown(() => Promise.all([a.hub.leave(), b.hub.leave()]));
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  type Credential = (method: string, path: string, body: unknown) => Promise<Answer>;
  const over =
    (device: { ask: typeof a.owner.ask }): Credential =>
    (method, path, body) =>
      device.ask(method, path, body === undefined ? {} : { body });
  const withBearer =
    (token: string): Credential =>
    (method, path, body) =>
      ask(world.cloud, method, path, { headers: bearer(token), ...(body === undefined ? {} : { body }) });
  const credentials: Record<string, Credential> = {
    nobody: (method, path, body) => ask(world.cloud, method, path, body === undefined ? {} : { body }),
    operator: withBearer(world.operatorToken),
    'own owner': over(a.owner),
    'other owner': over(b.owner),
    'own carrier': withBearer(a.carrier.apiKey),
    'other carrier': withBearer(b.carrier.apiKey),
    'own courier': over(a.courier),
    'other courier': over(b.courier),
    'own guest': over(a.guest.visitor),
    'other guest': over(b.guest.visitor),
    'a made-up token': withBearer(`dwc_${newId()}${newId()}`),
  };

  const home = a.owner.home;
  const delivery = `/v1/deliveries/${a.delivery}`;
  const document = await a.owner.signRuleBook([]);
  const knock = await b.courier.knock(a.view, a.grant, a.view.nonces.arrive);
  const routes: readonly [string, string, unknown, readonly string[]][] = [
    ['POST', '/v1/homes', {}, ['operator']],
    ['POST', `/v1/homes/${a.hub.home}/enrolment-tokens`, {}, ['operator']],
    ['POST', '/v1/carriers', { name: 'X', jwk: a.carrier.key.jwk }, ['operator']],
    ['GET', '/v1/hubs', undefined, ['operator']],
    ['GET', home, undefined, ['own owner']],
    ['POST', `${home}/documents`, { document }, ['own owner']],
    ['GET', `${home}/hub`, undefined, ['own owner']],
    ['GET', `${home}/notes`, undefined, ['own owner']],
    ['PUT', `${home}/notes`, { version: 1, sealed: 'x'.repeat(16) }, ['own owner']],
    ['GET', `${home}/documents`, undefined, ['own owner']],
    ['GET', `${home}/carriers`, undefined, ['own owner']],
    ['GET', `${home}/deliveries`, undefined, ['own owner']],
    ['GET', `${home}/journal`, undefined, ['own owner']],
    ['GET', `${home}/grants?waiting=true`, undefined, ['own owner']],
    ['GET', `${home}/visits/${a.view.visit}`, undefined, ['own owner']],
    ['GET', `${home}/events`, undefined, ['own owner']],
    ['POST', `${home}/live-tickets`, {}, ['own owner']],
    ['POST', `${home}/locks/orders`, { order: 'a.b.c' }, ['own owner']],
    ['POST', '/v1/support-staff', { name: 'Eva' }, ['operator']],
    ['GET', '/v1/support-staff', undefined, ['operator']],
    ['POST', `/v1/support-staff/${newId()}/end`, {}, ['operator']],
    ['GET', '/v1/support/cases', undefined, []],
    ['GET', `/v1/support/cases/${newId()}`, undefined, []],
    ['PUT', '/v1/support/key', { seal: a.carrier.key.jwk }, []],
    ['POST', `${home}/cases`, { delivery: a.delivery, reason: 'missing' }, ['own owner']],
    ['GET', `${home}/cases`, undefined, ['own owner']],
    ['POST', `${home}/cases/${newId()}/close`, {}, ['own owner']],
    ['GET', `${home}/notifications`, undefined, ['own owner']],
    ['PUT', `${home}/notifications`, { language: 'de' }, ['own owner']],
    ['PUT', `${home}/notifications/mail`, { address: null }, ['own owner']],
    ['POST', `${home}/notifications/mail/code`, { code: '000000' }, ['own owner']],
    ['POST', `${home}/notifications/test`, {}, ['own owner']],
    ['GET', `${home}/alarms`, undefined, ['own owner']],
    ['POST', `${home}/alarms/${'A'.repeat(43)}/acknowledgement`, {}, ['own owner']],
    ['GET', `${home}/recordings`, undefined, ['own owner']],
    ['GET', `${home}/recordings/${newId()}`, undefined, ['own owner']],
    ['GET', `${home}/recordings/${newId()}/shares`, undefined, ['own owner']],
    ['PUT', `${home}/recordings/${newId()}/shares`, { share: 'a.b.c' }, ['own owner']],
    ['GET', delivery, undefined, ['own carrier']],
    ['POST', `${delivery}/task-link`, {}, ['own carrier']],
    ['POST', `${delivery}/assignment`, { assignment: a.assignment }, ['own carrier']],
    ['POST', `${delivery}/on-the-way`, {}, ['own carrier']],
    ['POST', `${delivery}/cancel`, {}, ['own carrier']],
    ['GET', '/v1/carrier/events', undefined, ['own carrier', 'other carrier']],
    ['GET', `${home}/guests`, undefined, ['own owner']],
    ['POST', `${home}/guests`, { token: hashOf(newId()) }, ['own owner']],
    ['GET', `/v1/tasks/${a.guest.invitation.split('/').at(-1)}/grant`, undefined, []],
    ['GET', `/v1/visits/${a.view.visit}`, undefined, ['own courier']],
    // The knock names its own device: the credential is in it, and this one is another courier's.
    ['POST', `/v1/visits/${a.view.visit}/acts`, { knock }, []],
  ];
  const secrets = [a.hub.id, a.hub.home, a.hub.door, a.grant, a.courier.key.kid, a.guest.id, a.guest.rule];

  for (const [method, path, body, mine] of routes) {
    for (const [name, call] of Object.entries(credentials)) {
      if (mine.includes(name)) continue;
      const answer = await call(method, path, body);
      const what = `${method} ${path.split('/').slice(0, 3).join('/')}… as ${name}`;
      t.ok(answer.status === 401 || answer.status === 404, `${what}: ${answer.status}`);
      const text = JSON.stringify(answer.body);
      t.notOk(
        secrets.some((secret) => text.includes(secret)),
        `${what} tells nothing`,
      );
    }
  }
  t.equal((await a.owner.ask('GET', home)).status, 200, 'the owner still gets an answer');
  t.equal((await a.carrier.ask('GET', delivery)).body.state, 'granted', 'and nothing has changed');
  t.notOk(
    b.hub.requests.some((request) => JSON.stringify(request).includes(a.view.visit)),
    'nothing of one home went to the hub of the other',
  );
});

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
  const { visitor, invitation, rule } = a.guest;
  const own = await visitor.ask('GET', `${invitation}/doors`);
  t.match(own, { status: 200, body: { doors: [{ rule, door: a.hub.door }] } });
  t.notOk(JSON.stringify(own.body).includes(a.hub.home), 'its own doors and nothing of the home');
  // Whoever has no link has no path. With it another phone is refused by name: the link is in its hand.
  const routes = [
    ['GET', `${invitation}/doors`, undefined],
    ['GET', `${invitation}/grant`, undefined],
    ['POST', `${invitation}/visits`, { rule }],
    ['POST', `${invitation}/prepare`, {}],
  ] as const;
  for (const [method, path, body] of routes) {
    const answer = await b.guest.visitor.ask(method, path, { key: false, ...(body === undefined ? {} : { body }) });
    t.match(answer, { status: 403, body: { code: 'TASK_OTHER_DEVICE', detail: {} } }, path.split('/').at(-1)!);
    const unknown = path.replace(invitation, `/v1/guests/${hashOf(newId())}`);
    const nothing = await b.guest.visitor.ask(method, unknown, { key: false, ...(body === undefined ? {} : { body }) });
    t.match(nothing, { status: 404, body: { code: 'NOT_FOUND' } });
    t.equal((await ask(world.cloud, method, path, body === undefined ? {} : { body })).status, 401);
  }
  const cross = { body: { rule }, key: false } as const;
  t.equal((await b.guest.visitor.ask('POST', `${b.guest.invitation}/visits`, cross)).body.code, 'NOT_FOUND');

  // An owner who names a guest of another home accepts nobody and ends nobody.
  const party = { kind: 'guest' as const, id: a.guest.id, jkt: visitor.key.kid };
  await b.owner.put(await b.owner.signRuleBook([b.carrier.rule(b.hub, { party })]));
  await b.owner.put(await b.owner.signRevocation({ kind: 'guest', id: a.guest.id }));
  t.match(await visitor.ask('GET', `${invitation}/doors`), { status: 200, body: { doors: [{ door: a.hub.door }] } });
  const listed = await b.owner.ask('GET', `${b.owner.home}/guests`);
  t.notOk(JSON.stringify(listed.body).includes(a.guest.id));
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
