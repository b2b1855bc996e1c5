/** The cloud's way to the hubs: messages up and down, nothing kept in between. */
import type { DownKind, UpKind } from '../../wire/topics.ts';

export interface Bus {
  /** Name in this instance's certificate: client id, and where answers go. */
  readonly instanceId: string;
  /** True while there is a connection with all its subscriptions granted. */
  readonly online: boolean;
  /** Connects and stays connected, with jittered back-off, until `close`. */
  start(): void;
  close(): Promise<void>;
  /** Hands one message to the broker, QoS 1. @returns false when there is no connection: nothing is queued (T43) */
  publish(hubId: string, kind: DownKind, payload: Buffer): boolean;
  /** Told of everything that comes in, and of every change of `online`. */
  listen(listener: BusListener): void;
}

export interface BusListener {
  /** From a hub of this instance's shards, by its own topic: the broker lets no other hub use it. */
  message?(hubId: string, kind: UpKind, payload: Buffer): void;
  /** An answer to a request of this instance. */
  answer?(hubId: string, payload: Buffer): void;
  change?(online: boolean): void;
}
