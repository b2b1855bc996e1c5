import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { newId, signDocument } from '../../../wire/jws.ts';
import { lookForm, sightForm } from '../../../wire/video.ts';
import { Camera, MediaLink } from '../support/camera.ts';
import { makeHub, type ScriptedHub } from '../support/hub.ts';
import { newEcJwk, newSignKey } from '../support/keys.ts';
import { makeCarrier, makeCourier, makeOwner, Owner } from '../support/people.ts';
import { addressOf, openSocket, ticketOf, watchDoor } from '../support/watch.ts';
import { ask, makeWorld, until, type World } from '../support/world.ts';

async function setUp(t: Test, config: object = {}): Promise<{ world: World; hub: ScriptedHub; owner: Owner }> {
  const world = await makeWorld(t, { config });
  const hub = await makeHub(world);
  t.teardown(() => hub.leave());
  return { world, hub, owner: await makeOwner(world, hub) };
}

t.test('T36: a ticket is for an owner device of this home; operator, carriers and couriers get none', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const path = `${owner.home}/live-tickets`;
  const given = await owner.ask('POST', path, { body: {} });
  t.match(given, { status: 201, body: { ticket: /^[\w-]{22}$/, url: 'ws://cloud.test/v1/live' } });
  const carrier = await makeCarrier(world);
  const courier = await makeCourier(world);
  const stranger = await makeHub(world);
  t.teardown(() => stranger.leave());
  const other = await makeOwner(world, stranger);
  const operator = { authorization: `Bearer ${world.operatorToken}` };
  for (const refused of [
    await ask(world.cloud, 'POST', path, { headers: operator, body: {} }),
    await carrier.ask('POST', path, { body: {} }),
    await courier.ask('POST', path, { body: {} }),
    await other.ask('POST', path, { body: {} }),
    await ask(world.cloud, 'POST', path, { body: {} }),
  ]) {
    t.ok(refused.status === 401 || refused.status === 404, String(refused.status));
    t.notOk('ticket' in refused.body);
  }
  for (const ticket of [world.operatorToken, await carrier.token(), newId(), hub.secret]) {
    const watch = await openSocket(world.cloud);
    watch.say({ ticket, door: hub.door });
    await until('shut', () => watch.closed !== undefined);
    t.equal(watch.closed, 4401);
    t.same(watch.words, [{ relay: 'refused', code: 'UNAUTHENTICATED' }]);
  }
});

t.test('a ticket is good once, for half a minute, at the doors of its home', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const ticket = await ticketOf(owner, owner.home);
  const first = await openSocket(world.cloud);
  first.say({ ticket, door: hub.door });
  await until('in', () => first.words.some(({ relay }) => relay === 'ready'));
  const tries = async (with_: string, door: string): Promise<unknown> => {
    const watch = await openSocket(world.cloud);
    watch.say({ ticket: with_, door });
    await until('shut', () => watch.closed !== undefined);
    return [watch.closed, ...watch.words];
  };
  t.same(await tries(ticket, hub.door), [4401, { relay: 'refused', code: 'UNAUTHENTICATED' }], 'twice');
  const old = await ticketOf(owner, owner.home);
  world.wind(30_000);
  t.same(await tries(old, hub.door), [4401, { relay: 'refused', code: 'UNAUTHENTICATED' }], 'after 30 s');
  const stranger = await makeHub(world);
  t.teardown(() => stranger.leave());
  const fresh = await ticketOf(owner, owner.home);
  t.same(await tries(fresh, stranger.door), [4401, { relay: 'refused', code: 'DOOR_UNKNOWN' }], 'T23: another home');
  t.same(first.closed, undefined, 'who is in stays in');
});

