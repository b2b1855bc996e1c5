/** The hub's end of a broker: messages are handed in as the broker would, and what the hub says is handed out. */
import type { Bus } from '../../../device/bus/bus.ts';
import type { DownKind, UpKind } from '../../../wire/topics.ts';

export class MemoryBus implements Bus {
  online = false;
  /** Told of what the hub publishes. */
  onPublish: (kind: UpKind, payload: Buffer) => void = () => undefined;
  /** Told of what the hub answers to a request. */
  onAnswer: (payload: Buffer) => void = () => undefined;
  readonly #messages: ((kind: DownKind, payload: Buffer) => void)[] = [];
  readonly #changes: ((online: boolean) => void)[] = [];

  start(): void {
    this.connect(true);
  }

  async close(): Promise<void> {
    this.connect(false);
  }

  publish(kind: UpKind, payload: Buffer): boolean {
    if (this.online) this.onPublish(kind, payload);
    return this.online;
  }

  answer(_instanceId: string, payload: Buffer): boolean {
    if (this.online) this.onAnswer(payload);
    return this.online;
  }

  onMessage(listener: (kind: DownKind, payload: Buffer) => void): void {
    this.#messages.push(listener);
  }

  onChange(listener: (online: boolean) => void): void {
    this.#changes.push(listener);
  }

  /** One message of the broker. */
  deliver(kind: DownKind, payload: Buffer): void {
    for (const listener of this.#messages) listener(kind, payload);
  }

  /** The connection comes or goes. */
  connect(online: boolean): void {
    if (this.online === online) return;
    this.online = online;
    for (const listener of this.#changes) listener(online);
  }
}
