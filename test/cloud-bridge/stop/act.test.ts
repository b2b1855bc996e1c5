/** A courier's acts at a stop, over HTTP: S002, S005, S010, S013, S016, S025, S048, S051, S060 to S062, S064, S071, S075, S081, T29, T33. */
import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { makeCourier } from '../support/people.ts';
import { until } from '../support/world.ts';
import { openStopStage, taskOf } from './stop-stage.ts';

const stage = await openStopStage(t);
const { world, owner, store, carrier, account, hub } = stage;
const day = 86_400_000;
const code = (answer: { body: { code?: string } }) => answer.body.code;
const inPerson = { order: ['in-person', 'tomorrow'], codeFrom: { amount: 0, currency: 'EUR' } };
const can = ['in-person', 'tomorrow'] as const;
const wrongOf = (digits: string, by = 1): string => String((Number(digits) + by) % 1_000_000).padStart(6, '0');
const berlin = { lat: 52.52, lon: 13.405 };
const at = () => ({ accuracy: 12, at: world.now() });

t.test('nobody has wished anything: nothing is asked of the courier, and no act is taken', async (t) => {
  await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
  const task = await stage.task();
  t.match(await task.look(), { status: 200, body: { state: 'expected', acts: [], plan: [{ place: 'inside' }] } });
  t.equal(code(await task.act({ act: 'arrive' })), 'STOP_NOT_PLANNED');
});

t.test('S073: what the owner writes for this once is read at the door, and not before', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  const path = `${owner.home}/deliveries/${task.delivery}/plan`;
  t.equal((await owner.ask('PUT', path, { body: { note: 'The bell is broken: knock' } })).status, 200);
  t.equal((await task.look()).body.note, undefined);
  t.equal((await task.act({ act: 'arrive' })).body.note, 'The bell is broken: knock');
});

t.test('S002, S060, S064: arrive, ring, name, the right code', async (t) => {
  await stage.wish(inPerson);
  const parcel = { value: { amount: 99_900, currency: 'EUR' }, goods: 'Telephone' };
  const task = await stage.task(can, { parcel });
  const before = await task.look();
  t.match(before.body, { state: 'expected', presence: 'none', acts: ['arrive', 'leave'] });
  t.same(
    before.body.plan,
    [{ place: 'in-person' }, { place: 'tomorrow' }],
    'S048: no names before the courier is there',
  );
  t.same((await task.look()).body.nonce, before.body.nonce, 'looking changes nothing');
  t.equal(code(await task.act({ act: 'ring' })), 'STOP_NOT_HERE');

  const here = await task.act({ act: 'arrive' });
  t.match(here.body, { state: 'here', presence: 'said', isSure: true, triesLeft: 3 });
  t.match(here.body.plan, [{ place: 'in-person', holders: [{ holder: account, name: '' }] }, { place: 'tomorrow' }]);
  t.notMatch(JSON.stringify([before.body, here.body]), /99900|Telephone|value|code/, 'S016');
  t.match((await stage.told('home', task.delivery)).slice(-2), [
    { type: 'delivery.state', state: 'at-door' },
    { type: 'stop.state', state: 'here', act: 'arrive', attempt: 1 },
  ]);
  const rung = await task.act({ act: 'ring' });
  t.ok(rung.body.waitUntil > rung.body.at, 'S071: the wait is counted');
  t.equal(code(await task.act({ act: 'leave', reason: 'nobody' })), 'STOP_WAIT');
  t.match((await task.act({ act: 'name', holder: account })).body, { named: account });
  const digits = await stage.codeOf(task.delivery);
  const handed = await task.act({ act: 'hand-over', holder: account, typedBy: 'recipient' }, { digits });
  t.match(handed.body, { state: 'closed', end: 'handed-over', acts: [] });
  for (const party of ['home', 'carrier'] as const) {
    t.match((await stage.told(party, task.delivery)).slice(-2), [
      { type: 'delivery.state', state: 'delivered', outcome: 'handed-over', proof: 'code' },
      { type: 'stop.state', state: 'closed', end: 'handed-over' },
    ]);
  }
  t.equal((await stage.noticed(task.delivery)).at(-1), 'handedCode', 'S064: with what it is proven by');
  t.equal(code(await task.act({ act: 'ring' })), 'STOP_CLOSED');
  t.match((await task.look()).body, { end: 'handed-over' }, 'and it is shown for as long as anybody looks');
  const acts = await store.read.stops.acts(task.delivery, 1);
  t.same(
    acts.map(({ kind }) => kind),
    ['arrive', 'ring', 'name', 'hand-over', 'compared'],
  );
  t.notMatch(JSON.stringify(acts), digits, 'what was typed is kept nowhere');
});