t.test('whoever says nothing, or no ticket, is cut off', async (t) => {
  const { world } = await setUp(t);
  const silent = await openSocket(world.cloud);
  for (const nonsense of ['', 'x', '[]', '{"door":1}', '{"look":"a.b.c"}']) {
    const watch = await openSocket(world.cloud);
    watch.socket.send(nonsense);
    await until('shut', () => watch.closed !== undefined);
    t.equal(watch.closed, 4401, nonsense);
  }
  const binary = await openSocket(world.cloud);
  binary.socket.send(Buffer.from('x'));
  const big = await openSocket(world.cloud);
  big.socket.send('x'.repeat(5_000));
  await until('both are shut', () => binary.closed !== undefined && big.closed !== undefined);
  t.equal(binary.closed, 4400);
  t.equal(big.closed, 1009);
  await until('after five seconds', () => silent.closed !== undefined);
  t.equal(silent.closed, 4408);
});

t.test('a page of another origin is refused, a configured one is let in', async (t) => {
  const page = 'https://pages.test';
  const { world, hub, owner } = await setUp(t, { pagesOrigins: [page] });
  const foreign = await openSocket(world.cloud, { origin: 'https://evil.test' });
  await until('refused', () => foreign.closed !== undefined);
  t.equal(foreign.closed, 1006, 'no upgrade');
  const good = await openSocket(world.cloud, { origin: page });
  good.say({ ticket: await ticketOf(owner, owner.home), door: hub.door });
  await until('in', () => good.words.some(({ relay }) => relay === 'ready'));
  t.equal((await ask(world.cloud, 'GET', '/v1/live')).status, 404, 'without an upgrade there is nothing');
});

t.test('looks and sights go to the hub, and its refusal comes back by name', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const watch = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const iat = Math.floor(Date.now() / 1000);
  const look = await signDocument(
    lookForm,
    { aud: hub.id, jti: newId(), iat, exp: iat + 30, door: hub.door },
    owner.key,
  );
  const claims = { aud: hub.id, jti: newId(), iat, stream: newId(), seq: 1, picture: 'A'.repeat(43) };
  const sight = await signDocument(sightForm, claims, owner.key);
  watch.say({ look });
  watch.say({ sight });
  await until('both came', () => hub.requests.filter(({ body }) => body.op.startsWith('camera.')).length === 2);
  t.match(
    hub.requests.map(({ body }) => body).filter(({ op }) => op.startsWith('camera.')),
    [
      { op: 'camera.look', look },
      { op: 'camera.sight', sight },
    ],
  );
  hub.handler = () => ({ ok: false, code: 'SIGHT_OTHER_PICTURE' });
  watch.say({ sight });
  await until('refused', () => watch.words.some(({ relay }) => relay === 'refused'));
  t.same(watch.words.at(-1), { relay: 'refused', code: 'SIGHT_OTHER_PICTURE' });
  watch.say({ ping: 7 });
  await until('answered', () => watch.words.some(({ relay }) => relay === 'pong'));
  t.same(watch.words.at(-1), { relay: 'pong', n: 7 });
  const before = hub.requests.length;
  for (let i = 0; i < 40; i += 1) watch.say({ sight });
  await until('held back', () => watch.words.some(({ code }) => code === 'RATE_LIMITED'));
  t.ok(hub.requests.length - before <= 16, 'the hub is spared');
  const other = await watchDoor(world.cloud, owner, owner.home, hub.door);
  other.say({ look: 'a.b.c', more: 1 });
  await until('shut', () => other.closed !== undefined);
  t.equal(other.closed, 4400);
});

t.test('a device that leaves the owner list while it watches is cut off', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const second = new Owner(world, await newSignKey('ES256'), await newEcJwk(), hub);
  const both = await hub.signOwnerList([owner.device, second.device]);
  hub.ownerList = both;
  await hub.hello();
  await until('it is pinned', async () => (await second.ask('GET', owner.home)).status === 200);
  const stays = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const goes = await watchDoor(world.cloud, second, owner.home, hub.door);
  const unused = await ticketOf(second, owner.home);
  await hub.signOwnerList([owner.device]);
  await hub.hello();
  await until('it is cut off', () => goes.closed !== undefined);
  t.equal(goes.closed, 4403);
  t.same(goes.words.at(-1), { relay: 'refused', code: 'UNAUTHENTICATED' });
  const late = await openSocket(world.cloud);
  late.say({ ticket: unused, door: hub.door });
  await until('nor by a ticket from before', () => late.closed !== undefined);
  t.equal(late.closed, 4403);
  t.equal(stays.closed, undefined);
});

