import { subscribe as listenTo, unsubscribe as stopListening } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import t, { type Test } from 'tap';
import type { BrokerConfigInput } from '../../broker/config/schema.ts';
import { topics } from '../../wire/topics.ts';
import { connectPacket, publishPacket, subscribePacket } from './bytes.ts';
import { connectClient, connectRaw, publish, type RawClient, subscribe, until } from './client.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { hubIdOf, makeCa, type TestCa } from './pki.ts';

const hub = hubIdOf('a');
const cloudFilters = Array.from({ length: 16 }, (_, shard) => topics.shardFilter(shard));

const scene = (
  says: string,
  settings: Partial<BrokerConfigInput>,
  play: (t: Test, broker: Embedded, ca: TestCa) => Promise<void>,
) =>
  t.test(says, async (t) => {
    const ca = await makeCa();
    const broker = await startEmbedded(await ca.issue({ name: 'localhost', isServer: true }), settings);
    try {
      await play(t, broker, ca);
    } finally {
      await broker.stop();
    }
  });

/** Whether Nagle's algorithm is off, as the socket itself remembers it. */
function hasNoDelay(socket: Socket | undefined): boolean {
  const flags = socket as unknown as Record<symbol, unknown>;
  const own = Object.getOwnPropertySymbols(socket ?? {}).find((symbol) => symbol.description === 'kSetNoDelay');
  return own !== undefined && flags[own] === true;
}

async function openRaw(broker: Embedded, ca: TestCa, id: string): Promise<RawClient> {
  const raw = await connectRaw(broker.port, await ca.issue({ name: id }));
  raw.socket.write(connectPacket(id));
  await until(() => raw.received().length >= 4);
  return raw;
}

/** A cloud instance that hears every hub, and can stop reading. */
async function openListener(broker: Embedded, ca: TestCa): Promise<RawClient> {
  const cloud = await openRaw(broker, ca, 'cloud-1');
  cloud.socket.write(
    Buffer.concat([subscribePacket(cloudFilters.slice(0, 8)), subscribePacket(cloudFilters.slice(8))]),
  );
  await until(() => cloud.received().length >= 4 + 2 * 12);
  return cloud;
}

scene('Nagle: neither end of a connection holds small packets back', {}, async (t, broker, ca) => {
  const accepted: Socket[] = [];
  const keep = (message: unknown) => void accepted.push((message as { socket: Socket }).socket);
  listenTo('net.server.socket', keep);
  const client = await connectClient(broker.port, await ca.issue({ name: hub }), hub);
  stopListening('net.server.socket', keep);
  t.equal(accepted.length, 1);
  t.equal(hasNoDelay(accepted[0]), true, "the broker's end");
  t.equal(hasNoDelay(client.mqtt.stream as Socket), true, "the client's end");
  await client.end();
});

scene(
  'concurrency: 100 publishers at full speed, and the only subscriber leaves',
  { hubMessagesPerSecond: 100_000 },
  async (t, broker, ca) => {
    const cloud = await openListener(broker, ca);
    const senders: RawClient[] = [];
    for (let index = 0; index < 100; index++) senders.push(await openRaw(broker, ca, hubIdOf(`s${index}x`)));
    const load = senders.map((_, index) => {
      const one = publishPacket(topics.up(hubIdOf(`s${index}x`), 'journal'), 'x'.repeat(100));
      return Buffer.concat(Array.from({ length: 200 }, () => one));
    });
    for (const [index, sender] of senders.entries()) sender.socket.write(load[index]!);
    t.ok(await until(() => cloud.received().length > 500_000), 'messages flow');
    cloud.socket.destroy();
    for (const [index, sender] of senders.entries()) sender.socket.write(load[index]!);
    const acknowledged = () => senders.every((sender) => sender.received().length === 4 + 400 * 4);
    t.ok(await until(acknowledged, 20_000), 'every message of every sender is acknowledged');
    t.ok(await until(() => broker.broker.facts().messages === 0), 'nothing is left under way');
    for (const sender of senders) sender.socket.destroy();
  },
);