t.test('S007: a wrong code says so at once; the same act again counts once; the third ends it', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'name', holder: account });
  const digits = await stage.codeOf(task.delivery);
  const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
  const act = await task.sign(handOver);
  const first = await task.send(act, wrongOf(digits));
  t.match(first, { status: 403, body: { code: 'CODE_WRONG', detail: { triesLeft: 2 } } });
  t.same(
    (await task.send(act, digits)).body.detail,
    first.body.detail,
    'the lost answer again, whatever is typed with it',
  );
  t.equal((await task.look()).body.triesLeft, 2);
  t.match((await task.act(handOver, { digits: wrongOf(digits, 2) })).body, { detail: { triesLeft: 1 } });
  const third = await task.sign(handOver);
  t.match((await task.send(third, wrongOf(digits, 3))).body, { code: 'CODE_TRIES_USED' });
  t.equal(code(await task.send(third, digits)), 'CODE_TRIES_USED', 'of a link that is dead now, too');
  t.match(await task.look(), { status: 200, body: { state: 'closed', end: 'tries-used', attempt: 1 } });
  const delivery = await store.read.deliveries.find(task.delivery);
  t.match(delivery, { state: 'announced', attempt: 2 }, 'S025: the next attempt is there by itself');
  const [one, two] = await store.read.attempts.ofDelivery(task.delivery);
  t.match(one, { how: 'tries-used', tries: 3 });
  t.ok(two!.day > one!.day && two!.dies_at > one!.dies_at);
  const told = await stage.told('carrier', task.delivery);
  t.match(
    told.filter(({ type }) => type === 'delivery.attempt'),
    [{ attempt: 2, day: two!.day }],
  );
  t.equal(
    code(await task.act({ act: 'arrive' }, { claims: { attempt: 2 } })),
    'TASK_LINK_DEAD',
    'a new link for a new day',
  );
  t.not(await stage.codeOf(task.delivery), digits, 'S024');
});

t.test(
  'S007, S037: parcels of one order have their tries together, and each of their couriers sees how many are left',
  async (t) => {
    await stage.wish(inPerson);
    const order = { parcel: { order: newId() } };
    const [one, two] = [await stage.task(can, order), await stage.task(can, order)];
    const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
    for (const task of [one, two]) {
      await task.act({ act: 'arrive' });
      await task.act({ act: 'name', holder: account });
    }
    const digits = await stage.codeOf(one.delivery);
    t.match(await one.act(handOver, { digits: wrongOf(digits) }), { body: { detail: { triesLeft: 2 } } });
    t.equal((await one.look()).body.triesLeft, 2);
    t.equal((await two.look()).body.triesLeft, 2);
    t.match(await two.act(handOver, { digits: wrongOf(digits, 2) }), { body: { detail: { triesLeft: 1 } } });
    t.equal((await one.look()).body.triesLeft, 1);
  },
);

t.test('S005, S013: only the device that has the task, with its own signature, over what was shown last', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  const other = await makeCourier(world);
  t.equal(code(await task.act({ act: 'arrive' }, { by: other })), 'TASK_OTHER_DEVICE');
  t.equal(code(await task.look(other)), 'TASK_OTHER_DEVICE');
  const forged = await task.sign({ act: 'arrive' }, { by: other });
  t.equal(code(await task.send(forged)), 'STOP_ACT_NOT_GENUINE');
  t.equal(code(await task.send('a.b.c')), 'STOP_ACT_MALFORMED');
  t.equal(code(await task.act({ act: 'arrive' }, { claims: { nonce: newId() } })), 'STOP_ACT_OLD');
  t.equal(code(await task.act({ act: 'arrive' }, { claims: { attempt: 2 } })), 'STOP_ACT_OTHER');
  t.equal(code(await task.act({ act: 'arrive' }, { claims: { delivery: newId() } })), 'STOP_ACT_OTHER');
  const arrive = await task.sign({ act: 'arrive' });
  const [one, two] = [await task.send(arrive), await task.send(arrive)];
  t.same([two.status, { ...two.body, at: 0 }], [200, { ...one.body, at: 0 }], 'the same act gets the same answer');
  t.equal((await store.read.stops.acts(task.delivery, 1)).length, 1, 'and is done once');
  t.equal(
    code(await task.act({ act: 'hand-over', holder: account, typedBy: 'scan' }, { digits: '123456' })),
    'HOLDER_NOT_NAMED',
  );
});

