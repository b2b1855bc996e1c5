/** Lets bytes through at the speed of a serial line: 10 bits a byte, one after another, never early. */

/** CLOCK_MONOTONIC in ms, the same in every process of this machine. A line is real even where the clock is wound. */
export const lineNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** How long one byte takes, in ms: start bit, 8 data bits, stop bit. */
export const byteMsAt = (baudRate: number): number => 10_000 / baudRate;

/** Pieces of a chunk are let through this far apart at most, well within the 20 ms that bytes of a frame may be apart. */
const pieceMs = 4;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly startMs: number;
  sent: number;
}

export interface PaceOptions {
  /** 0: everything goes through at once. */
  readonly byteMs: number;
  /** `whole`: a chunk is let through when its last byte has come. `bytewise`: as its bytes come. */
  readonly mode: 'whole' | 'bytewise';
  /** @param startMs  line time at which the first byte of this piece began */
  readonly deliver: (bytes: Uint8Array, startMs: number) => void;
}

export class Pace {
  readonly #options: PaceOptions;
  readonly #waiting: Waiting[] = [];
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Line time at which all that was pushed has gone through. */
  get freeAtMs(): number {
    return this.#freeAtMs;
  }

  get idle(): boolean {
    return this.#waiting.length === 0;
  }

  /** @param notBeforeMs  line time before which the first byte does not begin */
  push(bytes: Uint8Array, notBeforeMs = 0): void {
    const startMs = Math.max(lineNowMs(), this.#freeAtMs, notBeforeMs);
    const { byteMs, deliver } = this.#options;
    this.#freeAtMs = startMs + bytes.length * byteMs;
    if (byteMs === 0) {
      deliver(bytes, startMs);
      return;
    }
    this.#waiting.push({ bytes, startMs, sent: 0 });
    if (this.#timer === undefined) this.#pump();
  }

  /** Drops what has not gone through. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  #pump(): void {
    this.#timer = undefined;
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      const waitMs = this.#send(head);
      if (head.sent === head.bytes.length) {
        this.#waiting.shift();
        continue;
      }
      this.#timer = setTimeout(() => this.#pump(), Math.max(1, Math.ceil(waitMs)));
      return;
    }
  }

  /** Sends what is due of one chunk. @returns ms until more is */
  #send(head: Waiting): number {
    const { byteMs, mode, deliver } = this.#options;
    const nowMs = lineNowMs();
    const endMs = head.startMs + head.bytes.length * byteMs;
    const due = nowMs >= endMs ? head.bytes.length : Math.max(0, Math.floor((nowMs - head.startMs) / byteMs));
    if (due > head.sent && (mode === 'bytewise' || due === head.bytes.length)) {
      const from = head.sent;
      head.sent = due;
      deliver(head.bytes.subarray(from, due), head.startMs + from * byteMs);
    }
    const nextMs =
      mode === 'whole' ? endMs : Math.min(endMs, Math.max(nowMs, head.startMs) + Math.max(pieceMs, byteMs));
    return nextMs - nowMs;
  }
}
