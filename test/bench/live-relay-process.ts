/**
 * The cloud's part of `live.relay`, a process of its own: the shipped relay with its store, its files and its connection to the broker, and
 * a WebSocket to each viewer. Who may watch is left out: that is decided once, before the first picture.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { type MediaBus, type MediaListener, mqttMediaBus } from '../../cloud-bridge/bus/media.ts';
import { checkConfig } from '../../cloud-bridge/config/load.ts';
import { hubKeys } from '../../cloud-bridge/home/keys.ts';
import { openLog } from '../../cloud-bridge/log.ts';
import { fileRecordings } from '../../cloud-bridge/media/file-recordings.ts';
import type { Recordings } from '../../cloud-bridge/media/recordings.ts';
import { type Relay, relayOn } from '../../cloud-bridge/media/relay.ts';
import { viewerOn } from '../../cloud-bridge/media/viewer.ts';
import { photoFiles } from '../../cloud-bridge/photo/files.ts';
import { openSqliteStore } from '../../cloud-bridge/store/sqlite.ts';
import type { Store } from '../../cloud-bridge/store/store.ts';
import { accept } from '../../wire/faults.ts';
import { genesisOf } from '../../wire/journal.ts';
import type { Leaf } from '../broker/pki.ts';
import { until } from '../support/until.ts';
import { answerAs } from './live-child.ts';
import { homeAt, openNoise, type PrivateJwk } from './live-homes.ts';

export type RelayAsked =
  | {
      readonly ask: 'open';
      readonly folder: string;
      readonly brokerPort: number;
      readonly leaf: Leaf;
      readonly homes: number;
      readonly signJwk: PrivateJwk;
    }
  /** One viewer of home 0 is connected by `way`: what so many frames of this size cost there, us of CPU each. */
  | { readonly ask: 'cost'; readonly way: Way; readonly bytes: number; readonly frames: number }
  /** Resident, bytes. */
  | { readonly ask: 'memory' };

/** The relay at the broker; a relay of its own that is given frames directly, with its disk and without; a bare `send`. */
export const ways = ['broker', 'stored', 'relay', 'bare'] as const;
export type Way = (typeof ways)[number];

interface Given {
  readonly relay: Relay;
  sealed(hubId: string, message: Uint8Array): void;
}

interface Opened {
  readonly port: number;
  cost(way: Way, bytes: number, frames: number): Promise<number>;
}

const nothing: Recordings = {
  healthy: true,
  listen: () => undefined,
  start: async () => undefined,
  begin: async () => accept({ lastSeq: 0, append: () => false, end: () => undefined, rest: async () => undefined }),
  keyMessage: async () => undefined,
  have: async () => [],
  forget: async () => [],
  read: () => Promise.reject(new RangeError('nothing is stored')),
  addShare: () => Promise.reject(new RangeError('nothing is stored')),
  shares: () => Promise.reject(new RangeError('nothing is stored')),
  sweep: async () => undefined,
  close: async () => undefined,
};

async function fill(store: Store, homes: number, { d: _d, ...jwk }: PrivateJwk): Promise<void> {
  const at = Date.now();
  const none = { boot: null, seen_at: null, versions: null, software: null, owner_list: null };
  await store.write(async (tables) => {
    for (let index = 0; index < homes; index += 1) {
      const { hubId, home, door } = homeAt(index);
      await tables.homes.add({ id: home, created_at: at });
      const counts = { acked_seq: 0, acked_hash: genesisOf(hubId), owner_version: -1 };
      const hub = { id: hubId, home, sign_jwk: JSON.stringify(jwk), enrolled_at: at, online: 0 };
      await tables.hubs.add({ ...hub, ...none, ...counts });
      const facts = { id: door, kind: 'latch', seesBolt: true, seesDoor: true, camera: true };
      await tables.hubs.doors.announce(door, hubId, JSON.stringify(facts));
    }
  });
}

