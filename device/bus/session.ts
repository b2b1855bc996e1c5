/** One MQTT 3.1.1 session that is kept up: TLS, subscriptions, back-off. A new client for every connection, so that nothing of the last one is sent late. */
import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type IClientOptions, MqttClient } from 'mqtt';
import { writeToStream } from 'mqtt-packet';
import type { Clock } from '../clock/clock.ts';

export interface SessionConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  /** The name in the certificate. */
  readonly clientId: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  /** Seconds between signs of life. */
  readonly keepaliveS: number;
  /** First wait before a reconnect, ms; doubles up to 30 s, each time with jitter. */
  readonly backoffMs: number;
  /** Subscribed to on every connect, at this QoS. */
  readonly filters: readonly string[];
  readonly qos: 0 | 1;
  /** What the broker says for this client when it is lost, QoS 1. */
  readonly will?: { readonly topic: string; readonly payload: Buffer };
}

export interface SessionEvents {
  message(topic: string, payload: Buffer): void;
  /** With true after each connect once all subscriptions are granted, with false after each loss and after `end`. */
  change(online: boolean): void;
  /** The broker, or the way to it, said no: a code or a name of what. */
  refused(what: string): void;
}

export interface Session {
  readonly online: boolean;
  /** Bytes that wait in the socket. */
  readonly waiting: number;
  /** Connects and stays connected until `end`. Does nothing while that goes on already. */
  start(): void;
  /** Says goodbye, for at most a second, and stays away until the next `start`. */
  end(): Promise<void>;
  /** Hands one message to the socket. @returns false when there is no connection: nothing is queued (T43) */
  publish(topic: string, payload: Buffer, qos: 0 | 1): boolean;
}

const longestBackoffMs = 30_000;
const connectTimeoutMs = 10_000;
const goodbyeMs = 1_000;
const defaultPort = 8883;

// By default the library makes a buffer of each of the 65,536 packet ids beforehand: 6 MB that a hub would never fill.
writeToStream.cacheNumbers = false;

/** Mutual TLS to the broker. Not the library's own: that one loads proxies and web sockets, and lets the environment name a proxy. */
function openTls({ broker, certificate, key, brokerCa }: SessionConfig): TLSSocket {
  const { hostname, port } = new URL(broker);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connectTls({
    host,
    port: port === '' ? defaultPort : Number(port),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    cert: certificate,
    key,
    ca: brokerCa,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  return socket.setNoDelay(true);
}

const optionsFor = ({ clientId, keepaliveS, will }: SessionConfig): IClientOptions => ({
  protocolVersion: 4,
  clientId,
  clean: true,
  reconnectPeriod: 0,
  connectTimeout: connectTimeoutMs,
  keepalive: keepaliveS,
  // Sending proves nothing about the way back: only what comes in puts the next question off.
  reschedulePings: false,
  ...(will === undefined ? {} : { will: { ...will, qos: 1, retain: false } }),
});

/** @returns a session that is not connected yet */
export function keptSession(config: SessionConfig, clock: Clock, events: SessionEvents): Session {
  const options = optionsFor(config);
  let client: MqttClient | undefined;
  let online = false;
  let wanted = false;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;

  const setOnline = (now: boolean): void => {
    if (online === now) return;
    online = now;
    events.change(now);
  };

  const retryLater = (): void => {
    const ceiling = Math.min(longestBackoffMs, config.backoffMs * 2 ** Math.min(failures, 10));
    failures += 1;
    cancelRetry = clock.after(Math.round(ceiling / 2) + randomInt(Math.max(1, Math.round(ceiling / 2))), connect);
  };

  function connect(): void {
    cancelRetry = undefined;
    const current = new MqttClient(() => openTls(config), { ...options });
    client = current;
    /** Lost: nobody asked it to go. */
    const drop = (): void => {
      current.end(true);
      if (client !== current) return;
      client = undefined;
      setOnline(false);
      retryLater();
    };
    current.on('connect', () => {
      if (client !== current) return;
      current.subscribe([...config.filters], { qos: config.qos }, (error, granted) => {
        if (client !== current) return;
        if (error || !granted || granted.some((one) => one.qos > 2)) {
          events.refused('subscribe');
          drop();
          return;
        }
        failures = 0;
        setOnline(true);
      });
    });
    current.on('message', (topic, payload) => {
      if (client === current) events.message(topic, payload);
    });
    current.on('packetreceive', () => current.reschedulePing(true));
    current.on('error', (error) => {
      if (client === current) events.refused('code' in error ? String(error.code) : error.name);
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
    start: () => {
      if (wanted) return;
      wanted = true;
      connect();
    },
    publish: (topic, payload, qos) => {
      if (!client?.connected) return false;
      // At QoS 0 a callback would wait for the socket to drain, one listener for each message.
      if (qos === 0) client.publish(topic, payload, { qos: 0, retain: false });
      else client.publish(topic, payload, { qos, retain: false }, () => undefined);
      return true;
    },
    end: async () => {
      wanted = false;
      cancelRetry?.();
      cancelRetry = undefined;
      failures = 0;
      const current = client;
      client = undefined;
      setOnline(false);
      if (current === undefined) return;
      await new Promise<void>((resolve) => {
        // The library waits for its last bytes to leave, which on a dead line they never do.
        const cancel = clock.after(goodbyeMs, () => {
          current.stream.destroy();
          resolve();
        });
        current.end(!current.connected, {}, () => {
          cancel();
          resolve();
        });
      });
    },
  };
}
