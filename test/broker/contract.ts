/** What any broker of Doorward has to hold: one home never reaches, hears or throws off another. */
import { connect as connectTcp } from 'node:net';
import type { Test } from 'tap';
import { shardOf, topics } from '../../wire/topics.ts';
import { canConnect, connectClient, connectRaw, publish, subscribe, type TestClient, until } from './client.ts';
import { hubIdOf, type Leaf, makeCa, mediaIdFor, type TestCa } from './pki.ts';

export interface ContractBroker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Some behaviour is a broker's own: what it is, is asserted all the same. */
export interface ContractTraits {
  /** SUBACK 128 for a filter that is not the client's; otherwise granted, and nothing delivered. */
  readonly refusesSubscriptions: boolean;
  /** A denied publish closes the connection; otherwise it is acknowledged, and delivered to nobody. */
  readonly closesOnDeniedPublish: boolean;
  /** Another client id than the certificate's name is refused; otherwise replaced by that name. */
  readonly refusesOtherClientId: boolean;
  /** MQTT 3.1 and 5 are refused. */
  readonly refusesOtherVersions: boolean;
  /** A will on someone else's topic is refused at CONNECT; otherwise never sent. */
  readonly refusesForeignWill: boolean;
}

const victim = hubIdOf('victim');
const thief = hubIdOf('thief');
const victimMedia = mediaIdFor('victim');
const thiefMedia = mediaIdFor('thief');

/** A home that is at work: its hub, its cloud instance, and the proof that both still are what they were. */
interface Home {
  readonly hub: TestClient;
  readonly cloud: TestClient;
  /** One request down, one journal entry up: both arrive, and nobody was thrown off. */
  isWell(): Promise<boolean>;
  end(): Promise<void>;
}

async function openHome(port: number, ca: TestCa): Promise<Home> {
  const hub = await connectClient(port, await ca.issue({ name: victim }), victim);
  const cloud = await connectClient(port, await ca.issue({ name: 'cloud-1' }), 'cloud-1');
  await hub.mqtt.subscribeAsync(topics.hubFilters(victim), { qos: 1 });
  const shard = Number(topics.up(victim, 'journal').split('/')[3]);
  await cloud.mqtt.subscribeAsync([topics.shardFilter(shard), topics.answerFilter('cloud-1')], { qos: 1 });
  let round = 0;
  return {
    hub,
    cloud,
    async isWell() {
      const mark = `round ${round++}`;
      await publish(cloud, topics.down(victim, 'request'), mark);
      await publish(hub, topics.up(victim, 'journal'), mark);
      const arrived = (client: TestClient) => client.received.some((message) => message.payload === mark);
      return (await until(() => arrived(hub) && arrived(cloud))) && !hub.isGone() && !cloud.isGone();
    },
    end: async () => {
      await hub.end();
      await cloud.end();
    },
  };
}

/** Filters that would show a hub something of another home, or of the broker. */
const greedyFilters = [
  '#',
  '+/#',
  '$SYS/#',
  'dw/#',
  'dw/1/hub/+/request',
  'dw/1/up/+/+/+',
  'dw/1/ans/+/+',
  ...topics.hubFilters(victim),
  topics.answerFilter('cloud-1'),
  `$share/a/${topics.down(victim, 'request')}`,
];

/** Topics on which a hub must not be heard. */
const foreignTopics = [
  topics.down(victim, 'request'),
  topics.down(thief, 'request'),
  topics.up(victim, 'journal'),
  topics.up(victim, 'presence'),
  topics.answer('cloud-1', victim),
  'dw/1/hub/x',
  '$SYS/broker/version',
];

/** Who publishes there is no media client of that hub, or one that leaves its own topics. */
const foreignMedia: readonly (readonly [name: string, topic: string])[] = [
  [thief, topics.sealed(victim)],
  [thief, topics.sealed(thief)],
  [thief, topics.mediaAck(victim)],
  [thiefMedia, topics.sealed(victim)],
  [thiefMedia, topics.mediaAck(victim)],
  [thiefMedia, topics.up(thief, 'journal')],
  [thiefMedia, topics.down(victim, 'request')],
  ['cloud-2', topics.sealed(victim)],
  ['cloud-2', topics.mediaAck(victim)],
  ['cloudmedia-2', topics.sealed(victim)],
  ['cloudmedia-2', topics.up(victim, 'journal')],
  ['cloudmedia-2', topics.down(victim, 'request')],
];

