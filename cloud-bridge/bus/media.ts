/**
 * Sealed pictures up, acknowledgements of them down, over a connection and a certificate of their own: no picture ever stands before a
 * journal entry or an answer in the same stream of bytes.
 */
import { parseTopic, topics } from '../../wire/topics.ts';
import { mediaInstanceNamedIn } from '../ca/names.ts';
import type { Log } from '../log.ts';
import { keptConnection } from './connection.ts';
import type { MqttBusConfig } from './mqtt.ts';

export interface MediaBus {
  /** True while there is a connection with all its subscriptions granted. */
  readonly online: boolean;
  /** Connects and stays connected, with jittered back-off, until `close`. */
  start(): void;
  close(): Promise<void>;
  /** Told of everything that comes in, and of every change of `online`. */
  listen(listener: MediaListener): void;
  /**
   * Hands one acknowledgement to the socket, QoS 0. The bytes are not copied: leave them as they are.
   * @returns false when there is no connection, or when 1 MiB waits in the socket already: nothing is queued
   */
  ack(hubId: string, payload: Uint8Array): boolean;
}

export interface MediaListener {
  /** One sealed message of a hub of this instance's shards, by its media client's own topic: the broker lets no other use it. Not checked. */
  sealed?(hubId: string, payload: Buffer): void;
  change?(online: boolean): void;
}

const maxWaitingBytes = 1_048_576;

/** @param config  with the certificate of the media client. @returns a bus that is not connected yet. @throws Fault CONFIG_INVALID */
export function mqttMediaBus(config: MqttBusConfig, log: Log): MediaBus {
  const { broker, shards } = config;
  const listeners: MediaListener[] = [];
  const connection = keptConnection(
    {
      ...config,
      clientId: mediaInstanceNamedIn(config.certificate),
      filters: shards.map(topics.mediaShardFilter),
      qos: 0,
    },
    {
      message: (topic, payload) => {
        const parsed = parseTopic(topic);
        if (parsed?.is !== 'sealed') return log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
        for (const listener of listeners) listener.sealed?.(parsed.hubId, payload);
      },
      change: (online) => {
        log[online ? 'mediaOnline' : 'mediaOffline']({ broker });
        for (const listener of listeners) listener.change?.(online);
      },
      refused: (what) => log.mediaRefused({ what }),
    },
  );
  return {
    get online() {
      return connection.online;
    },
    start: connection.start,
    close: connection.close,
    listen: (listener) => void listeners.push(listener),
    ack: (hubId, { buffer, byteOffset, byteLength }) =>
      connection.waiting <= maxWaitingBytes &&
      connection.publish(topics.mediaAck(hubId), Buffer.from(buffer, byteOffset, byteLength), 0),
  };
}
