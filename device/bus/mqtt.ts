/** `Bus` over MQTT 3.1.1 and mutual TLS. A new client for every connection, so that nothing of the last one is sent late. */
import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type IClientOptions, MqttClient } from 'mqtt';
import { writeToStream } from 'mqtt-packet';
import { writeMessage } from '../../wire/messages.ts';
import { type DownKind, parseTopic, topics } from '../../wire/topics.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';

export interface MqttBusConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  readonly hubId: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  /** Random id of this run of the hub. */
  readonly boot: string;
  /** 5..60 s between signs of life. */
  readonly keepaliveS: number;
  /** First wait before a reconnect, ms; doubles up to 30 s, each time with jitter. */
  readonly backoffMs: number;
}

const longestBackoffMs = 30_000;
const connectTimeoutMs = 10_000;
const defaultPort = 8883;

// By default the library makes a buffer of each of the 65,536 packet ids beforehand: 6 MB that a hub would never fill.
writeToStream.cacheNumbers = false;

/** Mutual TLS to the broker. Not the library's own: that one loads proxies and web sockets, and lets the environment name a proxy. */
function openTls({ broker, certificate, key, brokerCa }: MqttBusConfig): TLSSocket {
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

/** @returns a bus that is not connected yet */
export function mqttBus(config: MqttBusConfig, clock: Clock, log: Log): Bus {
  let client: MqttClient | undefined;
  let online = false;
  let closed = false;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;
  const messageListeners: ((kind: DownKind, payload: Buffer) => void)[] = [];
  const changeListeners: ((online: boolean) => void)[] = [];

  const setOnline = (now: boolean): void => {
    if (online === now) return;
    online = now;
    log[now ? 'busOnline' : 'busOffline']({ broker: config.broker });
    for (const listener of changeListeners) listener(now);
  };

  const options: IClientOptions = {
    protocolVersion: 4,
    clientId: config.hubId,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: connectTimeoutMs,
    keepalive: config.keepaliveS,
    will: {
      topic: topics.up(config.hubId, 'presence'),
      payload: writeMessage({ v: 1, hub: config.hubId, online: false, boot: config.boot }),
      qos: 1,
      retain: false,
    },
  };

  const retryLater = (): void => {
    if (closed) return;
    const ceiling = Math.min(longestBackoffMs, config.backoffMs * 2 ** Math.min(failures, 10));
    failures += 1;
    cancelRetry = clock.after(Math.round(ceiling / 2) + randomInt(Math.max(1, Math.round(ceiling / 2))), connect);
  };

  function connect(): void {
    cancelRetry = undefined;
    const current = new MqttClient(() => openTls(config), { ...options });
    client = current;
    let gone = false;
    const drop = (): void => {
      if (gone) return;
      gone = true;
      current.end(true);
      if (client === current) client = undefined;
      setOnline(false);
      retryLater();
    };
    current.on('connect', () => {
      current.subscribe(topics.hubFilters(config.hubId), { qos: 1 }, (error, granted) => {
        if (error || !granted || granted.some((one) => one.qos > 2)) {
          log.busRefused({ what: 'subscribe' });
          drop();
          return;
        }
        failures = 0;
        publish('presence', writeMessage({ v: 1, hub: config.hubId, online: true, boot: config.boot }));
        setOnline(true);
      });
    });
    current.on('message', (topic, payload) => {
      const parsed = parseTopic(topic);
      if (parsed?.is !== 'down' || parsed.hubId !== config.hubId) {
        log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
        return;
      }
      for (const listener of messageListeners) listener(parsed.kind, payload);
    });
    current.on('error', (error) => {
      log.busRefused({ what: 'code' in error ? String(error.code) : error.name });
      drop();
    });
    current.on('close', drop);
    current.on('disconnect', drop);
  }

  const send = (topic: string, payload: Buffer): boolean => {
    if (!client?.connected) return false;
    client.publish(topic, payload, { qos: 1, retain: false }, () => undefined);
    return true;
  };
  const publish: Bus['publish'] = (kind, payload) => send(topics.up(config.hubId, kind), payload);

  return {
    start: connect,
    get online() {
      return online;
    },
    publish,
    answer: (instanceId, payload) => send(topics.answer(instanceId, config.hubId), payload),
    onMessage: (listener) => void messageListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
    close: async () => {
      closed = true;
      cancelRetry?.();
      const current = client;
      if (current === undefined) return;
      publish('presence', writeMessage({ v: 1, hub: config.hubId, online: false, boot: config.boot }));
      await new Promise<void>((resolve) => {
        const cancel = clock.after(1000, () => current.end(true, () => resolve()));
        current.end(false, {}, () => {
          cancel();
          resolve();
        });
      });
    },
  };
}
