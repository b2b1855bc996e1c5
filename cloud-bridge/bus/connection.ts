/** One MQTT 3.1.1 connection over mutual TLS that is kept up. A new client for every connection, so that nothing of the last one is sent late. */
import { randomInt } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';

export interface ConnectionConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  /** PEM, read once for all connections. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  /** The name in the certificate. */
  readonly clientId: string;
  /** Subscribed to on every connect, at this QoS. */
  readonly filters: readonly string[];
  readonly qos: 0 | 1;
}

export interface ConnectionEvents {
  message(topic: string, payload: Buffer): void;
  /** With true once all subscriptions are granted, with false after each loss. */
  change(online: boolean): void;
  /** The broker, or the way to it, said no: a code or a name of what. */
  refused(what: string): void;
}

export interface Connection {
  readonly online: boolean;
  /** Bytes that wait in the socket. */
  readonly waiting: number;
  /** Connects and stays connected, with jittered back-off, until `close`. */
  start(): void;
  close(): Promise<void>;
  /** @returns false when there is no connection: nothing is queued */
  publish(topic: string, payload: Buffer, qos: 0 | 1): boolean;
}

const keepaliveS = 20;
const connectTimeoutMs = 10_000;
const firstBackoffMs = 250;
const longestBackoffMs = 15_000;
/** Filters in one SUBSCRIBE that any broker takes. */
const maxFilters = 8;

const optionsFor = (config: ConnectionConfig): IClientOptions & { minVersion: string } => ({
  protocolVersion: 4,
  clientId: config.clientId,
  clean: true,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  connectTimeout: connectTimeoutMs,
  keepalive: keepaliveS,
  cert: config.certificate,
  key: config.key,
  ca: config.brokerCa,
  rejectUnauthorized: true,
  minVersion: 'TLSv1.3',
});

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

async function subscribeAll(client: MqttClient, { filters, qos }: ConnectionConfig): Promise<boolean> {
  for (const some of chunks(filters, maxFilters)) {
    const granted = await client.subscribeAsync(some, { qos });
    if (granted.length !== some.length || granted.some((one) => one.qos > qos)) return false;
  }
  return true;
}

/** @returns a connection that is not made yet */
export function keptConnection(config: ConnectionConfig, events: ConnectionEvents): Connection {
  const options = optionsFor(config);
  let client: MqttClient | undefined;
  let online = false;
  let closed = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;

  const setOnline = (now: boolean): void => {
    if (online === now) return;
    online = now;
    events.change(now);
  };

  function connect(): void {
    const current = mqtt.connect(config.broker, options);
    client = current;
    let gone = false;
    const drop = (): void => {
      if (gone) return;
      gone = true;
      current.end(true);
      if (client === current) client = undefined;
      setOnline(false);
      if (closed) return;
      const ceiling = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failures, 10));
      failures += 1;
      retry = setTimeout(connect, ceiling / 2 + randomInt(Math.ceil(ceiling / 2)));
    };
    current.on('connect', () => {
      (current.stream as TLSSocket).setNoDelay(true);
      subscribeAll(current, config).then(
        (granted) => {
          if (gone) return;
          if (granted) {
            failures = 0;
            setOnline(true);
          } else {
            events.refused('subscribe');
            drop();
          }
        },
        () => drop(),
      );
    });
    current.on('message', events.message);
    current.on('error', (error) => {
      if (!gone) events.refused('code' in error ? String(error.code) : error.name);
      drop();
    });
    current.on('close', drop);
    current.on('disconnect', drop);
  }

  return {
    get online() {
      return online;
    },
    get waiting() {
      return client?.stream.writableLength ?? 0;
    },
    start: connect,
    publish: (topic, payload, qos) => {
      if (!online || !client?.connected) return false;
      // At QoS 0 a callback would wait for the socket to drain, one listener for each message.
      if (qos === 0) client.publish(topic, payload, { qos: 0, retain: false });
      else client.publish(topic, payload, { qos, retain: false }, () => undefined);
      return true;
    },
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.endAsync(true);
      client = undefined;
      setOnline(false);
    },
  };
}