const greedyMediaFilters = [
  '#',
  'dw/#',
  'dw/1/media/#',
  'dw/1/media/+/+/sealed',
  'dw/1/hub-media/+/ack',
  topics.sealed(victim),
  topics.mediaAck(victim),
  ...topics.hubFilters(victim),
];

/** The media clients of the home that is at work. */
async function openMedia(port: number, ca: TestCa): Promise<{ media: TestClient; cloudmedia: TestClient }> {
  const media = await connectClient(port, await ca.issue({ name: victimMedia }), victimMedia);
  const cloudmedia = await connectClient(port, await ca.issue({ name: 'cloudmedia-1' }), 'cloudmedia-1');
  await media.mqtt.subscribeAsync(topics.mediaFilters(victim), { qos: 0 });
  await cloudmedia.mqtt.subscribeAsync(topics.mediaShardFilter(shardOf(victim)), { qos: 0 });
  return { media, cloudmedia };
}

let marks = 0;

/** @returns whether a message at QoS 0 comes over, once and where it should */
async function arrives(from: TestClient, topic: string, to: TestClient): Promise<boolean> {
  const mark = `mark ${marks++}`;
  await publish(from, topic, mark, { qos: 0 });
  const isMarked = (message: { topic: string; payload: string }) => message.topic === topic && message.payload === mark;
  return (await until(() => to.received.some(isMarked))) && to.received.filter(isMarked).length === 1;
}