async function open({ folder, brokerPort, leaf, homes, signJwk }: RelayAsked & { ask: 'open' }): Promise<Opened> {
  const log = openLog('silent');
  const now = Date.now;
  const store = await openSqliteStore(join(folder, 'cloud.db'));
  await fill(store, homes, signJwk);
  const config = { ...checkConfig({ dataDir: folder }), mediaBytesPerSecond: Number.POSITIVE_INFINITY };
  const keys = hubKeys();
  const recordings = fileRecordings(
    join(folder, 'recordings'),
    { homeBytes: 1e12, reserveBytes: 0 },
    { store, now, log },
  );
  await recordings.start();
  const photos = photoFiles(join(folder, 'photos'));
  const parts = { config, store, keys, now, log };
  const pem = { certificate: leaf.cert, key: leaf.key, brokerCa: leaf.ca };
  const shards = Array.from({ length: 16 }, (_, shard) => shard);
  const media = mqttMediaBus({ broker: `mqtts://localhost:${brokerPort}`, ...pem, shards }, log);
  const give = (of: Recordings): Given => {
    const listeners: MediaListener[] = [];
    const bus: MediaBus = {
      online: true,
      start: () => undefined,
      close: async () => undefined,
      listen: (listener) => void listeners.push(listener),
      ack: () => true,
    };
    const relay = relayOn({ ...parts, media: bus, recordings: of, photos });
    const sealed = (hubId: string, message: Uint8Array): void => {
      for (const one of listeners) one.sealed?.(hubId, message as Buffer);
    };
    return { relay, sealed };
  };
  const given = { stored: give(recordings), relay: give(nothing) };
  const relays = {
    broker: relayOn({ ...parts, media, recordings, photos }),
    stored: given.stored.relay,
    relay: given.relay.relay,
  };
  const sockets = new Map<Way, WebSocket>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket, { url = '' }) => {
    const [, way, door] = url.split('/') as [string, Way, string];
    sockets.set(way, socket);
    if (way === 'bare') return;
    const leave = relays[way].watch(door, viewerOn(socket));
    socket.on('close', leave);
  });
  media.start();
  await until('the relay is online', () => media.online && server.address() !== null);
  return { port: (server.address() as { port: number }).port, cost: (...of) => cost(sockets, given, signJwk, ...of) };
}

/** Frames as they come at a busy moment, a handful at a time; made before the time is taken. */
const together = 15;

async function cost(
  sockets: ReadonlyMap<Way, WebSocket>,
  given: Readonly<Record<'stored' | 'relay', Given>>,
  signJwk: PrivateJwk,
  way: Way,
  bytes: number,
  frames: number,
): Promise<number> {
  const socket = await until('the viewer is there', () => sockets.get(way));
  const { hubId } = homeAt(0);
  const stream = await openNoise(0, signJwk, bytes);
  const sink = way === 'stored' || way === 'relay' ? given[way] : undefined;
  const send = (message: Uint8Array): void => (sink === undefined ? socket.send(message) : sink.sealed(hubId, message));
  const drained = async (): Promise<void> => {
    do await wait(1);
    while (socket.bufferedAmount > 0);
  };
  if (sink !== undefined) send(stream.keyMessage);
  send(stream.next());
  await wait(20);
  await drained();
  const batches = Array.from({ length: frames / together }, () => Array.from({ length: together }, stream.next));
  global.gc?.();
  const before = process.cpuUsage();
  for (const batch of batches) {
    for (const message of batch) send(message);
    await drained();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / frames;
}

let opened: Opened | undefined;

answerAs<RelayAsked, number>('relay', async (asked) => {
  if (asked.ask === 'open') {
    opened = await open(asked);
    return opened.port;
  }
  if (asked.ask === 'cost') return opened!.cost(asked.way, asked.bytes, asked.frames);
  global.gc?.();
  await wait(200);
  global.gc?.();
  return process.memoryUsage().rss;
});
