/** `Bus` over MQTT: what comes up is told apart by topic. */
import { parseTopic, topics } from '../../wire/topics.ts';
import { instanceIdOf } from '../ca/names.ts';
import type { Log } from '../log.ts';
import type { Bus, BusListener } from './bus.ts';
import { keptConnection } from './connection.ts';

export interface MqttBusConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  /** PEM, read once for all connections. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  readonly shards: readonly number[];
}

/** @returns a bus that is not connected yet. @throws Fault CONFIG_INVALID */
export function mqttBus(config: MqttBusConfig, log: Log): Bus {
  const instanceId = instanceIdOf(config.certificate);
  const { broker, shards } = config;
  const filters = [topics.answerFilter(instanceId), ...shards.map(topics.shardFilter)];
  const listeners: BusListener[] = [];

  const take = (topic: string, payload: Buffer): void => {
    const parsed = parseTopic(topic);
    if (parsed?.is === 'up') {
      for (const listener of listeners) listener.message?.(parsed.hubId, parsed.kind, payload);
    } else if (parsed?.is === 'answer' && parsed.instanceId === instanceId) {
      for (const listener of listeners) listener.answer?.(parsed.hubId, payload);
    } else log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
  };

  const connection = keptConnection(
    { ...config, clientId: instanceId, filters, qos: 1 },
    {
      message: take,
      change: (online) => {
        log[online ? 'busOnline' : 'busOffline']({ broker });
        for (const listener of listeners) listener.change?.(online);
      },
      refused: (what) => log.busRefused({ what }),
    },
  );

  return {
    instanceId,
    get online() {
      return connection.online;
    },
    start: connection.start,
    close: connection.close,
    publish: (hubId, kind, payload) => connection.publish(topics.down(hubId, kind), payload, 1),
    listen: (listener) => void listeners.push(listener),
  };
}
