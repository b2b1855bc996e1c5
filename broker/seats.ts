/** One connection for each client: who connects again takes the place of its own older connection, and of nobody else's. */
import type { Guard } from './guard.ts';

/** What a seat needs of a connection: a `Guard`. */
export type Sitter = Pick<Guard, 'identity' | 'refuse'>;

export class Seats<S extends Sitter = Guard> {
  readonly #holders = new Map<string, S>();
  /** Connections that hold a seat, or held one and are not quite gone: what to call when they are. */
  readonly #leaving = new Map<S, () => void>();
  readonly #gone = new Map<S, Promise<void>>();

  /** Seats a client whose CONNECT is allowed. Resolves when its older connection, if any, is gone, its will included. */
  async take(sitter: S): Promise<void> {
    const former = this.#holders.get(sitter.identity.id);
    this.#holders.set(sitter.identity.id, sitter);
    this.#gone.set(sitter, new Promise((resolve) => this.#leaving.set(sitter, resolve)));
    if (former === undefined) return;
    former.refuse('BROKER_REPLACED');
    await this.#gone.get(former);
  }

  /** The connection is gone for good. Harmless for one that has no seat. */
  leave(sitter: S): void {
    if (this.#holders.get(sitter.identity.id) === sitter) this.#holders.delete(sitter.identity.id);
    this.#leaving.get(sitter)?.();
    this.#leaving.delete(sitter);
    this.#gone.delete(sitter);
  }

  /** @returns who is seated now */
  all(): S[] {
    return [...this.#holders.values()];
  }
}
