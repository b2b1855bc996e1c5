import { connect as connectTcp } from 'node:net';
import t, { type Test } from 'tap';
import { topics } from '../../wire/topics.ts';
import { connectPacket, pingPacket, publishPacket, subscribePacket } from './bytes.ts';
import { canConnect, connectClient, connectRaw, publish, subscribe, until } from './client.ts';
import { type Embedded, type LogLine, startEmbedded } from './embedded.ts';
import { hubIdOf, makeCa, type TestCa } from './pki.ts';

const hub = hubIdOf('a');
const other = hubIdOf('b');

/** A test with a broker of its own. */
const scene = (
  says: string,
  settings: Parameters<typeof startEmbedded>[1],
  play: (t: Test, broker: Embedded, ca: TestCa) => Promise<void>,
) =>
  t.test(says, async (t) => {
    const ca = await makeCa();
    const broker = await startEmbedded(await ca.issue({ name: 'localhost', isServer: true }), settings);
    try {
      await play(t, broker, ca);
      t.ok(await until(() => broker.broker.facts().connections === 0), 'every connection is counted out again');
    } finally {
      await broker.stop();
    }
  });

const told = async (t: Test, broker: Embedded, line: Partial<LogLine>) => {
  const matches = (entry: LogLine) => Object.entries(line).every(([key, value]) => entry[key] === value);
  t.ok(await until(() => broker.lines.some(matches)), `logged: ${JSON.stringify(line)}`);
};

scene('T18: every refusal is logged with its code, the client and the topic', {}, async (t, broker, ca) => {
  const leaf = await ca.issue({ name: hub });
  const client = await connectClient(broker.port, leaf, hub);
  for (const filter of ['#', '+/#', '$SYS/#', ...topics.hubFilters(other)]) {
    t.equal(await subscribe(client, filter), 128, filter);
    await told(t, broker, { event: 'subscribe.refused', code: 'BROKER_TOPIC_REFUSED', client: hub, topic: filter });
  }
  t.equal(await subscribe(client, topics.down(hub, 'request'), 2), 128);
  await told(t, broker, { event: 'subscribe.refused', code: 'BROKER_QOS_REFUSED', client: hub });
  t.equal(await publish(client, topics.up(other, 'journal'), 'x'), 'closed');
  const topic = topics.up(other, 'journal');
  await told(t, broker, { event: 'publish.refused', code: 'BROKER_TOPIC_REFUSED', client: hub, topic });
  await told(t, broker, { event: 'client.disconnected', code: 'BROKER_TOPIC_REFUSED', client: hub });
});

scene('T18: a refused CONNECT is logged with the name it claimed', {}, async (t, broker, ca) => {
  const leaf = await ca.issue({ name: hub });
  t.equal(await canConnect(broker.port, leaf, other), false);
  await told(t, broker, { event: 'connect.refused', code: 'BROKER_CLIENT_ID_REFUSED', client: hub, claimed: other });
  const will = { topic: topics.up(other, 'presence'), payload: Buffer.from('x'), qos: 1 as const, retain: false };
  t.equal(await canConnect(broker.port, leaf, hub, { will }), false);
  await told(t, broker, { event: 'connect.refused', code: 'BROKER_TOPIC_REFUSED', client: hub, topic: will.topic });
  t.equal(await canConnect(broker.port, leaf, hub, { clean: false }), false);
  await told(t, broker, { event: 'connect.refused', code: 'BROKER_CONNECT_REFUSED', client: hub });
});

scene('T12: a certificate that TLS lets through still has to name its role', {}, async (t, broker, ca) => {
  t.equal(await canConnect(broker.port, await ca.issue({ name: 'cloud-1', unit: 'hub' }), 'cloud-1'), false);
  await told(t, broker, { event: 'connection.refused', code: 'BROKER_CERTIFICATE_REFUSED' });
  t.equal(await canConnect(broker.port, await ca.issue({ name: hub, unit: '' }), hub), false);
  t.equal(await canConnect(broker.port, await ca.issue({ name: 'admin', unit: 'cloud' }), 'admin'), false);
  t.equal(await canConnect(broker.port, await ca.issue({ name: hub }), hub), true);
});

