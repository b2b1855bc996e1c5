/** Who may connect how, publish where and subscribe to what: the whole access rule of the broker, pure. */
import { accept, refuse, type Verdict } from '../wire/faults.ts';
import { hubIdOfMedia, parseTopic, shardCount, type Topic, topics } from '../wire/topics.ts';
import type { Identity, Role } from './identity.ts';

/** What a CONNECT asks for, as far as it is judged. */
export interface ConnectWish {
  readonly clientId: string;
  readonly clean: boolean;
  /** Seconds; 0 switches it off in MQTT. */
  readonly keepaliveS: number;
  readonly will: { readonly topic: string; readonly qos: number; readonly retain: boolean } | undefined;
}

const everyShard = (filterOf: (shard: number) => string): ReadonlySet<string> =>
  new Set(Array.from({ length: shardCount }, (_, shard) => filterOf(shard)));
const shardFilters = everyShard(topics.shardFilter);
const mediaShardFilters = everyShard(topics.mediaShardFilter);

interface Rules {
  publishes(topic: Topic, id: string): boolean;
  subscribes(filter: string, id: string): boolean;
}

/** By role; `id` is the client's own. A hub's filters are exact names, a cloud instance's are whole shards and its own answers. */
const rules: Readonly<Record<Role, Rules>> = {
  hub: {
    publishes: (topic, id) => (topic.is === 'up' || topic.is === 'answer') && topic.hubId === id,
    subscribes: (filter, id) => topics.hubFilters(id).includes(filter),
  },
  cloud: {
    publishes: (topic) => topic.is === 'down',
    subscribes: (filter, id) => shardFilters.has(filter) || filter === topics.answerFilter(id),
  },
  media: {
    publishes: (topic, id) => topic.is === 'sealed' && topic.hubId === hubIdOfMedia(id),
    subscribes: (filter, id) => topics.mediaFilters(hubIdOfMedia(id)).includes(filter),
  },
  cloudmedia: {
    publishes: (topic) => topic.is === 'mediaAck',
    subscribes: (filter) => mediaShardFilters.has(filter),
  },
};

/**
 * May this client open a session like this? Asked before anything that could touch another client.
 * @param maxKeepaliveS  longest keep-alive, seconds
 * @returns BROKER_CLIENT_ID_REFUSED, BROKER_CONNECT_REFUSED, or for its will BROKER_TOPIC_REFUSED, BROKER_RETAIN_REFUSED, BROKER_QOS_REFUSED
 */
export function mayConnect(client: Identity, wish: ConnectWish, maxKeepaliveS: number): Verdict<undefined> {
  if (wish.clientId !== client.id) return refuse('BROKER_CLIENT_ID_REFUSED');
  if (!wish.clean) return refuse('BROKER_CONNECT_REFUSED', { reason: 'session is not clean' });
  if (wish.keepaliveS < 1 || wish.keepaliveS > maxKeepaliveS) {
    return refuse('BROKER_CONNECT_REFUSED', { reason: 'keep-alive', keepaliveS: wish.keepaliveS, maxKeepaliveS });
  }
  if (wish.will === undefined) return accept(undefined);
  if (wish.will.qos > 1) return refuse('BROKER_QOS_REFUSED');
  if (wish.will.retain) return refuse('BROKER_RETAIN_REFUSED');
  const isOwnPresence = client.role === 'hub' && wish.will.topic === topics.up(client.id, 'presence');
  return isOwnPresence ? accept(undefined) : refuse('BROKER_TOPIC_REFUSED');
}

/**
 * May this client publish here? A hub: its own `up` topics, in its own shard, and answers under its own name. A cloud instance: what
 * goes down to any hub. Their media clients: sealed pictures under the own name and shard, acknowledgements of them to any hub.
 * @returns the topic, or BROKER_TOPIC_REFUSED
 */
export function mayPublish({ id, role }: Identity, topic: string): Verdict<Topic> {
  const parsed = parseTopic(topic);
  return parsed !== undefined && rules[role].publishes(parsed, id) ? accept(parsed) : refuse('BROKER_TOPIC_REFUSED');
}

/**
 * May this client subscribe to this filter? A hub: its three topics by exact name; its media client: its one. A cloud instance: whole
 * shards of what goes up, and its own answers; its media client: whole shards of sealed pictures.
 * @param qos  0..2 as asked for
 * @returns BROKER_TOPIC_REFUSED or BROKER_QOS_REFUSED
 */
export function maySubscribe({ id, role }: Identity, filter: string, qos: number): Verdict<undefined> {
  if (!rules[role].subscribes(filter, id)) return refuse('BROKER_TOPIC_REFUSED');
  return qos > 1 ? refuse('BROKER_QOS_REFUSED') : accept(undefined);
}
