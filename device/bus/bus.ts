/** The hub's way to the cloud: messages down, messages up, nothing kept in between. */
import type { DownKind, UpKind } from '../../wire/topics.ts';

export interface Bus {
  /** Connects and stays connected, with jittered back-off, until `close`. */
  start(): void;
  close(): Promise<void>;
  readonly online: boolean;
  /** Hands one message to the broker, QoS 1. @returns false when there is no connection: nothing is queued (T43) */
  publish(kind: UpKind, payload: Buffer): boolean;
  /** As `publish`, to the cloud instance that asked. */
  answer(instanceId: string, payload: Buffer): boolean;
  onMessage(listener: (kind: DownKind, payload: Buffer) => void): void;
  /** Called with true after each connect once all subscriptions are granted, with false after each loss. */
  onChange(listener: (online: boolean) => void): void;
}
