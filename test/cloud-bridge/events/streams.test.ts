import t from 'tap';
import { makeHome } from '../support/home.ts';
import { prove } from '../support/keys.ts';
import { makeCarrier, makeCourier } from '../support/people.ts';
import { openStream } from '../support/stream.ts';
import { makeWorld, until } from '../support/world.ts';

t.test('owners and carriers are told, each of their own, and a stream goes on where it broke off', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const [carrier, stranger] = [await makeCarrier(world), await makeCarrier(world)];
  const courier = await makeCourier(world);
  await owner.put(await owner.signRuleBook([carrier.rule(hub, { consent: 'ask' })]));
  const address = world.cloud.app.server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const ofHome = async (headers: Record<string, string> = {}, query = '') => {
    const path = `${owner.home}/events`;
    return openStream(`${base}${path}${query}`, { ...(await prove(owner.key, { method: 'GET', path })), ...headers });
  };
  const ofCarrier = (token: string, headers: Record<string, string> = {}) =>
    openStream(`${base}/v1/carrier/events`, { authorization: `Bearer ${token}`, ...headers });

  const home = await ofHome();
  const mine = await ofCarrier(await carrier.token());
  const theirs = await ofCarrier(await stranger.token());
  t.equal(home.status, 200);

  const { delivery } = (await carrier.announce(hub)).body;
  const link = await carrier.ask('POST', `/v1/deliveries/${delivery}/task-link`, { body: {} });
  const claimed = await courier.ask('POST', `/v1/tasks/${link.body.token}/claim`, { body: {}, key: false });
  const assignment = await carrier.signAssignment(hub, delivery, courier.key.kid);
  await carrier.ask('POST', `/v1/deliveries/${delivery}/assignment`, { body: { assignment } });
  const text = hub.append('hub.started');
  await hub.sync();
  await until('the owner is told of the entry', () => home.events.some((one) => one.event === 'entry'));
  await until('the carrier is told', () => mine.events.length >= 3);

  t.same(
    home.events.map((one) => one.event),
    ['delivery.announced', 'delivery.state', 'delivery.state', 'approval.wanted', 'entry'],
  );
  t.match(home.events.at(-1)?.data, { seq: 1, text, hash: hub.headHash() });
  t.match(mine.events[0], {
    event: 'task.claimed',
    data: { delivery, jkt: courier.key.kid, check: claimed.body.check },
  });
  t.match(mine.events.at(-1), { event: 'delivery.state', data: { delivery, state: 'waiting-for-owner' } });
  t.same(theirs.events, [], 'another carrier hears nothing');

  home.close();
  hub.append('hub.stopped');
  await hub.sync();
  const third = home.events[2]!.id;
  const resumed = await ofHome({ 'last-event-id': String(third) });
  await until('the rest has come', () => resumed.events.length >= 3);
  t.same(
    resumed.events.map((one) => one.id),
    [third + 1, third + 2, third + 3],
    'each once and in order, what came meanwhile included',
  );
  const all = await ofHome({}, '?after=0');
  await until('everything has come', () => all.events.at(-1)?.id === third + 3);
  t.equal(all.events[0]?.id, 1);
  for (const stream of [resumed, all, mine, theirs]) stream.close();
});

t.test('another instance sees events that it did not write', async (t) => {
  const { world, hub, owner } = await makeHome(t);
  const second = await world.another({ shards: [0] });
  await second.app.listen({ host: '127.0.0.1', port: 0 });
  const address = second.app.server.address();
  const path = `${owner.home}/events`;
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}${path}`;
  const stream = await openStream(url, await prove(owner.key, { method: 'GET', path }));
  hub.append('hub.started');
  await hub.sync();
  await until('it has come', () => stream.events.some((one) => one.event === 'entry'));
  stream.close();
  t.pass('told within a second');
});

t.test('streams are counted, and they end with the service', async (t) => {
  const world = await makeWorld(t, { config: { maxStreamsPerCaller: 2 } });
  const carrier = await makeCarrier(world);
  const address = world.cloud.app.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/carrier/events`;
  const headers = { authorization: `Bearer ${await carrier.token()}` };
  const open = [await openStream(url, headers), await openStream(url, headers)];
  const third = await openStream(url, headers);
  t.equal(third.status, 429);
  open[0]!.close();
  await until('there is room again', async () => (await openStream(url, headers)).status === 200);
  await world.cloud.stop();
  await until('all have ended', () => open.every((one) => one.closed()));
});