scene('T12: what fails in the handshake is logged with its reason', {}, async (t, broker, ca) => {
  const stranger = await (await makeCa('Other')).issue({ name: hub });
  t.equal(await canConnect(broker.port, { ...stranger, ca: ca.pem }, hub), false);
  await told(t, broker, { event: 'connection.refused', code: 'BROKER_CERTIFICATE_REFUSED' });
  await t.rejects(connectRaw(broker.port, await ca.issue({ name: hub }), 'TLSv1.2'));
  await told(t, broker, {
    event: 'connection.refused',
    code: 'BROKER_HANDSHAKE_REFUSED',
    reason: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
  });
});

scene('another version of MQTT is answered with return code 1, and closed', {}, async (t, broker, ca) => {
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  raw.socket.write(connectPacket(hub, { level: 5 }));
  t.ok(await until(() => raw.isClosed()));
  t.strictSame(raw.received(), Buffer.from([0x20, 2, 0, 1])); // [MQTT-3.1.2-2]
  await told(t, broker, { event: 'client.refused', code: 'BROKER_PROTOCOL_REFUSED', client: hub });
});

scene('another client id is answered with return code 2, and closed', {}, async (t, broker, ca) => {
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  raw.socket.write(connectPacket(other));
  t.ok(await until(() => raw.isClosed()));
  t.strictSame(raw.received(), Buffer.from([0x20, 2, 0, 2]));
});