t.test('S010, S014, S055: nothing that the plan does not have closes it', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'ring' });
  world.wind(61_000);
  for (const place of ['drop', 'inside', 'box', 'garage', 'neighbour', 'in-person', 'pick-up', 'tomorrow']) {
    t.equal(code(await task.act({ act: 'put', place, photo: 'A'.repeat(43) })), 'STOP_NOT_PLANNED', place);
  }
  t.match(await owner.ask('POST', `${owner.home}/deliveries/${task.delivery}/received`, { body: {} }), {
    body: { code: 'STOP_NOT_PLANNED' },
  });
  const left = await task.act({ act: 'leave', reason: 'nobody' });
  t.match(left.body, { end: 'left' }, 'after ring and wait');
  t.equal((await stage.noticed(task.delivery)).at(-1), 'triedAgain');
  t.match(await store.read.deliveries.find(task.delivery), { attempt: 2, state: 'announced', outcome: 'left' });
});

t.test('S051, T33: at another address nothing begins, and both are told once', async (t) => {
  await stage.wish(inPerson);
  const put = (position: object | null) => owner.ask('PUT', `${owner.home}/position`, { body: { position } });
  t.equal((await put({ ...berlin, accuracy: 5_000 })).status, 400, 'that would be anywhere');
  t.equal((await put({ ...berlin, accuracy: 20 })).status, 200);
  t.match((await owner.ask('GET', `${owner.home}/position`)).body, { position: { ...berlin, accuracy: 20 } });
  const task = await stage.task(can);
  const far = { ...at(), lat: 52.53, lon: 13.405 };
  for (let i = 0; i < 2; i++) t.equal(code(await task.act({ act: 'arrive', position: far })), 'STOP_WRONG_DOOR');
  const told = (await stage.told('carrier', task.delivery)).filter(({ type }) => type === 'delivery.exception');
  t.match(told, [{ what: 'wrong-door', attempt: 1 }]);
  t.equal(told.length, 1);
  t.equal((await stage.noticed(task.delivery)).at(-1), 'oddDelivery');

  const said = await task.act({ act: 'arrive' });
  t.match(
    said.body,
    { presence: 'said', isSure: false },
    'a word alone is not enough where it can be held against something',
  );
  await task.act({ act: 'name', holder: account });
  const digits = await stage.codeOf(task.delivery);
  const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
  t.equal(code(await task.act(handOver, { digits })), 'STOP_NOT_HERE', 'T29: the right code, away from the door');
  const near = await task.act({ act: 'arrive', position: { ...berlin, ...at() } });
  t.match(near.body, { presence: 'near', isSure: true, named: account });
  t.match((await task.act(handOver, { digits })).body, { end: 'handed-over' });
  await put(null);
  t.match((await owner.ask('GET', `${owner.home}/position`)).body, { position: null });
});

t.test(
  'S062, S081: put down after ring and wait; without a photo only where photos are off and the position agrees',
  async (t) => {
    await stage.wish({ order: ['in-person', 'drop'], drop: 'Behind the shed', photos: false });
    await owner.ask('PUT', `${owner.home}/position`, { body: { position: { ...berlin, accuracy: 20 } } });
    const task = await stage.task(['in-person', 'drop']);
    await task.act({ act: 'arrive' });
    const put = { act: 'put', place: 'drop' } as const;
    t.equal(code(await task.act(put)), 'STOP_NOT_RUNG');
    const rung = await task.act({ act: 'ring' });
    t.match(
      rung.body,
      { photo: false, plan: [{ place: 'in-person' }, { place: 'drop', text: 'Behind the shed' }] },
      'S054',
    );
    t.equal(code(await task.act(put)), 'STOP_WAIT');
    world.wind(61_000);
    t.equal(code(await task.act(put)), 'STOP_PROOF_MISSING');
    t.equal(code(await task.act({ act: 'put', place: 'in-person' })), 'STOP_PROOF_MISSING');
    await task.act({ act: 'arrive', position: { ...berlin, ...at() } });
    t.match((await task.act(put)).body, { end: 'put' });
    t.match((await stage.told('home', task.delivery)).at(-1), { type: 'stop.state', end: 'put' }, 'S064');
    await owner.ask('PUT', `${owner.home}/position`, { body: { position: null } });
  },
);

