import { once } from 'node:events';
import { createServer, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { type MediaBus, mqttMediaBus } from '../../../cloud-bridge/bus/media.ts';
import { openLog } from '../../../cloud-bridge/log.ts';
import { shardOf, topics } from '../../../wire/topics.ts';
import { connectClient, publish, subscribe, type TestClient } from '../../broker/client.ts';
import { type Embedded, startEmbedded } from '../../broker/embedded.ts';
import { hubIdOf, makeCa, mediaIdFor, type TestCa } from '../../broker/pki.ts';
import { until } from '../../support/until.ts';
import { makeWorld } from '../support/world.ts';

const hubId = hubIdOf('a');
const allShards = Array.from({ length: 16 }, (_, shard) => shard);

interface Heard {
  readonly hubId: string;
  readonly payload: Buffer;
}

async function makeBus(t: Test, ca: TestCa, port: number, shards = allShards) {
  const { cert, key } = await ca.issue({ name: 'cloudmedia-1' });
  const lines: string[] = [];
  const log = openLog('trace', (line) => void lines.push(line));
  const identity = { certificate: cert, key, brokerCa: ca.pem };
  const bus: MediaBus = mqttMediaBus({ broker: `mqtts://localhost:${port}`, ...identity, shards }, log);
  const heard: Heard[] = [];
  const changes: boolean[] = [];
  bus.listen({ sealed: (from, payload) => heard.push({ hubId: from, payload }), change: (now) => changes.push(now) });
  t.teardown(() => bus.close());
  return { bus, heard, changes, lines };
}

async function setUp(t: Test): Promise<{ ca: TestCa; broker: Embedded; media: TestClient }> {
  const ca = await makeCa();
  const broker = await startEmbedded(await ca.issue({ name: 'localhost', isServer: true }));
  t.teardown(() => broker.stop());
  const media = await connectClient(broker.port, await ca.issue({ name: mediaIdFor('a') }), mediaIdFor('a'));
  t.teardown(() => media.end());
  await subscribe(media, topics.mediaAck(hubId), 0);
  return { ca, broker, media };
}

t.test('pictures come in by hub, and acknowledgements go to it', async (t) => {
  const { ca, broker, media } = await setUp(t);
  const { bus, heard, changes } = await makeBus(t, ca, broker.port);
  t.equal(bus.ack(hubId, Buffer.from('early')), false);
  bus.start();
  await until('online', () => bus.online);
  const picture = 'x'.repeat(126_976);
  media.mqtt.publish(topics.sealed(hubId), picture, { qos: 0 });
  await until('a picture', () => heard.length > 0);
  t.equal(heard[0]?.hubId, hubId);
  t.equal(heard[0]?.payload.toString(), picture, 'the largest there is');
  t.equal(bus.ack(hubId, new TextEncoder().encode('--seen--').subarray(2, 6)), true);
  await until('an acknowledgement', () => media.received.length > 0);
  t.strictSame(media.received, [{ topic: topics.mediaAck(hubId), payload: 'seen' }], 'nothing was kept from before');
  await bus.close();
  t.strictSame(changes, [true, false]);
});

t.test('an instance takes in the pictures of its own shards', async (t) => {
  const { ca, broker, media } = await setUp(t);
  const own = shardOf(hubId);
  const { bus, heard } = await makeBus(
    t,
    ca,
    broker.port,
    allShards.filter((shard) => shard !== own),
  );
  bus.start();
  await until('online', () => bus.online);
  await publish(media, topics.sealed(hubId), 'for another instance');
  const other = allShards.map((index) => `s${index}x`).find((seed) => shardOf(hubIdOf(seed)) !== own)!;
  const client = await connectClient(broker.port, await ca.issue({ name: mediaIdFor(other) }), mediaIdFor(other));
  await publish(client, topics.sealed(hubIdOf(other)), 'for this one');
  await until('a picture', () => heard.length > 0);
  t.strictSame(
    heard.map(({ payload }) => payload.toString()),
    ['for this one'],
  );
  await client.end();
});

t.test('it comes back by itself, and its certificate has to be that of a media client', async (t) => {
  const { ca, broker, media } = await setUp(t);
  const { bus, heard, changes } = await makeBus(t, ca, broker.port);
  bus.start();
  await until('online', () => bus.online);
  const twin = await connectClient(broker.port, await ca.issue({ name: 'cloudmedia-1' }), 'cloudmedia-1');
  await until('thrown off', () => changes.includes(false));
  await until('back', () => bus.online && twin.isGone());
  await publish(media, topics.sealed(hubId), 'after');
  await until('a picture', () => heard.some(({ payload }) => payload.toString() === 'after'));
  const { cert, key } = await ca.issue({ name: 'cloud-1' });
  const config = { broker: 'mqtts://localhost:1', certificate: cert, key, brokerCa: ca.pem, shards: [0] };
  t.throws(() => mqttMediaBus(config, openLog('silent')), { code: 'CONFIG_INVALID' });
});

/** A broker that grants everything, says what it is told to say, and then reads nothing more. */
async function deafBroker(t: Test, ca: TestCa, says: Buffer): Promise<number> {
  const { cert, key } = await ca.issue({ name: 'localhost', isServer: true });
  const sockets: TLSSocket[] = [];
  const server = createServer({ cert, key, ca: ca.pem, requestCert: true }, (socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.once('data', () => {
      socket.write(Buffer.from([0x20, 2, 0, 0]));
      socket.once('data', (subscribe) => {
        socket.pause();
        const suback = Buffer.from([0x90, 3, subscribe[2]!, subscribe[3]!, 0]);
        socket.write(Buffer.concat([suback, says]));
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

t.test(
  'what waits for a broker that reads nothing is bounded, and what comes on a foreign topic is refused',
  async (t) => {
    const ca = await makeCa();
    const topic = topics.up(hubId, 'journal');
    const foreign = Buffer.concat([Buffer.from([0x30, topic.length + 3, 0, topic.length]), Buffer.from(`${topic}x`)]);
    const { bus, heard, lines } = await makeBus(t, ca, await deafBroker(t, ca, foreign), [0]);
    bus.start();
    await until('online', () => bus.online);
    await until('refused', () => lines.some((line) => line.includes('BROKER_TOPIC_REFUSED')));
    t.equal(heard.length, 0);
    let taken = 0;
    while (bus.ack(hubId, Buffer.alloc(60_000))) {
      taken += 1;
      if (taken % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (taken > 2_000) break;
    }
    t.ok(taken >= 17 && taken < 2_000, `${taken} were taken`);
    t.equal(bus.online, true);
  },
);

t.test('the service starts its media link beside the other, and ends both', async (t) => {
  const world = await makeWorld(t);
  await until('the media link is online', () => world.logged().includes('mediaOnline'));
  await world.cloud.stop();
  t.match(world.logged(), /mediaOffline/);
});
