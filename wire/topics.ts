/** Every MQTT topic of Doorward, built and read in one place. MQTT 3.1.1, at most 7 levels, no `$share`, nothing retained. */
import { createHash } from 'node:crypto';

/** Shards of what goes up: a cloud instance subscribes to some of them, so that several share the work with any broker. */
export const shardCount = 16;

/** @returns 0..15, from the hub id alone */
export const shardOf = (hubId: string): number => createHash('sha256').update(hubId).digest()[0]! % shardCount;

/** What a hub sends up by itself. `answer` goes to the instance that asked, so it has a topic of its own. */
export const upKinds = ['journal', 'ask', 'presence', 'alarm'] as const;
export type UpKind = (typeof upKinds)[number];

/** What the cloud sends down to one hub. */
export const downKinds = ['request', 'ack', 'answer'] as const;
export type DownKind = (typeof downKinds)[number];

export const topics = {
  /** cloud -> hub */
  down: (hubId: string, kind: DownKind): string => `dw/1/hub/${hubId}/${kind}`,
  /** hub -> cloud: `dw/1/up/<shard>/<hub>/<kind>` */
  up: (hubId: string, kind: UpKind): string => `dw/1/up/${shardOf(hubId)}/${hubId}/${kind}`,
  /** hub -> the cloud instance that asked: `dw/1/ans/<instance>/<hub>` */
  answer: (instanceId: string, hubId: string): string => `dw/1/ans/${instanceId}/${hubId}`,
  /** What a hub subscribes to: its three topics, by name, no wildcard. */
  hubFilters: (hubId: string): string[] => downKinds.map((kind) => topics.down(hubId, kind)),
  /** What a cloud instance subscribes to for one shard. */
  shardFilter: (shard: number): string => `dw/1/up/${shard}/+/+`,
  /** What a cloud instance subscribes to for its own answers. */
  answerFilter: (instanceId: string): string => `dw/1/ans/${instanceId}/+`,
  /** hub's media client -> cloud, QoS 0: `dw/1/media/<shard of the hub>/<media id>/sealed` */
  sealed: (hubId: string): string => `dw/1/media/${shardOf(hubId)}/${mediaIdOf(hubId)}/sealed`,
  /** cloud -> hub's media client, QoS 0: `dw/1/hub-media/<media id>/ack` */
  mediaAck: (hubId: string): string => `dw/1/hub-media/${mediaIdOf(hubId)}/ack`,
  /** What a hub's media client subscribes to: its one topic, by name. */
  mediaFilters: (hubId: string): string[] => [topics.mediaAck(hubId)],
  /** What a cloud instance's media client subscribes to for one shard. */
  mediaShardFilter: (shard: number): string => `dw/1/media/${shard}/+/sealed`,
};

export type Topic =
  | { readonly is: 'down'; readonly hubId: string; readonly kind: DownKind }
  | { readonly is: 'up'; readonly hubId: string; readonly kind: UpKind }
  | { readonly is: 'answer'; readonly hubId: string; readonly instanceId: string }
  | { readonly is: 'sealed'; readonly hubId: string }
  | { readonly is: 'mediaAck'; readonly hubId: string };

const hubIdForm = /^hub-[a-z0-9]{20}$/;
const mediaIdForm = /^media-[a-z0-9]{20}$/;
const instanceIdForm = /^cloud-[a-z0-9-]{1,24}$/;
const mediaInstanceIdForm = /^cloudmedia-[a-z0-9-]{1,24}$/;

/** `hub-` and 20 of a-z0-9 (100 bits): certificate name, client id and topic level of a hub. */
export const isHubId = (name: string): boolean => hubIdForm.test(name);
/** `cloud-` and 1..24 of a-z0-9-: certificate name, client id and answer topic level of a cloud instance. */
export const isInstanceId = (name: string): boolean => instanceIdForm.test(name);
/** `media-` and the same 20 characters as the hub's: certificate name, client id and topic level of a hub's media client. */
export const isMediaId = (name: string): boolean => mediaIdForm.test(name);
/** `cloudmedia-` and what follows `cloud-` in the instance's name: certificate name and client id of its media client. */
export const isMediaInstanceId = (name: string): boolean => mediaInstanceIdForm.test(name);

/** @returns the name of a hub's media client. Only for a hub id */
export const mediaIdOf = (hubId: string): string => hubId.replace(/^hub-/, 'media-');
/** @returns the name of a cloud instance's media client. Only for an instance id */
export const mediaInstanceIdOf = (instanceId: string): string => instanceId.replace(/^cloud-/, 'cloudmedia-');
/** @returns the hub whose media client this is. Only for a media id */
export const hubIdOfMedia = (mediaId: string): string => mediaId.replace(/^media-/, 'hub-');

const oneOf = <T extends string>(all: readonly T[], x: string | undefined): T | undefined =>
  all.find((one) => one === x);

/** Reads a concrete topic (no wildcards). @returns undefined for anything that is not exactly one of ours, a wrong shard included */
export function parseTopic(topic: string): Topic | undefined {
  const [dw, version, area, a, b, c, extra] = topic.split('/');
  if (dw !== 'dw' || version !== '1' || extra !== undefined) return undefined;
  if (area === 'hub' && a !== undefined && isHubId(a) && c === undefined) {
    const kind = oneOf(downKinds, b);
    return kind && { is: 'down', hubId: a, kind };
  }
  if (area === 'up' && b !== undefined && isHubId(b) && a === String(shardOf(b))) {
    const kind = oneOf(upKinds, c);
    return kind && { is: 'up', hubId: b, kind };
  }
  if (area === 'ans' && a !== undefined && isInstanceId(a) && b !== undefined && isHubId(b) && c === undefined) {
    return { is: 'answer', hubId: b, instanceId: a };
  }
  if (area === 'media' && b !== undefined && isMediaId(b) && c === 'sealed') {
    const hubId = hubIdOfMedia(b);
    return a === String(shardOf(hubId)) ? { is: 'sealed', hubId } : undefined;
  }
  if (area === 'hub-media' && a !== undefined && isMediaId(a) && b === 'ack' && c === undefined) {
    return { is: 'mediaAck', hubId: hubIdOfMedia(a) };
  }
  return undefined;
}
