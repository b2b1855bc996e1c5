import t from 'tap';
import { grantForm, verifyGrant } from '../../wire/grant.ts';
import { verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { hashOf, newId, peek } from '../../wire/jws.ts';
import { verifyWitness } from '../../wire/witness.ts';
import { makeHome } from './support/home.ts';
import { makeCarrier, makeCourier, makeTask } from './support/people.ts';
import { until } from './support/world.ts';

t.test('a delivery goes from the announcement to the receipt', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);

  t.equal((await carrier.announce(hub)).body.code, 'DELIVERY_NOT_ALLOWED', 'no rule, no delivery');
  const put = await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  t.match(put, { status: 200, body: { accepted: 'rulebook+jwt', pending: false } });

  const { delivery, task } = await makeTask(hub, carrier, courier);
  t.equal((await courier.ask('GET', `${task}/grant`)).body.code, 'TASK_NOT_READY');
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  const assigned = await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  t.match(assigned, { status: 200, body: { state: 'granted' } });

  const granted = await courier.ask('GET', `${task}/grant`);
  t.match(granted.body, { assignment, hub: hub.id, door: hub.door });
  const nowS = Math.floor(Date.now() / 1000);
  const roots = await verifyFirstRootSet(hub.enrolment.rootSet, nowS);
  const issuers = roots.ok ? await verifyIssuerSet(hub.enrolment.issuerSet, roots.value, 0, nowS) : roots;
  if (!issuers.ok) throw new TypeError('issuers');
  const grant = await verifyGrant(granted.body.grant, issuers.value, nowS);
  t.ok(grant.ok, 'the grant is genuine by the keys that the hub has pinned');
  t.match(grant.ok && grant.value, { purpose: 'delivery', delivery, cnf: { jkt: courier.key.kid }, entries: 1 });
  t.equal(hashOf(hub.enrolment.rootSet), world.rootHash);

  const prepared = await courier.ask('POST', `${task}/prepare`, { body: {}, key: false });
  t.equal(prepared.status, 200);
  const { visit, nonces } = prepared.body;
  const acted = await courier.act(visit, await courier.knock(prepared.body, granted.body.grant, nonces.arrive));
  t.match(acted, { status: 200, body: { visit, at: 'ready' } });
  t.match((await courier.ask('GET', `/v1/visits/${visit}`)).body, { visit });
  const act = hub.requests.find((request) => request.body.op === 'visit.act')!;
  t.ok(act.exp - Date.now() < 8_001, 'a knock dies within seconds');

  const read = peek(grantForm, granted.body.grant);
  const jti = read.ok ? read.value.claims.jti : '';
  hub.append('visit.prepared', { grant: jti, delivery, rule: 'r', jkt: courier.key.kid }, visit);
  hub.append('visit.arrived', {}, visit);
  hub.append('visit.unlock', {}, visit);
  hub.append('visit.ended', { outcome: 'completed', proof: 'secured', receipt: 'a.b.c' }, visit);
  await hub.sync();
  t.match((await carrier.ask('GET', `/v1/deliveries/${delivery}`)).body, {
    state: 'delivered',
    outcome: 'completed',
    proof: 'secured',
    receipt: 'a.b.c',
  });
  const witness = await verifyWitness(hub.acks.at(-1)!.witness, issuers.value, { hubId: hub.id });
  t.match(witness.ok && witness.value, { seq: 4, hash: hub.headHash() });
  const journal = await owner.ask('GET', `${owner.home}/journal`);
  t.same(journal.body.entries, hub.texts, 'the cloud has the same journal');
  const shown = await owner.ask('GET', `${owner.home}/visits/${visit}`);
  t.same(shown.body, { visit, delivery, entries: hub.texts });
  t.match((await owner.ask('GET', `${owner.home}/deliveries`)).body.deliveries, [{ delivery, state: 'delivered' }]);
});

t.test('another instance on the same database answers as well', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const second = await world.another();
  t.match((await owner.ask('GET', owner.home)).body, { hub: hub.id, online: true });
  const other = Object.assign(Object.create(Object.getPrototypeOf(owner)), owner, {
    world: { ...world, cloud: second },
  });
  t.match((await other.ask('GET', owner.home)).body, { hub: hub.id, doors: [{ id: hub.door }] });
});

t.test('the service stops cleanly and starts again on the same data', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  hub.append('hub.started');
  await hub.sync();
  await world.cloud.stop();
  const again = await world.another();
  await again.start();
  await until('online', () => again.online);
  hub.append('hub.stopped', { why: newId() });
  await hub.sendJournal(2);
  await until('acknowledged', () => hub.acks.at(-1)?.seq === 2);
  t.equal(hub.acks.at(-1)?.hash, hub.headHash());
  t.ok(owner);
});
