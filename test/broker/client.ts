/** Clients for tests: real mqtt.js sessions, and raw bytes over real TLS. */
import { once } from 'node:events';
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { comesTrue } from '../support/until.ts';
import type { Leaf } from './pki.ts';

/** One session, with everything that came over it. */
export interface TestClient {
  readonly mqtt: MqttClient;
  readonly received: { readonly topic: string; readonly payload: string }[];
  /** Whether the connection was closed by the other side at any time. */
  isGone(): boolean;
  end(): Promise<void>;
}

const patienceMs = 5_000;

/** Polls until `isSo`, for at most 5 s. @returns whether it came true */
export const until = (isSo: () => boolean, withinMs = patienceMs): Promise<boolean> => comesTrue(isSo, withinMs);

const optionsOf = (port: number, leaf: Leaf, clientId: string, more: IClientOptions): IClientOptions => ({
  protocol: 'mqtts',
  host: '127.0.0.1',
  port,
  servername: 'localhost',
  ca: leaf.ca,
  cert: leaf.cert,
  key: leaf.key,
  clientId,
  clean: true,
  reconnectPeriod: 0,
  connectTimeout: patienceMs,
  ...more,
});

/** Connects, or rejects when the broker refuses. */
export async function connectClient(
  port: number,
  leaf: Leaf,
  clientId: string,
  more: IClientOptions = {},
): Promise<TestClient> {
  const client = mqtt.connect(optionsOf(port, leaf, clientId, more));
  client.setMaxListeners(0); // a test may have many publishes under way
  const received: { topic: string; payload: string }[] = [];
  let hasClosed = false;
  client.on('message', (topic, payload) => received.push({ topic, payload: payload.toString() }));
  client.on('close', () => {
    hasClosed = true;
  });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', (error) => {
      client.end(true);
      reject(error);
    });
    client.once('close', () => reject(new TypeError('closed before it was connected')));
  });
  client.on('error', () => {});
  (client.stream as TLSSocket).setNoDelay(true);
  return {
    mqtt: client,
    received,
    isGone: () => hasClosed,
    end: async () => {
      if (!hasClosed) await client.endAsync(true);
    },
  };
}

/** @returns true when the broker lets this client open a session */
export async function canConnect(
  port: number,
  leaf: Leaf,
  clientId: string,
  more: IClientOptions = {},
): Promise<boolean> {
  try {
    const client = await connectClient(port, leaf, clientId, more);
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** @returns the granted QoS or 128, or 'closed' */
export function subscribe(client: TestClient, filter: string, qos: 0 | 1 | 2 = 1): Promise<number | 'closed'> {
  return new Promise((resolve) => {
    const isClosed = (): void => resolve('closed');
    client.mqtt.once('close', isClosed);
    client.mqtt.subscribe(filter, { qos }, (_error, _grants, packet) => {
      const granted = packet?.granted[0];
      if (typeof granted !== 'number') return; // not answered: the connection is going
      client.mqtt.off('close', isClosed);
      resolve(granted);
    });
  });
}

/** Publishes at QoS 1. @returns 'acknowledged' or 'closed' */
export function publish(
  client: TestClient,
  topic: string,
  payload: string,
  more: { qos?: 0 | 1 | 2; retain?: boolean } = {},
): Promise<'acknowledged' | 'closed'> {
  return new Promise((resolve) => {
    const isClosed = (): void => resolve('closed');
    client.mqtt.once('close', isClosed);
    client.mqtt.publish(topic, payload, { qos: 1, ...more }, (error) => {
      if (error) return;
      client.mqtt.off('close', isClosed);
      resolve('acknowledged');
    });
  });
}

/** A TLS connection for raw bytes. */
export interface RawClient {
  readonly socket: TLSSocket;
  /** Everything that came so far. */
  received(): Buffer;
  isClosed(): boolean;
}

/** @throws whatever TLS says */
export async function connectRaw(
  port: number,
  leaf: Pick<Leaf, 'ca'> & Partial<Leaf>,
  maxVersion: SecureVersion = 'TLSv1.3',
): Promise<RawClient> {
  const { ca, cert, key } = leaf;
  const socket = connectTls({ host: '127.0.0.1', port, servername: 'localhost', ca, cert, key, maxVersion });
  let bytes = Buffer.alloc(0);
  let hasClosed = false;
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  socket.on('close', () => {
    hasClosed = true;
  });
  await once(socket, 'secureConnect');
  socket.on('error', () => {});
  socket.setNoDelay(true);
  return { socket, received: () => bytes, isClosed: () => hasClosed };
}