/** Runs the suite. @param start  starts a fresh broker with this certificate, on loopback */
export function brokerContract(
  t: Test,
  name: string,
  traits: ContractTraits,
  start: (server: Leaf) => Promise<ContractBroker>,
): void {
  const scene = (says: string, play: (t: Test, port: number, ca: TestCa, home: Home) => Promise<void>) =>
    t.test(`${name}: ${says}`, async (t) => {
      const ca = await makeCa();
      const broker = await start(await ca.issue({ name: 'localhost', isServer: true }));
      const home = await openHome(broker.port, ca);
      try {
        await play(t, broker.port, ca, home);
        t.equal(await home.isWell(), true, 'the other home works on, and was never thrown off');
      } finally {
        await home.end();
        await broker.stop();
      }
    });

  scene('a hub and its cloud instance reach each other', async (t, _port, _ca, home) => {
    t.equal(await home.isWell(), true);
  });

  scene(
    'T18: a foreign hub subscribes to whatever it likes and gets nothing of another home',
    async (t, port, ca, home) => {
      const client = await connectClient(port, await ca.issue({ name: thief }), thief);
      for (const filter of greedyFilters) {
        const granted = await subscribe(client, filter);
        if (traits.refusesSubscriptions) t.equal(granted, 128, filter);
      }
      t.equal(await home.isWell(), true);
      await publish(home.cloud, topics.down(thief, 'request'), 'for the thief');
      t.match(await subscribe(client, topics.down(thief, 'request')), 1, 'its own topic is granted');
      await publish(home.cloud, topics.down(thief, 'request'), 'the last');
      t.ok(await until(() => client.received.some((message) => message.payload === 'the last')));
      const foreign = client.received.filter((message) => message.topic !== topics.down(thief, 'request'));
      t.strictSame(foreign, [], 'only what was sent to itself');
      await client.end();
    },
  );

  scene('T18: a foreign hub publishes where it may not, and nobody hears it', async (t, port, ca, home) => {
    const leaf = await ca.issue({ name: thief });
    for (const topic of foreignTopics) {
      const client = await connectClient(port, leaf, thief);
      const outcome = await publish(client, topic, 'forged');
      t.equal(outcome, traits.closesOnDeniedPublish ? 'closed' : 'acknowledged', topic);
      await client.end();
    }
    t.equal(await home.isWell(), true);
    t.notOk([...home.hub.received, ...home.cloud.received].some((message) => message.payload === 'forged'));
  });

  scene('pictures and their acknowledgements pass on connections of their own', async (t, port, ca, home) => {
    const { media, cloudmedia } = await openMedia(port, ca);
    t.equal(await arrives(media, topics.sealed(victim), cloudmedia), true, 'up');
    t.equal(await arrives(cloudmedia, topics.mediaAck(victim), media), true, 'down');
    t.notOk([...home.hub.received, ...home.cloud.received].some(({ topic }) => topic.includes('media')));
    await media.end();
    await cloudmedia.end();
  });

  scene(
    'T18: nobody publishes on the media topics of another, nor from there what is no media',
    async (t, port, ca, home) => {
      const { media, cloudmedia } = await openMedia(port, ca);
      for (const [name, topic] of foreignMedia) {
        const client = await connectClient(port, await ca.issue({ name }), name);
        const outcome = await publish(client, topic, 'forged');
        t.equal(outcome, traits.closesOnDeniedPublish ? 'closed' : 'acknowledged', `${name} ${topic}`);
        await client.end();
      }
      t.equal(await home.isWell(), true);
      t.equal(await arrives(media, topics.sealed(victim), cloudmedia), true);
      t.equal(await arrives(cloudmedia, topics.mediaAck(victim), media), true);
      for (const { received } of [home.hub, home.cloud, media, cloudmedia]) {
        t.notOk(received.some(({ payload }) => payload === 'forged'));
      }
      await media.end();
      await cloudmedia.end();
    },
  );

  scene('T18: nobody hears the media topics of another, nor there what is no media', async (t, port, ca, home) => {
    const { media, cloudmedia } = await openMedia(port, ca);
    const listeners = new Map<string, TestClient>();
    for (const name of [thief, thiefMedia, 'cloud-2', 'cloudmedia-2']) {
      const client = await connectClient(port, await ca.issue({ name }), name);
      listeners.set(name, client);
      for (const filter of greedyMediaFilters) {
        const granted = await subscribe(client, filter, 0);
        if (traits.refusesSubscriptions) t.equal(granted, 128, `${name} ${filter}`);
      }
    }
    t.equal(await home.isWell(), true);
    t.equal(await arrives(media, topics.sealed(victim), cloudmedia), true);
    t.equal(await arrives(cloudmedia, topics.mediaAck(victim), media), true);
    const areas = (name: string) => listeners.get(name)!.received.map(({ topic }) => topic.split('/')[2]);
    t.strictSame(areas(thief), [], 'a hub');
    t.strictSame(areas(thiefMedia), [], "a hub's media client");
    t.notOk(
      areas('cloud-2').some((area) => area?.includes('media')),
      'a cloud instance',
    );
    t.notOk(
      areas('cloudmedia-2').some((area) => area !== 'media'),
      "a cloud instance's media client",
    );
    for (const client of [...listeners.values(), media, cloudmedia]) await client.end();
  });

  scene("T18: another home's client id throws nobody off", async (t, port, ca, home) => {
    const leaf = await ca.issue({ name: thief });
    t.equal(await canConnect(port, leaf, victim), !traits.refusesOtherClientId);
    t.equal(await canConnect(port, leaf, 'cloud-1'), !traits.refusesOtherClientId);
    const { media, cloudmedia } = await openMedia(port, ca);
    const own = await ca.issue({ name: thiefMedia });
    for (const [one, name] of [
      [own, victimMedia],
      [own, victim],
      [own, 'cloudmedia-1'],
      [leaf, victimMedia],
    ] as const) {
      t.equal(await canConnect(port, one, name), !traits.refusesOtherClientId, name);
    }
    for (const client of [home.hub, home.cloud, media, cloudmedia]) t.equal(client.isGone(), false);
    await media.end();
    await cloudmedia.end();
  });

  scene('a second connection of the same certificate name takes the place of the first', async (t, port, ca) => {
    const leaf = await ca.issue({ name: thief });
    const first = await connectClient(port, leaf, thief);
    const second = await connectClient(port, await ca.issue({ name: thief }), thief);
    t.ok(await until(() => first.isGone()), 'the first is closed');
    t.equal(await publish(second, topics.up(thief, 'journal'), 'x'), 'acknowledged');
    await second.end();
  });

  scene('T12: a client without certificate, of a wrong CA or past its time is not let in', async (t, port, ca) => {
    const other = await makeCa('Someone else');
    const { cert, key } = await other.issue({ name: victim });
    t.equal(await canConnect(port, { ca: ca.pem, cert, key }, victim), false, 'wrong CA');
    t.equal(
      await canConnect(port, await ca.issue({ name: victim, fromDays: -9, toDays: -1 }), victim),
      false,
      'expired',
    );
    t.equal(
      await canConnect(port, await ca.issue({ name: victim, fromDays: 1, toDays: 9 }), victim),
      false,
      'not yet valid',
    );
    const bare = await connectRaw(port, { ca: ca.pem }).catch(() => undefined);
    bare?.socket.write(Buffer.from('101900044d5154540402003c000d', 'hex'));
    t.ok(bare === undefined || (await until(() => bare.isClosed())), 'none');
    t.equal(bare?.received().length ?? 0, 0, 'and it hears nothing');
  });

  scene('T12: a client finds out that the broker is of a wrong CA', async (t, port, ca) => {
    const leaf = await ca.issue({ name: thief });
    const other = await makeCa();
    t.equal(await canConnect(port, { ...leaf, ca: other.pem }, thief), false);
  });

  scene('T21: plain TCP and TLS 1.2 get no further than the door', async (t, port, ca) => {
    const plain = connectTcp(port, '127.0.0.1').on('error', () => {});
    const heard: Buffer[] = [];
    plain.on('data', (chunk: Buffer) => heard.push(chunk));
    plain.write(Buffer.from('101f00044d5154540402003c0013', 'hex'));
    t.ok(await until(() => plain.destroyed), 'closed');
    t.equal(Buffer.concat(heard).includes(Buffer.from([0x20, 2, 0, 0])), false, 'no CONNACK in the clear');
    await t.rejects(connectRaw(port, await ca.issue({ name: thief }), 'TLSv1.2'));
  });

  scene('a retained publish is refused and kept for nobody', async (t, port, ca, home) => {
    const leaf = await ca.issue({ name: thief });
    const client = await connectClient(port, leaf, thief);
    t.equal(await publish(client, topics.up(thief, 'presence'), 'retained', { retain: true }), 'closed');
    const late = await connectClient(port, await ca.issue({ name: 'cloud-2' }), 'cloud-2');
    const shard = Number(topics.up(thief, 'journal').split('/')[3]);
    await subscribe(late, topics.shardFilter(shard));
    const again = await connectClient(port, leaf, thief);
    await publish(again, topics.up(thief, 'journal'), 'after');
    t.ok(await until(() => late.received.some((message) => message.payload === 'after')));
    t.notOk([...late.received, ...home.cloud.received].some((message) => message.payload === 'retained'));
    await again.end();
    await late.end();
  });

  scene('a will speaks on its own presence topic only', async (t, port, ca, home) => {
    const leaf = await ca.issue({ name: thief });
    const foreign = {
      topic: topics.up(victim, 'presence'),
      payload: Buffer.from('forged'),
      qos: 1 as const,
      retain: false,
    };
    t.equal(await canConnect(port, leaf, thief, { will: foreign }), !traits.refusesForeignWill);
    const own = { ...foreign, topic: topics.up(thief, 'presence'), payload: Buffer.from('gone') };
    const watcher = await connectClient(port, await ca.issue({ name: 'cloud-2' }), 'cloud-2');
    for (let shard = 0; shard < 16; shard++) await subscribe(watcher, topics.shardFilter(shard));
    for (const will of traits.refusesForeignWill ? [own] : [foreign, own]) {
      const client = await connectClient(port, leaf, thief, { will });
      client.mqtt.stream.destroy();
      await until(() => client.isGone());
    }
    t.ok(await until(() => watcher.received.some((message) => message.payload === 'gone')), 'its own will is sent');
    t.notOk([...watcher.received, ...home.cloud.received].some((message) => message.payload === 'forged'));
    t.equal(await canConnect(port, leaf, thief, { will: { ...own, retain: true } }), false, 'retained');
    await watcher.end();
  });

  scene('QoS 2 is refused', async (t, port, ca) => {
    const client = await connectClient(port, await ca.issue({ name: thief }), thief);
    t.equal(await publish(client, topics.up(thief, 'journal'), 'twice', { qos: 2 }), 'closed');
  });

  scene('only MQTT 3.1.1 is spoken', async (t, port, ca, home) => {
    const leaf = await ca.issue({ name: thief });
    t.equal(await canConnect(port, leaf, thief, { protocolVersion: 5 }), !traits.refusesOtherVersions, 'MQTT 5');
    const old = { protocolVersion: 3, protocolId: 'MQIsdp' } as const;
    t.equal(await canConnect(port, leaf, thief, old), !traits.refusesOtherVersions, 'MQTT 3.1');
    if (traits.refusesOtherVersions) return;
    const client = await connectClient(port, leaf, thief, { protocolVersion: 5 });
    for (const filter of greedyFilters) await subscribe(client, filter);
    t.equal(await home.isWell(), true);
    t.strictSame(client.received, [], 'another version hears no more');
    await client.end();
  });

  scene('a packet past the limit closes its own connection only', async (t, port, ca, home) => {
    const client = await connectClient(port, await ca.issue({ name: thief }), thief);
    t.equal(await publish(client, topics.up(thief, 'journal'), 'x'.repeat(200_000)), 'closed');
    const fits = 'y'.repeat(98_304);
    t.equal(await publish(home.hub, topics.up(victim, 'journal'), fits), 'acknowledged');
    t.ok(await until(() => home.cloud.received.some((message) => message.payload === fits)));
  });
}
