/** The hub's serial port with nothing behind it: what the hub writes is kept until it is taken, what comes is fed. */
import type { Link } from '../../../device/link/link.ts';
import { Fault } from '../../../wire/faults.ts';

export class Port {
  #written: Uint8Array[] = [];
  #feed: (chunk: Uint8Array) => void = () => undefined;
  #lose: () => void = () => undefined;
  #isOpen = false;

  open(): Link {
    this.#isOpen = true;
    this.#written = [];
    return {
      write: async (bytes) => {
        if (!this.#isOpen) throw new Fault('LINK_CLOSED');
        this.#written.push(bytes);
      },
      onData: (listener) => {
        this.#feed = listener;
      },
      onClose: (listener) => {
        this.#lose = listener;
      },
      close: async () => this.unplug(),
    };
  }

  /** @returns the oldest frame that the hub wrote and nobody took */
  take(): Uint8Array | undefined {
    return this.#written.shift();
  }

  feed(chunk: Uint8Array): void {
    if (this.#isOpen) this.#feed(chunk);
  }

  unplug(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#lose();
  }
}
