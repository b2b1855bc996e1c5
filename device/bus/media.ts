/**
 * Sealed pictures up, acknowledgements of them down, over a connection and a certificate of their own: no picture ever stands before an
 * answer or a journal entry. It is there only while somebody asks for it.
 */
import { mediaIdOf, parseTopic, topics } from '../../wire/topics.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import { keptSession } from './session.ts';

export interface MediaLinkConfig {
  /** `mqtts://host:port` */
  readonly broker: string;
  readonly hubId: string;
  /** PEM: the certificate of the hub's media client, and the hub's own TLS key. */
  readonly certificate: string;
  readonly key: string;
  readonly brokerCa: string;
  /** First wait before a reconnect, ms; doubles up to 30 s, each time with jitter. */
  readonly backoffMs: number;
}

export interface MediaLink {
  /** A camera starts, or something waits to go up: connects and stays connected, with jittered back-off. Does nothing while it is so already. */
  start(): void;
  /** Nothing is to be sent for now: disconnects, until the next `start`. Without viewer and visit there is no traffic at all. */
  rest(): void;
  /** As `rest`, and resolves when the connection is gone. */
  close(): Promise<void>;
  /** True while there is a connection that takes messages and hears acknowledgements. */
  readonly online: boolean;
  /** Bytes that wait in the socket. */
  readonly waiting: number;
  /**
   * Hands one sealed message to the socket, QoS 0. The bytes are not copied: leave them as they are.
   * @returns false when offline or when more than `maxWaitingBytes` wait in the socket: nothing is queued
   */
  send(message: Uint8Array): boolean;
  /** Told of every message on the hub's acknowledgement topic. Not checked. */
  onAck(listener: (payload: Uint8Array) => void): void;
  /** Told of every change of `online`. */
  onChange(listener: (online: boolean) => void): void;
}

/** Past this a live picture would come late: it is in the recording, and goes up later. */
export const maxWaitingBytes = 262_144;

/** A dead line is noticed within one and a half of these. */
const keepaliveS = 5;

/** @returns a link that is not connected yet */
export function mqttMediaLink(config: MediaLinkConfig, clock: Clock, log: Log): MediaLink {
  const { broker, hubId } = config;
  const sealed = topics.sealed(hubId);
  const ackListeners: ((payload: Uint8Array) => void)[] = [];
  const changeListeners: ((online: boolean) => void)[] = [];

  const session = keptSession(
    { ...config, clientId: mediaIdOf(hubId), filters: topics.mediaFilters(hubId), qos: 0, keepaliveS },
    clock,
    {
      message: (topic, payload) => {
        const parsed = parseTopic(topic);
        if (parsed?.is !== 'mediaAck' || parsed.hubId !== hubId) {
          log.messageRefused({ code: 'BROKER_TOPIC_REFUSED' });
          return;
        }
        for (const listener of ackListeners) listener(payload);
      },
      change: (online) => {
        log[online ? 'mediaOnline' : 'mediaOffline']({ broker });
        for (const listener of changeListeners) listener(online);
      },
      refused: (what) => log.mediaRefused({ what }),
    },
  );

  return {
    start: session.start,
    rest: () => void session.end(),
    close: session.end,
    get online() {
      return session.online;
    },
    get waiting() {
      return session.waiting;
    },
    send: ({ buffer, byteOffset, byteLength }) =>
      session.online &&
      session.waiting <= maxWaitingBytes &&
      session.publish(sealed, Buffer.from(buffer, byteOffset, byteLength), 0),
    onAck: (listener) => void ackListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
  };
}
