/** How much the broker has under way, over all clients; who comes when it is too much waits in line. */

export interface PressureLimits {
  /** Messages taken in and not yet written to every subscriber. */
  readonly maxInFlightMessages: number;
  /** Their bytes. */
  readonly maxInFlightBytes: number;
}

export class Pressure {
  readonly #limits: PressureLimits;
  readonly #waiting = new Set<() => void>();
  #messages = 0;
  #bytes = 0;

  constructor(limits: PressureLimits) {
    this.#limits = limits;
  }

  /** @returns true when nobody may add to what is under way */
  isFull(): boolean {
    return this.#messages >= this.#limits.maxInFlightMessages || this.#bytes >= this.#limits.maxInFlightBytes;
  }

  /** @returns messages and bytes under way, senders in line */
  facts(): { messages: number; bytes: number; waiting: number } {
    return { messages: this.#messages, bytes: Math.round(this.#bytes), waiting: this.#waiting.size };
  }

  enter(messages: number, bytes: number): void {
    this.#messages += messages;
    this.#bytes += bytes;
  }

  /** Takes back what `enter` added, and lets in whoever waits, first come first served, once there is half of the room again. */
  leave(messages: number, bytes: number): void {
    this.#messages -= messages;
    this.#bytes -= bytes;
    if (this.#waiting.size === 0) return;
    const { maxInFlightMessages, maxInFlightBytes } = this.#limits;
    if (this.#messages > maxInFlightMessages / 2 || this.#bytes > maxInFlightBytes / 2) return;
    for (const resume of this.#waiting) {
      if (this.isFull()) return;
      this.#waiting.delete(resume);
      resume();
    }
  }

  /** @param resume  called once, when there is room; the same function waits only once */
  wait(resume: () => void): void {
    this.#waiting.add(resume);
  }

  forget(resume: () => void): void {
    this.#waiting.delete(resume);
  }
}
