import fc from 'fast-check';
import t from 'tap';
import {
  downKinds,
  hubIdOfMedia,
  isHubId,
  isInstanceId,
  isMediaId,
  isMediaInstanceId,
  mediaIdOf,
  mediaInstanceIdOf,
  parseTopic,
  shardCount,
  shardOf,
  type Topic,
  topics,
  upKinds,
} from '../../wire/topics.ts';
import { newHubId } from '../support/keys.ts';

const idOf = (prefix: string, minLength: number, maxLength: number, letters: string) =>
  fc
    .array(fc.constantFrom(...letters), { minLength, maxLength })
    .map((characters) => `${prefix}${characters.join('')}`);
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const hubIds = idOf('hub-', 20, 20, letters);
const instanceIds = idOf('cloud-', 1, 24, `${letters}-`);

t.test('every topic that is built is read back', async (t) => {
  fc.assert(
    fc.property(
      hubIds,
      instanceIds,
      fc.constantFrom(...upKinds),
      fc.constantFrom(...downKinds),
      (hubId, instanceId, up, down) => {
        t.same(parseTopic(topics.up(hubId, up)), { is: 'up', hubId, kind: up });
        t.same(parseTopic(topics.down(hubId, down)), { is: 'down', hubId, kind: down });
        t.same(parseTopic(topics.answer(instanceId, hubId)), { is: 'answer', hubId, instanceId });
        t.same(parseTopic(topics.sealed(hubId)), { is: 'sealed', hubId });
        t.same(parseTopic(topics.mediaAck(hubId)), { is: 'mediaAck', hubId });
      },
    ),
    { numRuns: 50 },
  );
});

function build(topic: Topic): string {
  switch (topic.is) {
    case 'up':
      return topics.up(topic.hubId, topic.kind);
    case 'down':
      return topics.down(topic.hubId, topic.kind);
    case 'answer':
      return topics.answer(topic.instanceId, topic.hubId);
    case 'sealed':
      return topics.sealed(topic.hubId);
    case 'mediaAck':
      return topics.mediaAck(topic.hubId);
  }
}

t.test('a topic that is read is exactly the one that is built', async (t) => {
  const areas = ['hub', 'up', 'ans', 'media', 'hub-media'];
  const level = fc.oneof(
    hubIds,
    hubIds.map(mediaIdOf),
    instanceIds,
    fc.constantFrom('dw', '1', '2', '+', '#', '', 'sealed', ...areas, ...upKinds, ...downKinds, '0', '15', '16'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(level, { maxLength: 8 }), (levels) => {
      const topic = levels.join('/');
      const read = parseTopic(topic);
      if (read === undefined) return true;
      return build(read) === topic;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test('every malformed topic is refused', async (t) => {
  const hubId = newHubId();
  const shard = shardOf(hubId);
  const media = mediaIdOf(hubId);
  for (const topic of [
    '',
    '/',
    '#',
    '+',
    'dw',
    'dw/1',
    `dw/1/hub/${hubId}`,
    `dw/1/hub/${hubId}/`,
    `dw/1/hub/${hubId}/journal`,
    `dw/1/hub/${hubId}/request/x`,
    `dw/1/hub/${hubId}/request/`,
    `dw/1/hub/${hubId}/+`,
    `dw/1/hub/${hubId}/#`,
    'dw/1/hub/+/request',
    `dw/1/hub/${hubId.toUpperCase()}/request`,
    `dw/1/hub/${hubId}x/request`,
    `dw/2/hub/${hubId}/request`,
    `xx/1/hub/${hubId}/request`,
    `/dw/1/hub/${hubId}/request`,
    `dw/1/up/${shard}/${hubId}`,
    `dw/1/up/${shard}/${hubId}/request`,
    `dw/1/up/${shard}/${hubId}/journal/x`,
    `dw/1/up/${(shard + 1) % shardCount}/${hubId}/journal`,
    `dw/1/up/0${shard}/${hubId}/journal`,
    `dw/1/up/${shard} /${hubId}/journal`,
    'dw/1/ans/cloud-a',
    `dw/1/ans/cloud-/${hubId}`,
    `dw/1/ans/cloud-a/${hubId}/x`,
    `dw/1/ans/${hubId}/cloud-a`,
    `dw/1/media/${shard}/${hubId}/sealed`,
    `dw/1/media/${shard}/${media}/ack`,
    `dw/1/media/${shard}/${media}/sealed/x`,
    `dw/1/media/${shard}/${media}`,
    `dw/1/media/${(shard + 1) % shardCount}/${media}/sealed`,
    `dw/1/media/0${shard}/${media}/sealed`,
    `dw/1/media/${shard}/+/sealed`,
    `dw/1/up/${shard}/${media}/journal`,
    `dw/1/hub-media/${hubId}/ack`,
    `dw/1/hub-media/${media}/sealed`,
    `dw/1/hub-media/${media}/ack/x`,
    `dw/1/hub/${media}/request`,
    `dw/1/ans/cloudmedia-a/${hubId}`,
    `dw/1/ans/cloud-a/${media}`,
    `dw/1/hub/${hubId}/request\u0000`,
    `dw/1/hub/${hubId}\n/request`,
  ]) {
    t.equal(parseTopic(topic), undefined, JSON.stringify(topic));
  }
});

t.test('T18: a hub subscribes to its own three topics by name', async (t) => {
  const hubId = newHubId();
  t.equal(topics.hubFilters(hubId).length, 3);
  for (const filter of topics.hubFilters(hubId)) {
    t.match(parseTopic(filter), { is: 'down', hubId });
    t.notMatch(filter, /[+#]/);
  }
});

t.test('shards spread over all instances, and a shard is for ever', async (t) => {
  t.equal(shardOf('hub-aaaaaaaaaaaaaaaaaaaa'), shardOf('hub-aaaaaaaaaaaaaaaaaaaa'));
  const shards = new Set(Array.from({ length: 500 }, () => shardOf(newHubId())));
  t.same(
    [...shards].sort((a, b) => a - b),
    [...Array(shardCount).keys()],
  );
});

t.test('names that are none are no hub and no instance', async (t) => {
  for (const name of ['', 'hub-', 'hub-A', 'cloud-', `cloud-${'a'.repeat(25)}`, 'hub-aaaaaaaaaaaaaaaaaaaa\n']) {
    t.notOk(isHubId(name) || isInstanceId(name), JSON.stringify(name));
  }
});

t.test('a media client has the name of its hub or instance, and no name is of two kinds', async (t) => {
  const kinds = [isHubId, isInstanceId, isMediaId, isMediaInstanceId];
  const hubId = newHubId();
  const media = mediaIdOf(hubId);
  t.equal(media, `media-${hubId.slice(4)}`);
  t.equal(hubIdOfMedia(media), hubId);
  t.equal(mediaInstanceIdOf('cloud-eu-1'), 'cloudmedia-eu-1');
  for (const [index, name] of [hubId, 'cloud-media-1', media, 'cloudmedia-1'].entries()) {
    t.same(
      kinds.map((isOne) => isOne(name)),
      kinds.map((_, at) => at === index),
      name,
    );
  }
  for (const name of [
    'media-',
    `${media}x`,
    media.toUpperCase(),
    `${media}\n`,
    'cloudmedia-',
    `cloudmedia-${'a'.repeat(25)}`,
  ]) {
    t.notOk(
      kinds.some((isOne) => isOne(name)),
      JSON.stringify(name),
    );
  }
});