t.test('the viewer is told when the hub goes and comes', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const watch = await watchDoor(world.cloud, owner, owner.home, hub.door);
  await hub.tear();
  await until('gone', () => watch.words.at(-1)?.online === false);
  await hub.connect();
  await until('back', () => watch.words.at(-1)?.online === true);
  t.same(watch.words.at(-1), { relay: 'hub', online: true });
});

t.test('there are only so many viewers of a device and of a home', async (t) => {
  const { world, hub, owner } = await setUp(t, { maxViewersPerDevice: 2 });
  const [first] = [
    await watchDoor(world.cloud, owner, owner.home, hub.door),
    await watchDoor(world.cloud, owner, owner.home, hub.door),
  ];
  const third = await openSocket(world.cloud);
  third.say({ ticket: await ticketOf(owner, owner.home), door: hub.door });
  await until('refused', () => third.closed !== undefined);
  t.equal(third.closed, 4429);
  first?.socket.close();
  await until('one left', () => world.logged().includes('viewerLeft'));
  t.ok(await watchDoor(world.cloud, owner, owner.home, hub.door), 'then there is room');
});

t.test('a viewer who does not read is skipped ahead to a key frame, and told what was left out', async (t) => {
  const { world, hub, owner } = await setUp(t, { mediaBytesPerSecond: 100_000_000 });
  const link = await new MediaLink(hub).connect();
  t.teardown(() => link.leave());
  const slow = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const quick = await watchDoor(world.cloud, owner, owner.home, hub.door);
  const camera = await Camera.start(hub, { owners: [owner.seal] });
  await link.send(camera.keyMessage);
  slow.socket.pause();
  const picture = Buffer.alloc(100_000, 7);
  const sendGroup = async (): Promise<void> => {
    await link.send(camera.frame(picture), ...Array.from({ length: 9 }, () => camera.frame(picture, { isKey: false })));
    await until('the quick one has it', () => quick.seqs().at(-1) === camera.seq);
  };
  // More than the kernel's buffers on both sides take.
  for (let group = 0; group < 20; group += 1) await sendGroup();
  slow.socket.resume();
  await until('it reads what was sent', () => slow.seqs().length > 0);
  await until('and catches up', async () => {
    if (slow.seqs().at(-1) !== camera.seq) await sendGroup();
    return slow.words.some(({ relay }) => relay === 'skipped') && slow.seqs().at(-1) === camera.seq;
  });
  t.same(
    quick.seqs(),
    Array.from({ length: camera.seq }, (_, index) => index + 1),
    'nobody waits for the slow one',
  );
  const missing = new Set(quick.seqs().filter((seq) => !slow.seqs().includes(seq)));
  t.ok(missing.size > 0);
  const skips = slow.words.filter(({ relay }) => relay === 'skipped');
  for (const { from, to } of skips) {
    for (let seq = from; seq <= to; seq += 1) t.ok(missing.delete(seq), `${seq} was left out`);
    const next = slow.sealed.find(({ type, seq }) => type === 'frame' && seq > to);
    t.match(next, { seq: to + 1, isKey: true }, 'it goes on with a key frame');
  }
  t.same([...missing], [], 'the relay owned up to every gap');
});

t.test('stopping the service waits for no viewer, not even for one that never answers', async (t) => {
  const { world, hub, owner } = await setUp(t);
  const { port } = new URL(addressOf(world.cloud));
  const raw = connect(Number(port), '127.0.0.1');
  const key = Buffer.alloc(16, 1).toString('base64');
  raw.write(
    `GET /v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  let closed = false;
  raw.on('close', () => {
    closed = true;
  });
  raw.on('error', () => undefined).resume();
  await until('upgraded', () => raw.bytesRead > 0);
  const watch = await watchDoor(world.cloud, owner, owner.home, hub.door);
  await world.cloud.stop();
  await until('both are closed', () => closed && watch.closed !== undefined);
  t.equal(watch.closed, 1001);
});
