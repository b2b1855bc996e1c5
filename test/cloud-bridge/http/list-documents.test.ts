import t from 'tap';
import { makeHub } from '../support/hub.ts';
import { makeCarrier, makeCourier, makeOwner, makeTask } from '../support/people.ts';
import { makeWorld, until } from '../support/world.ts';

t.test(
  'an owner’s device reads the documents that decide who may come in, and what the hub has confirmed',
  async (t) => {
    const world = await makeWorld(t);
    const hub = await makeHub(world);
    const owner = await makeOwner(world, hub);
    const carrier = await makeCarrier(world);
    const courier = await makeCourier(world);
    const read = async () => (await owner.ask('GET', `${owner.home}/documents`)).body;
    t.same(await read(), { ruleBooks: [], revocations: [], approved: [] });

    const rule = carrier.rule(hub, { consent: 'ask' });
    const first = await owner.signRuleBook([]);
    const second = await owner.signRuleBook([rule]);
    for (const book of [first, second]) t.equal((await owner.put(book)).status, 200);
    t.same((await read()).ruleBooks, [{ document: second, confirmed: true }], 'older ones are out of force');

    const { delivery, task } = await makeTask(hub, carrier, courier);
    const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
    await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
    const waiting = (await owner.ask('GET', `${owner.home}/grants?waiting=true`)).body.grants;
    t.same((await read()).approved, [], 'nobody has said yes');
    const { grant } = waiting[0];
    const approval = await owner.signApproval(grant);
    t.equal((await owner.put(approval)).status, 200);
    t.same((await read()).approved, [{ grant, approval, assignment }]);
    t.equal((await courier.ask('GET', `${task}/grant`)).status, 200);

    await hub.leave();
    await until('the hub is away', async () => !(await owner.ask('GET', owner.home)).body.online);
    const third = await owner.signRuleBook([]);
    const end = await owner.signRevocation({ kind: 'rule', id: rule.id });
    const elsewhere = await owner.signRevocation({ kind: 'rule', id: 'rule-of-nobody' });
    for (const text of [third, end, elsewhere]) t.equal((await owner.put(text)).status, 202);
    const now = await read();
    t.same(now.ruleBooks, [
      { document: third, confirmed: false },
      { document: second, confirmed: true },
    ]);
    t.same(now.revocations, [{ document: end, confirmed: false }], 'T39: pending is not confirmed');

    const { carriers } = (await owner.ask('GET', `${owner.home}/carriers`)).body;
    t.match(carriers, [{ carrier: carrier.id, jwk: carrier.key.jwk }], 'for whom a rule can be made');
  },
);
