/** `Bus` over MQTT: the hub's own topics, its presence and its will. */
import { writeMessage } from '../../wire/messages.ts';
import { type DownKind, parseTopic, topics } from '../../wire/topics.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { keptSession } from './session.ts';

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

/** @returns a bus that is not connected yet */
export function mqttBus(config: MqttBusConfig, clock: Clock, log: Log): Bus {
  const { broker, hubId, boot } = config;
  const messageListeners: ((kind: DownKind, payload: Buffer) => void)[] = [];
  const changeListeners: ((online: boolean) => void)[] = [];
  const presence = (online: boolean): Buffer => writeMessage({ v: 1, hub: hubId, online, boot });
  const publish: Bus['publish'] = (kind, payload) => session.publish(topics.up(hubId, kind), payload, 1);

  const session = keptSession(
    {
      ...config,
      clientId: hubId,
      filters: topics.hubFilters(hubId),
      qos: 1,
      will: { topic: topics.up(hubId, 'presence'), payload: presence(false) },
    },
    clock,
    {
      message: (topic, payload) => {
        const parsed = parseTopic(topic);
        if (parsed?.is !== 'down' || parsed.hubId !== hubId) {
          log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
          return;
        }
        for (const listener of messageListeners) listener(parsed.kind, payload);
      },
      change: (online) => {
        if (online) publish('presence', presence(true));
        log[online ? 'busOnline' : 'busOffline']({ broker });
        for (const listener of changeListeners) listener(online);
      },
      refused: (what) => log.busRefused({ what }),
    },
  );

  return {
    start: session.start,
    get online() {
      return session.online;
    },
    publish,
    answer: (instanceId, payload) => session.publish(topics.answer(instanceId, hubId), payload, 1),
    onMessage: (listener) => void messageListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
    close: () => {
      publish('presence', presence(false));
      return session.end();
    },
  };
}
