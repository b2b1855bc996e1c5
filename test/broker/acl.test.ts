import t from 'tap';
import { type ConnectWish, mayConnect, mayPublish, maySubscribe } from '../../broker/acl.ts';
import type { Identity } from '../../broker/identity.ts';
import type { Verdict } from '../../wire/faults.ts';
import { downKinds, shardOf, topics, upKinds } from '../../wire/topics.ts';
import { hubIdOf, mediaIdFor } from './pki.ts';

const hub: Identity = { id: hubIdOf('a'), role: 'hub', validUntilMs: 1 };
const other = hubIdOf('b');
const cloud: Identity = { id: 'cloud-1', role: 'cloud', validUntilMs: 1 };
const media: Identity = { id: mediaIdFor('a'), role: 'media', validUntilMs: 1 };
const cloudmedia: Identity = { id: 'cloudmedia-1', role: 'cloudmedia', validUntilMs: 1 };
const code = (verdict: Verdict<unknown>): string => (verdict.ok ? 'ok' : verdict.code);
const wish: ConnectWish = { clientId: hub.id, clean: true, keepaliveS: 60, will: undefined };

t.test('a hub publishes its own kinds, in its own shard, and answers under its own name', async (t) => {
  for (const kind of upKinds) t.equal(code(mayPublish(hub, topics.up(hub.id, kind))), 'ok', kind);
  t.equal(code(mayPublish(hub, topics.answer('cloud-1', hub.id))), 'ok');
});

t.test('T18: a hub publishes nothing else', async (t) => {
  const wrongShard = (shardOf(hub.id) + 1) % 16;
  const denied = [
    ...upKinds.map((kind) => topics.up(other, kind)),
    ...downKinds.flatMap((kind) => [topics.down(hub.id, kind), topics.down(other, kind)]),
    topics.answer('cloud-1', other),
    `dw/1/up/${wrongShard}/${hub.id}/journal`,
    `dw/1/up/0${shardOf(hub.id)}/${hub.id}/journal`,
    `${topics.up(hub.id, 'journal')}/`,
    `/${topics.up(hub.id, 'journal')}`,
    topics.up(hub.id, 'journal').toUpperCase(),
    `dw/2/up/${shardOf(hub.id)}/${hub.id}/journal`,
    `dw/1/up/${shardOf(hub.id)}/${hub.id}/constructor`,
    `dw/1/ans/hub-x/${hub.id}`,
    '',
    '$SYS/x',
  ];
  for (const topic of denied) t.equal(code(mayPublish(hub, topic)), 'BROKER_TOPIC_REFUSED', topic);
});

t.test('a cloud instance publishes what goes down, and nothing that looks as if a hub had said it', async (t) => {
  for (const kind of downKinds) t.equal(code(mayPublish(cloud, topics.down(other, kind))), 'ok', kind);
  for (const kind of upKinds) t.equal(code(mayPublish(cloud, topics.up(other, kind))), 'BROKER_TOPIC_REFUSED', kind);
  t.equal(code(mayPublish(cloud, topics.answer('cloud-1', other))), 'BROKER_TOPIC_REFUSED');
});

t.test('T18: a hub subscribes to its three topics by exact name only', async (t) => {
  for (const filter of topics.hubFilters(hub.id)) t.equal(code(maySubscribe(hub, filter, 1)), 'ok', filter);
  const denied = [
    '#',
    '+/#',
    '$SYS/#',
    ...topics.hubFilters(other),
    `dw/1/hub/${hub.id}/+`,
    `dw/1/hub/${hub.id}/#`,
    `dw/1/hub/+/request`,
    topics.up(hub.id, 'journal'),
    topics.shardFilter(0),
    topics.answerFilter('cloud-1'),
    `$share/x/${topics.down(hub.id, 'request')}`,
  ];
  for (const filter of denied) t.equal(code(maySubscribe(hub, filter, 1)), 'BROKER_TOPIC_REFUSED', filter);
});

t.test('a cloud instance subscribes to whole shards and its own answers only', async (t) => {
  for (let shard = 0; shard < 16; shard++) t.equal(code(maySubscribe(cloud, topics.shardFilter(shard), 1)), 'ok');
  t.equal(code(maySubscribe(cloud, topics.answerFilter('cloud-1'), 0)), 'ok');
  const denied = ['#', 'dw/1/up/16/+/+', 'dw/1/up/+/+/+', topics.answerFilter('cloud-2'), ...topics.hubFilters(other)];
  for (const filter of denied) t.equal(code(maySubscribe(cloud, filter, 1)), 'BROKER_TOPIC_REFUSED', filter);
});

/** Every topic that there is, of this home and another. */
const everyTopic = [hub.id, other].flatMap((id) => [
  ...upKinds.map((kind) => topics.up(id, kind)),
  ...downKinds.map((kind) => topics.down(id, kind)),
  topics.answer('cloud-1', id),
  topics.sealed(id),
  topics.mediaAck(id),
]);
const everyFilter = [
  ...everyTopic,
  ...['#', '+/#', 'dw/#', '$SYS/#', 'dw/1/media/#', 'dw/1/media/+/+/sealed', 'dw/1/hub-media/+/ack'],
  ...[topics.shardFilter(0), topics.answerFilter('cloud-1'), topics.answerFilter('cloudmedia-1')],
  ...['dw/1/media/16/+/sealed', 'dw/1/media/0/+/+', `dw/1/hub-media/${media.id}/+`, `dw/1/hub-media/${media.id}/#`],
  ...[`dw/1/hub-media/${hub.id}/ack`, `dw/1/hub/${media.id}/request`, `$share/x/${topics.mediaAck(hub.id)}`],
];

