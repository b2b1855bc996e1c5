/** `Bus` over MQTT 3.1.1 and mutual TLS. A new client for every connection, so that nothing of the last one is sent late. */
import { randomInt, X509Certificate } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { Fault } from '../../wire/faults.ts';
import { isInstanceId, parseTopic, topics } from '../../wire/topics.ts';
import type { Log } from '../log.ts';
import type { Bus, BusListener } from './bus.ts';

export interface MqttBusConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  /** PEM, read once for all connections. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  readonly shards: readonly number[];
}

const keepaliveS = 20;
const connectTimeoutMs = 10_000;
const firstBackoffMs = 250;
const longestBackoffMs = 15_000;
/** Filters in one SUBSCRIBE that any broker takes. */
const maxFilters = 8;

/** @returns the instance id in a certificate. @throws Fault CONFIG_INVALID when it names none */
export function instanceIdOf(certificate: string): string {
  const name = /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? '';
  if (!isInstanceId(name)) throw new Fault('CONFIG_INVALID', { what: 'client certificate', why: 'CN is no cloud-…' });
  return name;
}

const optionsFor = (config: MqttBusConfig, clientId: string): IClientOptions & { minVersion: string } => ({
  protocolVersion: 4,
  clientId,
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

async function subscribeAll(client: MqttClient, filters: readonly string[]): Promise<boolean> {
  for (const some of chunks(filters, maxFilters)) {
    const granted = await client.subscribeAsync(some, { qos: 1 });
    if (granted.length !== some.length || granted.some((one) => one.qos > 1)) return false;
  }
  return true;
}

/** @returns a bus that is not connected yet. @throws Fault CONFIG_INVALID */
export function mqttBus(config: MqttBusConfig, log: Log): Bus {
  const instanceId = instanceIdOf(config.certificate);
  const options = optionsFor(config, instanceId);
  const filters = [topics.answerFilter(instanceId), ...config.shards.map(topics.shardFilter)];
  const listeners: BusListener[] = [];
  let client: MqttClient | undefined;
  let online = false;
  let closed = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;

  const setOnline = (now: boolean): void => {
    if (online === now) return;
    online = now;
    log[now ? 'busOnline' : 'busOffline']({ broker: config.broker });
    for (const listener of listeners) listener.change?.(now);
  };

  const take = (topic: string, payload: Buffer): void => {
    const parsed = parseTopic(topic);
    if (parsed?.is === 'up') {
      for (const listener of listeners) listener.message?.(parsed.hubId, parsed.kind, payload);
    } else if (parsed?.is === 'answer' && parsed.instanceId === instanceId) {
      for (const listener of listeners) listener.answer?.(parsed.hubId, payload);
    } else log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
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
      (current.stream as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
      subscribeAll(current, filters).then(
        (granted) => {
          if (gone) return;
          if (granted) {
            failures = 0;
            setOnline(true);
          } else {
            log.busRefused({ what: 'subscribe' });
            drop();
          }
        },
        () => drop(),
      );
    });
    current.on('message', take);
    current.on('error', (error) => {
      if (!gone) log.busRefused({ what: 'code' in error ? String(error.code) : error.name });
      drop();
    });
    current.on('close', drop);
    current.on('disconnect', drop);
  }

  return {
    instanceId,
    get online() {
      return online;
    },
    start: connect,
    publish: (hubId, kind, payload) => {
      if (!online || !client?.connected) return false;
      client.publish(topics.down(hubId, kind), payload, { qos: 1, retain: false }, () => undefined);
      return true;
    },
    listen: (listener) => void listeners.push(listener),
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.endAsync(true);
      client = undefined;
      setOnline(false);
    },
  };
}
