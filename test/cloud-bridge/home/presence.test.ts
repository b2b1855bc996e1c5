import t from 'tap';
import { newId } from '../../../wire/jws.ts';
import { topics } from '../../../wire/topics.ts';
import { makeHome } from '../support/home.ts';
import { makeHub } from '../support/hub.ts';
import { makeCarrier } from '../support/people.ts';
import { type makeWorld, until } from '../support/world.ts';

async function setUp(t: Parameters<typeof makeWorld>[0]) {
  const { world, hub, owner } = await makeHome(t);
  const online = async (): Promise<boolean> => (await owner.ask('GET', owner.home)).body.online;
  return { world, hub, owner, online };
}

t.test('a torn connection is told, and so is the return', async (t) => {
  const { hub, online } = await setUp(t);
  t.equal(await online(), true);
  await hub.tear();
  await until('away', async () => !(await online()));
  await hub.connect();
  await until('back', online);
});

t.test('a will of an earlier boot does not mark a newer boot as away', async (t) => {
  const { hub, online } = await setUp(t);
  const old = hub.boot;
  hub.boot = newId();
  const publish = (payload: Buffer) => hub.client!.publishAsync(topics.up(hub.id, 'presence'), payload, { qos: 1 });
  await publish(hub.presence(true));
  hub.requests.length = 0;
  await publish(hub.presence(false, old));
  await hub.hello();
  t.equal(await online(), true);
  t.notOk(
    hub.requests.some((one) => one.body.op === 'hub.status'),
    'it is not even asked',
  );
});

t.test('a late will of the same boot is asked back, and the hub is not marked as away', async (t) => {
  const { hub, online } = await setUp(t);
  hub.requests.length = 0;
  await hub.client!.publishAsync(topics.up(hub.id, 'presence'), hub.presence(false), { qos: 1 });
  await until('the hub is asked', () => hub.requests.some((one) => one.body.op === 'hub.status'));
  await hub.hello();
  t.equal(await online(), true);
});

t.test('a request to a hub that is known to be away fails at once, and nothing is kept for it (T43)', async (t) => {
  const { hub, owner, online } = await setUp(t);
  await hub.tear();
  await until('away', async () => !(await online()));
  const started = Date.now();
  const stop = await owner.signRevocation({ kind: 'visit', id: newId() });
  t.match(await owner.put(stop), { status: 503, body: { code: 'HUB_OFFLINE' } });
  t.ok(Date.now() - started < 1_000, 'without waiting for an answer');
  hub.requests.length = 0;
  await hub.connect();
  await hub.hello();
  await until('the stop is not lost', () =>
    hub.requests.some((one) => one.body.op === 'document.put' && one.body.document === stop),
  );
});

t.test('a service that was away asks every hub whether it is there', async (t) => {
  const { world, hub, owner } = await setUp(t);
  await world.cloud.stop();
  await hub.leave();
  const again = await world.another();
  await again.start();
  Object.assign(owner, { world: { ...world, cloud: again } });
  await until('the hub is known to be away', async () => (await owner.ask('GET', owner.home)).body.online === false);
  t.pass('although no will was ever seen');
});

t.test('a hub that comes while it is asked, and to which the question was lost, stays online', async (t) => {
  const { world, hub, owner, online } = await setUp(t);
  const gone = await makeHub(world);
  await hub.tear();
  await until('away', async () => !(await online()));
  await world.cloud.stop();
  await gone.leave();
  hub.requests.length = 0;
  hub.handler = () => new Promise(() => undefined);
  await hub.connect();
  const before = world.logged().length;
  const again = await world.another();
  await again.start();
  Object.assign(owner, { world: { ...world, cloud: again } });
  await until('the hub is asked', () => hub.requests.some((one) => one.body.op === 'hub.status'));
  await hub.client!.publishAsync(topics.up(hub.id, 'presence'), hub.presence(true), { qos: 1 });
  const markedAway = (id: string): boolean =>
    world
      .logged()
      .slice(before)
      .split('\n')
      .some((line) => line.includes('hubOffline') && line.includes(id));
  // Both were asked in the same moment: when the time of the one is over, so is that of the other.
  await until('the questions have timed out', () => markedAway(gone.id));
  await hub.hello();
  t.equal(await online(), true);
  t.notOk(markedAway(hub.id), 'not even for a moment');
});

t.test('presence of another hub in the payload is refused', async (t) => {
  const { world, hub, online } = await setUp(t);
  const forged = Buffer.from(JSON.stringify({ v: 1, hub: `hub-${'a'.repeat(20)}`, online: false, boot: hub.boot }));
  await hub.client!.publishAsync(topics.up(hub.id, 'presence'), forged, { qos: 1 });
  await until('refused', () => world.logged().includes('messageRefused'));
  t.equal(await online(), true);
  t.ok(await makeCarrier(world));
});