t.test('S075: where no code is asked the recipient says so on their own phone', async (t) => {
  await stage.wish({ order: ['in-person'] });
  const task = await stage.task(['in-person']);
  const received = () => owner.ask('POST', `${owner.home}/deliveries/${task.delivery}/received`, { body: {} });
  t.equal(code(await received()), 'STOP_NOT_HERE', 'not before the courier is there');
  await task.act({ act: 'arrive' });
  t.equal((await received()).status, 200);
  t.equal((await received()).status, 200, 'said twice it is the same');
  t.match((await task.look()).body, { end: 'handed-over' });
});

t.test('a task that is given to another phone begins anew at the door', async (t) => {
  await stage.wish(inPerson);
  const first = await stage.task(can);
  await first.act({ act: 'arrive' });
  await first.act({ act: 'ring' });
  const second = await taskOf(world, carrier, first.delivery);
  t.equal(code(await first.look()), 'TASK_LINK_DEAD');
  t.match((await second.look()).body, { state: 'expected', acts: ['arrive', 'leave'] });
  t.equal(code(await second.act({ act: 'ring' })), 'STOP_NOT_HERE');
  const here = await second.act({ act: 'arrive' });
  t.match(here.body, { state: 'here', acts: ['ring', 'name', 'leave'] });
  t.equal(here.body.waitUntil, undefined, 'and rings itself');
});

t.test(
  'S049: a door of the plan is prepared after ring and wait; one that the hub refuses makes way for the next',
  async (t) => {
    await stage.wish({ order: ['inside', 'drop'], drop: 'Shed', photos: false });
    await owner.put(await owner.signRuleBook([carrier.rule(hub)]));
    const task = await stage.task(['inside', 'drop']);
    const assignment = await carrier.signAssignment(hub, task.delivery, task.courier.key.kid);
    await carrier.ask('POST', `/v1/deliveries/${task.delivery}/assignment`, { body: { assignment } });
    const prepare = () => task.courier.ask('POST', `${task.path}/prepare`, { body: {}, key: false });
    t.equal(code(await prepare()), 'STOP_NOT_HERE');
    await task.act({ act: 'arrive' });
    t.equal(code(await prepare()), 'STOP_NOT_RUNG');
    await task.act({ act: 'ring' });
    t.equal(code(await prepare()), 'STOP_WAIT');
    world.wind(61_000);
    t.equal(code(await task.act({ act: 'put', place: 'drop' })), 'STOP_NOT_YET', 'S045: first the door');
    hub.handler = () => ({ ok: false, code: 'DOOR_UNSECURED' });
    t.equal(code(await prepare()), 'DOOR_UNSECURED');
    t.equal(code(await task.act({ act: 'put', place: 'drop' })), 'STOP_PROOF_MISSING', 'now the next place counts');
    hub.handler = undefined;

    const view = (await prepare()).body;
    hub.append('visit.prepared', { delivery: task.delivery, jkt: task.courier.key.kid }, view.visit, hub.door);
    hub.append('visit.arrived', {}, view.visit, hub.door);
    hub.append('visit.ended', { outcome: 'completed', proof: 'secured' }, view.visit, hub.door);
    await hub.sync();
    await until('the stop is closed', async () => (await task.look()).body.end === 'inside');
    t.match(await store.read.deliveries.find(task.delivery), {
      state: 'delivered',
      outcome: 'completed',
      proof: 'secured',
    });
  },
);

t.test('what its carrier cancels is over for its courier', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  await carrier.ask('POST', `/v1/deliveries/${task.delivery}/cancel`, { body: {} });
  t.match((await task.look()).body, { state: 'closed', end: 'cancelled' });
  t.match(await store.read.deliveries.find(task.delivery), { state: 'cancelled', attempt: 1 });
});

