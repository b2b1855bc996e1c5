import fc from 'fast-check';
import t from 'tap';
import {
  downKinds,
  isHubId,
  isInstanceId,
  parseTopic,
  shardCount,
  shardOf,
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
      },
    ),
    { numRuns: 50 },
  );
});

t.test('a topic that is read is exactly the one that is built', async (t) => {
  const level = fc.oneof(
    hubIds,
    instanceIds,
    fc.constantFrom('dw', '1', '2', 'hub', 'up', 'ans', '+', '#', '', ...upKinds, ...downKinds, '0', '15', '16'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(level, { maxLength: 8 }), (levels) => {
      const topic = levels.join('/');
      const read = parseTopic(topic);
      if (read === undefined) return true;
      const built =
        read.is === 'up'
          ? topics.up(read.hubId, read.kind)
          : read.is === 'down'
            ? topics.down(read.hubId, read.kind)
            : topics.answer(read.instanceId, read.hubId);
      return built === topic;
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test('every malformed topic is refused', async (t) => {
  const hubId = newHubId();
  const shard = shardOf(hubId);
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
