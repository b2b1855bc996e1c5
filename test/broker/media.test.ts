import { setImmediate as turn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { BrokerConfigInput } from '../../broker/config/schema.ts';
import { type MediaLink, maxWaitingBytes, mqttMediaLink } from '../../device/bus/media.ts';
import { systemClock } from '../../device/clock/clock.ts';
import { openLog } from '../../device/log.ts';
import { shardOf, topics } from '../../wire/topics.ts';
import { until } from '../support/until.ts';
import { connectPacket, publishPacket, subscribePacket } from './bytes.ts';
import { connectClient, connectRaw, publish, type RawClient, type TestClient } from './client.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { hubIdOf, makeCa, mediaIdFor, type TestCa } from './pki.ts';

const hubId = hubIdOf('a');
const mediaId = mediaIdFor('a');
const picture = Buffer.alloc(40_000, 'x');
const trips = 100;

interface Stage {
  readonly ca: TestCa;
  readonly broker: Embedded;
  readonly hub: TestClient;
  readonly cloud: TestClient;
  readonly link: MediaLink;
  /** The cloud's media client: raw, so that it can stop reading. */
  readonly pictures: RawClient;
}

const scene = (says: string, settings: Partial<BrokerConfigInput>, play: (t: Test, stage: Stage) => Promise<void>) =>
  t.test(says, async (t) => {
    const ca = await makeCa();
    const broker = await startEmbedded(await ca.issue({ name: 'localhost', isServer: true }), settings);
    t.teardown(() => broker.stop());
    const hub = await connectClient(broker.port, await ca.issue({ name: hubId }), hubId);
    await hub.mqtt.subscribeAsync(topics.hubFilters(hubId), { qos: 1 });
    hub.mqtt.on('message', (_topic, payload) => hub.mqtt.publish(topics.answer('cloud-1', hubId), payload, { qos: 1 }));
    const cloud = await connectClient(broker.port, await ca.issue({ name: 'cloud-1' }), 'cloud-1');
    await cloud.mqtt.subscribeAsync([topics.answerFilter('cloud-1'), topics.shardFilter(shardOf(hubId))], { qos: 1 });
    const pictures = await openPictures(broker, ca);
    const link = await openLink(broker, ca);
    try {
      await play(t, { ca, broker, hub, cloud, link, pictures });
    } finally {
      await link.close();
      pictures.socket.destroy();
      await hub.end();
      await cloud.end();
    }
  });

async function openPictures(broker: Embedded, ca: TestCa): Promise<RawClient> {
  const raw = await connectRaw(broker.port, await ca.issue({ name: 'cloudmedia-1' }));
  raw.socket.write(connectPacket('cloudmedia-1'));
  raw.socket.write(subscribePacket([topics.mediaShardFilter(shardOf(hubId))], 0));
  await until('subscribed', () => raw.received().length >= 4 + 5);
  // What came is counted on the socket alone: a list of all pictures would be most of the work here.
  raw.socket.removeAllListeners('data').resume();
  return raw;
}

async function openLink(broker: Embedded, ca: TestCa): Promise<MediaLink> {
  const leaf = await ca.issue({ name: mediaId });
  const link = mqttMediaLink(
    {
      broker: `mqtts://localhost:${broker.port}`,
      hubId,
      certificate: leaf.cert,
      key: leaf.key,
      brokerCa: leaf.ca,
      backoffMs: 50,
    },
    systemClock,
    openLog('silent'),
  );
  link.start();
  await until('the media link is online', () => link.online);
  return link;
}

interface Burst {
  readonly sent: number;
  /** Pictures that the link did not take: too much waited in its socket. */
  readonly refused: number;
  readonly mostWaiting: number;
}

/** Sends pictures as fast as the link takes them until told to stop. */
function saturate(t: Test, link: MediaLink): { stop(): Promise<Burst> } {
  let [isOver, sent, refused, mostWaiting] = [false, 0, 0, 0];
  t.teardown(() => {
    isOver = true;
  });
  const running = (async () => {
    while (!isOver) {
      while (!isOver && link.send(picture)) sent += 1;
      refused += 1;
      mostWaiting = Math.max(mostWaiting, link.waiting);
      await turn();
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await running;
      return { sent, refused, mostWaiting };
    },
  };
}

/** Requests down and answers up, one after the other, on the hub's own connection. @returns how many answers came */
async function askAll({ cloud, broker }: Stage): Promise<{ answers: number; mostHubsWaiting: number }> {
  let mostHubsWaiting = 0;
  for (let trip = 0; trip < trips; trip++) {
    await publish(cloud, topics.down(hubId, 'request'), `trip ${trip}`);
    await until(`the answer of trip ${trip}`, () => cloud.received.some(({ payload }) => payload === `trip ${trip}`));
    mostHubsWaiting = Math.max(mostHubsWaiting, broker.broker.facts().waiting);
  }
  return { answers: cloud.received.length, mostHubsWaiting };
}

/** Nothing happened to the hub and the cloud because of the pictures. */
function assertUntouched(t: Test, { hub, cloud, broker }: Stage): void {
  t.equal(hub.isGone() || cloud.isGone(), false, 'nobody was thrown off');
  const told = broker.lines.filter(({ client, line }) => client === hubId || client === 'cloud-1' || line === 'hubs');
  t.strictSame(
    told.map(({ event }) => event),
    ['client.connected', 'client.connected'],
    'the hub was never slowed, and never stood in line',
  );
}

scene('a burst of pictures slows its own link, and every answer of the hub comes', {}, async (t, stage) => {
  const burst = saturate(t, stage.link);
  const isSlowed = () =>
    stage.broker.lines.some(({ event, client }) => event === 'client.slowed' && client === mediaId);
  await until('the media client is over its rate', isSlowed);
  const { answers, mostHubsWaiting } = await askAll(stage);
  const { sent, refused, mostWaiting } = await burst.stop();
  t.equal(answers, trips);
  t.equal(mostHubsWaiting, 0);
  t.ok(sent > 100, `${sent} pictures went`);
  t.ok(refused > 0, `${refused} were not taken`);
  t.ok(mostWaiting <= maxWaitingBytes + picture.length + 200, `at most ${mostWaiting} bytes waited in the socket`);
  assertUntouched(t, stage);
  t.equal(stage.link.online, true, 'and the link itself is only slowed');
});

scene(
  'a reader of pictures that stops reading costs pictures, and no answer',
  {
    mediaMessagesPerSecond: 1_000_000,
    mediaBytesPerSecond: 1_000_000_000,
    subscriberBufferBytes: 262_144,
    maxInFlightMessages: 100,
    subscriberDrainMs: 60_000,
  },
  async (t, stage) => {
    stage.pictures.socket.pause();
    const burst = saturate(t, stage.link);
    await until('pictures are dropped', () => stage.broker.broker.facts().media.dropped > 100);
    const { answers, mostHubsWaiting } = await askAll(stage);
    const { sent } = await burst.stop();
    const { media } = stage.broker.broker.facts();
    t.equal(answers, trips);
    t.equal(mostHubsWaiting, 0);
    t.ok(media.dropped > 100, `${media.dropped} of ${sent} were dropped`);
    t.ok(media.messages <= 4, `${media.messages} are kept for the reader`);
    assertUntouched(t, stage);
    t.equal(stage.link.online, true, 'the sender is not to blame');
    const line = stage.broker.lines.find(({ event }) => event === 'media.dropped');
    t.match(line, { code: 'BROKER_SUBSCRIBER_SLOW', client: 'cloudmedia-1', dropped: Number });
  },
);

scene(
  'a reader of pictures that takes nothing for too long is cut off, and pictures go to nobody',
  { mediaBytesPerSecond: 1_000_000_000, mediaMessagesPerSecond: 1_000_000, subscriberDrainMs: 300 },
  async (t, stage) => {
    stage.pictures.socket.pause();
    const burst = saturate(t, stage.link);
    const isCut = () =>
      stage.broker.lines.some(({ code, event, client }) => {
        return event === 'client.refused' && code === 'BROKER_SUBSCRIBER_SLOW' && client === 'cloudmedia-1';
      });
    await until('it is cut off by name', isCut);
    t.equal((await askAll(stage)).answers, trips);
    await burst.stop();
    await until('nothing is left under way', () => stage.broker.broker.facts().media.messages === 0);
    assertUntouched(t, stage);
  },
);

scene(
  'media clients stand in a line of their own: however many there are, no hub waits behind them',
  { maxInFlightBytes: 1_048_576, mediaMessagesPerSecond: 1_000_000, mediaBytesPerSecond: 1_000_000_000 },
  async (t, stage) => {
    const { broker, ca } = stage;
    const senders: RawClient[] = [];
    // All of one shard, so that one reader hears them all.
    const isRead = (seed: string) => shardOf(hubIdOf(seed)) === shardOf(hubId);
    const seeds = Array.from({ length: 2_000 }, (_, index) => `s${index}x`)
      .filter(isRead)
      .slice(0, 40);
    for (const seed of seeds) {
      const sender = await connectRaw(broker.port, await ca.issue({ name: mediaIdFor(seed) }));
      sender.socket.write(connectPacket(mediaIdFor(seed)));
      await until('the session stands', () => sender.received().length >= 4);
      senders.push(sender);
    }
    const one = seeds.map((seed) => publishPacket(topics.sealed(hubIdOf(seed)), 'x'.repeat(60_000), 0));
    let isOver = false;
    t.teardown(() => {
      isOver = true;
    });
    const sending = (async () => {
      while (!isOver) {
        for (const [index, { socket }] of senders.entries()) {
          if (socket.writableLength < 100_000) socket.write(one[index]!);
        }
        await turn();
      }
    })();
    const isFull = () => broker.lines.some(({ event, line }) => event === 'broker.overloaded' && line === 'media');
    await until('media clients stand in line', isFull, 15_000);
    const { answers, mostHubsWaiting } = await askAll(stage);
    isOver = true;
    await sending;
    t.equal(answers, trips);
    t.equal(mostHubsWaiting, 0);
    assertUntouched(t, stage);
    t.notOk(
      senders.some((sender) => sender.isClosed()),
      'nor is any of them thrown off',
    );
    for (const { socket } of senders) socket.destroy();
  },
);

scene(
  'a media client that takes no acknowledgements loses them, and holds up nobody',
  { subscriberBufferBytes: 65_536, subscriberDrainMs: 60_000 },
  async (t, stage) => {
    const { broker, link, pictures } = stage;
    const other = hubIdOf('b');
    const frozen = await connectRaw(broker.port, await stage.ca.issue({ name: mediaIdFor('b') }));
    frozen.socket.write(Buffer.concat([connectPacket(mediaIdFor('b')), subscribePacket([topics.mediaAck(other)], 0)]));
    await until('the other is subscribed', () => frozen.received().length >= 4 + 5);
    frozen.socket.pause();
    let [acks, rounds] = [0, 0];
    link.onAck(() => {
      acks += 1;
    });
    while (broker.broker.facts().media.dropped < 20) {
      for (let count = 0; count < 20; count++) {
        pictures.socket.write(publishPacket(topics.mediaAck(other), 'x'.repeat(60_000), 0));
      }
      pictures.socket.write(publishPacket(topics.mediaAck(hubId), 'seen', 0));
      rounds += 1;
      await until('this one has its acknowledgement', () => acks === rounds);
    }
    t.equal(frozen.isClosed(), false);
    t.equal(link.online, true);
    frozen.socket.destroy();
  },
);
