import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { type MediaLink, maxWaitingBytes, mqttMediaLink } from '../../../device/bus/media.ts';
import { systemClock } from '../../../device/clock/clock.ts';
import { openLog } from '../../../device/log.ts';
import { shardOf, topics } from '../../../wire/topics.ts';
import { connectClient, type TestClient } from '../../broker/client.ts';
import { type Embedded, startEmbedded } from '../../broker/embedded.ts';
import { hubIdOf, makeCa, mediaIdFor, type TestCa } from '../../broker/pki.ts';
import { until } from '../../support/until.ts';

const hubId = hubIdOf('a');
const up = topics.sealed(hubId);
const picture = Buffer.alloc(40_000, 'x');

interface Stage {
  readonly ca: TestCa;
  readonly broker: Embedded;
  readonly cloud: TestClient;
  readonly link: MediaLink;
  /** Each change of `online`, in order. */
  readonly changes: readonly boolean[];
}

/** @param port  where the link looks for the broker */
async function makeLink(t: Test, ca: TestCa, port: number): Promise<{ link: MediaLink; changes: readonly boolean[] }> {
  const { cert, key } = await ca.issue({ name: mediaIdFor('a') });
  const identity = { hubId, certificate: cert, key, brokerCa: ca.pem };
  const link = mqttMediaLink(
    { broker: `mqtts://localhost:${port}`, ...identity, backoffMs: 20 },
    systemClock,
    openLog('silent'),
  );
  const changes: boolean[] = [];
  link.onChange((online) => changes.push(online));
  t.teardown(() => link.close());
  return { link, changes };
}

async function setUp(t: Test): Promise<Stage> {
  const ca = await makeCa();
  const broker = await startEmbedded(await ca.issue({ name: 'localhost', isServer: true }));
  t.teardown(() => broker.stop());
  const cloud = await connectClient(broker.port, await ca.issue({ name: 'cloudmedia-1' }), 'cloudmedia-1');
  t.teardown(() => cloud.end());
  await cloud.mqtt.subscribeAsync(topics.mediaShardFilter(shardOf(hubId)), { qos: 0 });
  return { ca, broker, cloud, ...(await makeLink(t, ca, broker.port)) };
}

const clientsOf = ({ broker }: Stage): number => broker.broker.facts().clients;

t.test('pictures go up and acknowledgements come down, byte for byte', async (t) => {
  const { link, cloud, changes } = await setUp(t);
  const acks: Uint8Array[] = [];
  link.onAck((payload) => acks.push(payload));
  t.equal(link.send(picture), false, 'nothing is taken before there is a connection');
  link.start();
  link.start();
  await until('online', () => link.online);
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const heard = new Promise<Buffer>((resolve) => cloud.mqtt.once('message', (_topic, payload) => resolve(payload)));
  t.equal(link.send(bytes.subarray(10, 200)), true);
  t.strictSame([...(await heard)], [...bytes.subarray(10, 200)], 'a part of an array is sent as that part');
  cloud.mqtt.publish(topics.mediaAck(hubId), Buffer.from(bytes), { qos: 0 });
  await until('acknowledged', () => acks.length > 0);
  t.strictSame([...acks[0]!], [...bytes]);
  t.strictSame(changes, [true]);
  t.equal(cloud.received.length, 1, 'what was refused never comes');
});

t.test('it is there only while somebody asks for it', async (t) => {
  const stage = await setUp(t);
  const { link, cloud, changes } = stage;
  t.equal(clientsOf(stage), 1, 'the cloud alone');
  link.rest();
  for (let round = 1; round <= 3; round++) {
    link.start();
    await until('online', () => link.online);
    t.equal(link.send(Buffer.from(`round ${round}`)), true);
    link.rest();
    t.equal(link.online, false);
    t.equal(link.send(picture), false);
    await until('gone from the broker', () => clientsOf(stage) === 1);
    await until('what was sent before still comes', () => cloud.received.length === round);
  }
  link.start();
  link.rest();
  link.start();
  await until('online after a change of mind', () => link.online);
  link.start();
  await link.close();
  await until('gone for good', () => clientsOf(stage) === 1);
  t.strictSame(changes.slice(0, 6), [true, false, true, false, true, false]);
  t.equal(changes.at(-1), false);
});

t.test('it comes back by itself when it is lost, and sends nothing late', async (t) => {
  const stage = await setUp(t);
  const { link, broker, cloud, ca } = stage;
  link.start();
  await until('online', () => link.online);
  // The same client again throws the first one off.
  const twin = await connectClient(broker.port, await ca.issue({ name: mediaIdFor('a') }), mediaIdFor('a'));
  await until('lost', () => stage.changes.includes(false));
  t.equal(link.send(Buffer.from('while away')), false);
  await until('back', () => link.online);
  await until('which throws the other off', () => twin.isGone());
  t.equal(link.send(Buffer.from('back')), true);
  await until('heard', () => cloud.received.some(({ payload }) => payload === 'back'));
  t.notOk(cloud.received.some(({ payload }) => payload === 'while away'));
});

/** A wire between hub and broker that can be cut without a word. */
async function wireTo(t: Test, port: number): Promise<{ port: number; swallow(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const swallow = (): void => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, swallow };
}

t.test('T04: a line that swallows everything fills up to its limit, is noticed, and is made anew', async (t) => {
  const { ca, broker, cloud } = await setUp(t);
  const wire = await wireTo(t, broker.port);
  const { link, changes } = await makeLink(t, ca, wire.port);
  link.start();
  await until('online', () => link.online);
  wire.swallow();
  // Each turn some more, also while the hub believes in the line: sending must not pass for a sign of life.
  let mostWaiting = 0;
  await until('it takes no more', () => {
    const taken = link.send(picture);
    mostWaiting = Math.max(mostWaiting, link.waiting);
    return !taken && link.online;
  });
  t.ok(mostWaiting > maxWaitingBytes && mostWaiting <= maxWaitingBytes + picture.length + 200, `${mostWaiting} bytes`);
  await until('the silence is noticed', () => {
    link.send(picture);
    return changes.includes(false);
  });
  await until('a new line', () => link.online);
  t.equal(link.waiting, 0, 'of what waited in the old one nothing is sent late');
  const before = cloud.received.length;
  t.equal(link.send(Buffer.from('anew')), true);
  await until('heard', () => cloud.received.length > before);
  t.equal(cloud.received.at(-1)?.payload, 'anew');
  t.equal(cloud.received.at(-1)?.topic, up);
});

t.test('it rests at once, also on a dead line', async (t) => {
  const { ca, broker } = await setUp(t);
  const wire = await wireTo(t, broker.port);
  const { link } = await makeLink(t, ca, wire.port);
  link.start();
  await until('online', () => link.online);
  wire.swallow();
  while (link.send(picture)) await new Promise((resolve) => setImmediate(resolve));
  await link.close();
  t.equal(link.online, false);
  t.equal(link.waiting, 0);
});