t.test('T18: a media client publishes the pictures of its own hub, and nothing else', async (t) => {
  for (const topic of everyTopic) {
    t.equal(code(mayPublish(media, topic)), topic === topics.sealed(hub.id) ? 'ok' : 'BROKER_TOPIC_REFUSED', topic);
  }
  const wrongShard = `dw/1/media/${(shardOf(hub.id) + 1) % 16}/${media.id}/sealed`;
  for (const topic of [wrongShard, `dw/1/up/${shardOf(hub.id)}/${media.id}/journal`, `dw/1/ans/cloud-1/${media.id}`]) {
    t.equal(code(mayPublish(media, topic)), 'BROKER_TOPIC_REFUSED', topic);
  }
});

t.test('T18: a media client hears the acknowledgements for its own hub, and nothing else', async (t) => {
  for (const filter of everyFilter) {
    const expected = filter === topics.mediaAck(hub.id) ? 'ok' : 'BROKER_TOPIC_REFUSED';
    t.equal(code(maySubscribe(media, filter, 0)), expected, filter);
  }
});

t.test(
  'the media client of a cloud instance acknowledges to any hub, hears whole shards of pictures, and nothing else',
  async (t) => {
    for (const topic of everyTopic) {
      const isAck = topic === topics.mediaAck(hub.id) || topic === topics.mediaAck(other);
      t.equal(code(mayPublish(cloudmedia, topic)), isAck ? 'ok' : 'BROKER_TOPIC_REFUSED', topic);
    }
    for (const filter of everyFilter)
      t.equal(code(maySubscribe(cloudmedia, filter, 0)), 'BROKER_TOPIC_REFUSED', filter);
    for (let shard = 0; shard < 16; shard++) {
      t.equal(code(maySubscribe(cloudmedia, topics.mediaShardFilter(shard), 0)), 'ok');
    }
  },
);

t.test('T18: nothing of the media link is open to a hub or a cloud instance', async (t) => {
  const ofMedia = [topics.sealed(hub.id), topics.mediaAck(hub.id), topics.mediaShardFilter(0), 'dw/1/media/#'];
  for (const client of [hub, cloud]) {
    for (const topic of ofMedia) {
      t.equal(code(mayPublish(client, topic)), 'BROKER_TOPIC_REFUSED', `${client.id} ${topic}`);
      t.equal(code(maySubscribe(client, topic, 0)), 'BROKER_TOPIC_REFUSED', `${client.id} ${topic}`);
    }
  }
});

t.test('QoS 2 is not granted', async (t) => {
  t.equal(code(maySubscribe(cloud, topics.shardFilter(0), 2)), 'BROKER_QOS_REFUSED');
});

t.test('a session is opened under the own name, clean and with a keep-alive', async (t) => {
  const connect = (change: Partial<ConnectWish>) => code(mayConnect(hub, { ...wish, ...change }, 300));
  t.equal(connect({}), 'ok');
  t.equal(connect({ clientId: other }), 'BROKER_CLIENT_ID_REFUSED');
  t.equal(connect({ clientId: '' }), 'BROKER_CLIENT_ID_REFUSED');
  t.equal(connect({ clean: false }), 'BROKER_CONNECT_REFUSED');
  t.equal(connect({ keepaliveS: 0 }), 'BROKER_CONNECT_REFUSED');
  t.equal(connect({ keepaliveS: 300 }), 'ok');
  t.equal(connect({ keepaliveS: 301 }), 'BROKER_CONNECT_REFUSED');
});

t.test('a will is for the own presence, neither retained nor at QoS 2', async (t) => {
  const will = { topic: topics.up(hub.id, 'presence'), qos: 1, retain: false };
  const connect = (change: Partial<typeof will>) =>
    code(mayConnect(hub, { ...wish, will: { ...will, ...change } }, 300));
  t.equal(connect({}), 'ok');
  t.equal(connect({ topic: topics.up(other, 'presence') }), 'BROKER_TOPIC_REFUSED');
  t.equal(connect({ topic: topics.up(hub.id, 'journal') }), 'BROKER_TOPIC_REFUSED');
  t.equal(connect({ retain: true }), 'BROKER_RETAIN_REFUSED');
  t.equal(connect({ qos: 2 }), 'BROKER_QOS_REFUSED');
  const cloudWish = { ...wish, clientId: 'cloud-1', will };
  t.equal(code(mayConnect(cloud, cloudWish, 300)), 'BROKER_TOPIC_REFUSED', 'a cloud instance has none');
  for (const topic of [will.topic, topics.sealed(hub.id)]) {
    const mediaWish = { ...wish, clientId: media.id, will: { ...will, topic } };
    t.equal(code(mayConnect(media, mediaWish, 300)), 'BROKER_TOPIC_REFUSED', 'a media client has none');
  }
});