t.test('S025: the end of the day closes what was not closed, once', async (t) => {
  await stage.wish(inPerson);
  const task = await stage.task(can);
  await task.act({ act: 'arrive' });
  const digits = await stage.codeOf(task.delivery);
  world.wind(2 * day);
  await Promise.all([world.cloud.sweep(), world.cloud.sweep()]);
  t.match(await store.read.deliveries.find(task.delivery), { attempt: 2, state: 'announced', outcome: 'day-over' });
  t.match(await task.look(), { body: { end: 'day-over', attempt: 1 } });
  t.equal(
    code(await task.act({ act: 'hand-over', holder: account, typedBy: 'courier' }, { digits })),
    'CODE_EXPIRED',
    'S023',
  );
  for (let i = 0; i < 5; i++) {
    world.wind(2 * day);
    await world.cloud.sweep();
  }
  t.match(await store.read.deliveries.find(task.delivery), { attempt: 5, state: 'failed', outcome: 'day-over' });
  t.equal((await store.read.attempts.ofDelivery(task.delivery)).filter(({ state }) => state !== 'closed').length, 0);
});

t.test('S023: a code after the end of its day is told so, noted once, and is no try', async (t) => {
  await stage.wish(inPerson);
  const from = Math.floor(world.now() / 1000);
  const today = { from, until: from + 7_200 };
  const task = await stage.task(can, today);
  await task.act({ act: 'arrive' });
  await task.act({ act: 'name', holder: account });
  const digits = await stage.codeOf(task.delivery);
  const late = await stage.task(can, today);
  await late.act({ act: 'arrive' });
  const handOver = { act: 'hand-over', holder: account, typedBy: 'courier' } as const;
  world.wind(2 * day);
  t.equal(code(await late.act({ act: 'ring' })), 'STOP_CLOSED', 'whatever else is done, the day is over');
  for (let i = 0; i < 2; i++) t.equal(code(await task.act(handOver, { digits })), 'CODE_EXPIRED');
  await world.cloud.sweep();
  t.equal(code(await task.act(handOver, { digits })), 'CODE_EXPIRED', 'whoever has closed it');
  t.equal(code(await task.act({ act: 'ring' })), 'TASK_LINK_DEAD');
  t.match(await store.read.attempts.find(task.delivery, 1), { how: 'day-over', tries: 0 });
  const acts = await store.read.stops.acts(task.delivery, 1);
  t.same(
    acts.map(({ kind, refused }) => (refused === null ? kind : `${kind} ${JSON.parse(refused).code}`)),
    ['arrive', 'name', 'day-over', 'hand-over CODE_EXPIRED'],
  );
  const told = (await stage.told('home', task.delivery)).filter(({ type }) => type === 'code.refused');
  t.match(told, [{ attempt: 1, code: 'CODE_EXPIRED', triesLeft: 3 }]);
  t.equal(told.length, 1);
});

t.test(
  'S025: what lies at the pick-up point of the plan is told by its carrier, and is not called delivered',
  async (t) => {
    await stage.wish({ ...inPerson, order: ['in-person', 'pick-up'], pickUp: { point: 'Shop 7', metres: 350 } });
    const task = await stage.task(['in-person', 'pick-up']);
    t.match((await task.look()).body.plan, [{ place: 'in-person' }, { place: 'pick-up', text: 'Shop 7', metres: 350 }]);
    const say = (delivery: string) => carrier.ask('POST', `/v1/deliveries/${delivery}/collectable`, { body: {} });
    const brought = { status: 200, body: { state: 'failed', outcome: 'picked-up-later' } };
    t.match(await say(task.delivery), brought);
    t.match(await say(task.delivery), brought, 'said twice it is the same');
    t.match(await store.read.deliveries.find(task.delivery), {
      state: 'failed',
      outcome: 'picked-up-later',
      attempt: 1,
    });
    for (const party of ['home', 'carrier'] as const) {
      t.match((await stage.told(party, task.delivery)).slice(-2), [
        { type: 'delivery.state', state: 'failed', outcome: 'picked-up-later' },
        { type: 'stop.state', state: 'closed', act: 'collectable', end: 'picked-up-later' },
      ]);
    }
    await stage.wish(inPerson);
    const without = await stage.task(can);
    t.equal(code(await say(without.delivery)), 'STOP_NOT_PLANNED');
    await carrier.ask('POST', `/v1/deliveries/${without.delivery}/cancel`, { body: {} });
    t.equal(code(await say(without.delivery)), 'STOP_CLOSED', 'what is over goes nowhere else');
  },
);