scene('T13: bytes are counted before the CONNECT and after it', {}, async (t, broker, ca) => {
  const leaf = await ca.issue({ name: hub });
  const early = await connectRaw(broker.port, leaf);
  early.socket.write(Buffer.from([0x10, 0xff, 0xff, 0x03]));
  t.ok(await until(() => early.isClosed()));
  await told(t, broker, { event: 'client.refused', code: 'BROKER_PACKET_TOO_BIG', client: hub });
  const late = await connectRaw(broker.port, leaf);
  late.socket.write(Buffer.concat([connectPacket(hub), Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
  t.ok(await until(() => late.isClosed()));
  t.ok(await until(() => broker.lines.filter((line) => line.code === 'BROKER_PACKET_TOO_BIG').length >= 2));
});

scene('T13: a malformed packet closes its own connection only', {}, async (t, broker, ca) => {
  const bystander = await connectClient(broker.port, await ca.issue({ name: other }), other);
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  raw.socket.write(Buffer.concat([connectPacket(hub), Buffer.from([0xf0, 0])]));
  t.ok(await until(() => raw.isClosed()));
  await told(t, broker, { event: 'client.refused', code: 'BROKER_PACKET_MALFORMED', client: hub });
  t.equal(await publish(bystander, topics.up(other, 'journal'), 'x'), 'acknowledged');
  t.equal(bystander.isGone(), false);
  await bystander.end();
});

scene('a handshake and a CONNECT have their time', { handshakeMs: 150, connectMs: 150 }, async (t, broker, ca) => {
  const silent = connectTcp(broker.port, '127.0.0.1').on('error', () => {});
  t.ok(await until(() => silent.destroyed), 'no handshake');
  await told(t, broker, { event: 'connection.refused', code: 'BROKER_CONNECT_LATE' });
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  raw.socket.write(connectPacket(hub).subarray(0, 9));
  t.ok(await until(() => raw.isClosed()), 'half a CONNECT');
  await told(t, broker, { event: 'client.refused', code: 'BROKER_CONNECT_LATE', client: hub });
  const well = await connectClient(broker.port, await ca.issue({ name: hub }), hub);
  t.ok(await until(() => broker.broker.facts().clients === 1));
  t.equal(await publish(well, topics.up(hub, 'journal'), 'x'), 'acknowledged');
  await well.end();
});

scene('who stays silent past its keep-alive is disconnected', { maxKeepaliveS: 5 }, async (t, broker, ca) => {
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  raw.socket.write(connectPacket(hub, { keepaliveS: 1 }));
  t.ok(await until(() => raw.isClosed()));
  await told(t, broker, { event: 'client.refused', code: 'BROKER_CLIENT_SILENT', client: hub });
});

scene('connections are limited over all', { maxConnections: 2 }, async (t, broker, ca) => {
  const one = await connectClient(broker.port, await ca.issue({ name: hub }), hub);
  const two = await connectClient(broker.port, await ca.issue({ name: other }), other);
  t.equal(await canConnect(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1'), false);
  await told(t, broker, { event: 'connection.refused', code: 'BROKER_TOO_MANY_CONNECTIONS' });
  t.equal(one.isGone() || two.isGone(), false);
  await one.end();
  t.ok(await until(() => broker.broker.facts().connections === 1));
  t.equal(await canConnect(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1'), true);
  await two.end();
});

scene(
  'new connections of one address are limited by the second',
  { connectionsPerSecondPerAddress: 1 },
  async (t, broker, ca) => {
    const leaf = await ca.issue({ name: hub });
    const outcomes: boolean[] = [];
    for (let index = 0; index < 7; index++) outcomes.push(await canConnect(broker.port, leaf, hub));
    t.strictSame(outcomes.slice(0, 5), [true, true, true, true, true]);
    t.ok(outcomes.includes(false));
    await told(t, broker, { event: 'connection.refused', code: 'BROKER_TOO_FAST' });
  },
);

scene(
  'who sends too fast is read more slowly, and loses nothing',
  { hubMessagesPerSecond: 50 },
  async (t, broker, ca) => {
    const cloud = await connectClient(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1');
    const shard = Number(topics.up(hub, 'journal').split('/')[3]);
    await cloud.mqtt.subscribeAsync(topics.shardFilter(shard), { qos: 1 });
    const client = await connectClient(broker.port, await ca.issue({ name: hub }), hub);
    const startedMs = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, (_, index) => publish(client, topics.up(hub, 'journal'), String(index))),
    );
    const tookMs = performance.now() - startedMs;
    t.ok(outcomes.every((outcome) => outcome === 'acknowledged'));
    t.ok(tookMs > 700, `150 at 50 a second with a burst of 100 took ${Math.round(tookMs)} ms`);
    await told(t, broker, { event: 'client.slowed', code: 'BROKER_TOO_FAST', client: hub });
    t.ok(await until(() => cloud.received.length === 150));
    t.strictSame(
      cloud.received.map((message) => Number(message.payload)),
      Array.from({ length: 150 }, (_, index) => index),
      'all, in order',
    );
    await client.end();
    await cloud.end();
  },
);

scene('what is sent before the CONNACK waits for it', {}, async (t, broker, ca) => {
  const raw = await connectRaw(broker.port, await ca.issue({ name: hub }));
  const many = Array.from({ length: 100 }, () => publishPacket(topics.up(hub, 'journal'), 'x'));
  const subscribing = subscribePacket([topics.down(hub, 'request')]);
  raw.socket.write(Buffer.concat([connectPacket(hub), subscribing, ...many, pingPacket]));
  const answered = () => raw.received().length === 4 + 5 + 100 * 4 + 2;
  t.ok(await until(answered), 'CONNACK, SUBACK, 100 PUBACKs, PINGRESP');
  t.strictSame(raw.received().subarray(0, 4), Buffer.from([0x20, 2, 0, 0]));
  raw.socket.destroy();
});

scene(
  'what was sent just before the end still counts, and a DISCONNECT takes the will back',
  {},
  async (t, broker, ca) => {
    const cloud = await connectClient(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1');
    for (let shard = 0; shard < 16; shard++) await subscribe(cloud, topics.shardFilter(shard));
    const leaf = await ca.issue({ name: hub });
    const raw = await connectRaw(broker.port, leaf);
    const will = connectPacket(hub, { flags: 6, payload: [topics.up(hub, 'presence'), 'gone'] });
    raw.socket.end(Buffer.concat([will, publishPacket(topics.up(hub, 'journal'), 'last', 0), Buffer.from([0xe0, 0])]));
    t.ok(await until(() => cloud.received.some((message) => message.payload === 'last')));
    const again = await connectClient(broker.port, leaf, hub);
    await publish(again, topics.up(hub, 'journal'), 'mark');
    t.ok(await until(() => cloud.received.some((message) => message.payload === 'mark')));
    t.notOk(cloud.received.some((message) => message.payload === 'gone'));
    await again.end();
    await cloud.end();
  },
);