scene(
  'a cloud instance that stops reading slows the hubs, keeps memory bounded, and is cut off',
  {
    subscriberBufferBytes: 65_536,
    subscriberDrainMs: 700,
    maxInFlightMessages: 100,
    hubMessagesPerSecond: 100_000,
    hubBytesPerSecond: 1_000_000_000,
  },
  async (t, broker, ca) => {
    const cloud = await openListener(broker, ca);
    cloud.socket.pause();
    const senders: RawClient[] = [];
    for (let index = 0; index < 10; index++) senders.push(await openRaw(broker, ca, hubIdOf(`s${index}x`)));
    const message = (index: number) => publishPacket(topics.up(hubIdOf(`s${index}x`), 'journal'), 'x'.repeat(60_000));
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, broker.broker.facts().messages);
    }, 5);
    for (const [index, sender] of senders.entries()) {
      for (let count = 0; count < 40; count++) sender.socket.write(message(index));
    }
    const wasCut = () =>
      broker.lines.some((line) => line.code === 'BROKER_SUBSCRIBER_SLOW' && line.client === 'cloud-1');
    t.ok(await until(wasCut, 10_000), 'cut off by name');
    clearInterval(look);
    t.ok(most <= 110, `at most ${most} messages were under way`);
    const acknowledged = () => senders.every((sender) => sender.received().length === 4 + 40 * 4);
    t.ok(await until(acknowledged, 10_000), 'then the hubs go on, and nobody was thrown off');
    for (const { socket } of [...senders, cloud]) socket.destroy();
  },
);

scene(
  'a hub that stops reading is cut off without holding up the messages to another',
  { subscriberBufferBytes: 65_536 },
  async (t, broker, ca) => {
    const frozen = await openRaw(broker, ca, hub);
    frozen.socket.write(subscribePacket(topics.hubFilters(hub)));
    await until(() => frozen.received().length >= 4 + 7);
    frozen.socket.pause();
    const other = hubIdOf('b');
    const well = await connectClient(broker.port, await ca.issue({ name: other }), other);
    for (const filter of topics.hubFilters(other)) await subscribe(well, filter);
    const cloud = await connectClient(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1');
    const isCut = () => broker.lines.some((line) => line.code === 'BROKER_SUBSCRIBER_SLOW' && line.client === hub);
    let sent = 0;
    let slowestMs = 0;
    while (!isCut() && sent < 2_000) {
      for (let count = 0; count < 20; count++)
        cloud.mqtt.publish(topics.down(hub, 'request'), Buffer.alloc(60_000), { qos: 0 });
      const startedMs = performance.now();
      sent += 1;
      await publish(cloud, topics.down(other, 'request'), 'x');
      await until(() => well.received.length === sent);
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    }
    t.equal(isCut(), true);
    t.equal(well.received.length, sent, 'everything for the other hub arrived');
    t.ok(slowestMs < 3_000, `the slowest took ${Math.round(slowestMs)} ms`);
    frozen.socket.destroy();
    await well.end();
    await cloud.end();
  },
);

scene(
  'an acknowledgement of the broker promises nothing durable: nobody there means nobody hears it, ever',
  {},
  async (t, broker, ca) => {
    const client = await connectClient(broker.port, await ca.issue({ name: hub }), hub);
    t.equal(await publish(client, topics.up(hub, 'journal'), 'nobody listens'), 'acknowledged');
    const cloud = await openListener(broker, ca);
    t.equal(await publish(client, topics.up(hub, 'journal'), 'now'), 'acknowledged');
    t.ok(await until(() => cloud.received().includes('now')));
    t.equal(cloud.received().includes('nobody listens'), false);
    cloud.socket.destroy();
    await client.end();
  },
);

scene(
  'many reconnects of one client leave one connection',
  { connectionsPerSecondPerAddress: 1_000 },
  async (t, broker, ca) => {
    const leaf = await ca.issue({ name: hub });
    const all: RawClient[] = [];
    for (let index = 0; index < 30; index++) {
      const raw = await connectRaw(broker.port, leaf);
      raw.socket.write(connectPacket(hub));
      all.push(raw);
    }
    t.ok(await until(() => all.filter((raw) => !raw.isClosed()).length === 1), 'one is left');
    t.equal(all.at(-1)?.isClosed(), false, 'the last');
    t.ok(await until(() => broker.broker.facts().connections === 1));
    t.equal(broker.broker.facts().clients, 1);
    const last = all.at(-1);
    last?.socket.write(publishPacket(topics.up(hub, 'journal'), 'x'));
    t.ok(await until(() => last?.received().length === 8), 'and it works');
    last?.socket.destroy();
  },
);
