/** One open serial line: sends a frame to one peripheral at a time and tells it what comes back, or that nothing did. */
import type { Verdict } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Link } from '../../link/link.ts';
import type { OnOsdpEvent } from './event.ts';
import { type Frame, FrameReader, maxFrameBytes } from './frame.ts';
import type { Session } from './session.ts';
import { type OsdpTiming, transmitMs } from './timing.ts';
import { Waker } from './waker.ts';

/** A sender leaves the line idle for two characters. @see SIA OSDP v2.2, 5.3 */
const idleBytes = 2;

export interface LineOptions {
  readonly link: Link;
  readonly clock: Clock;
  /** Bits a second: what silence is measured with. */
  readonly baudRate: number;
  readonly timing: OsdpTiming;
  readonly onEvent: OnOsdpEvent;
}

export class Line {
  readonly #options: LineOptions;
  readonly #reader = new FrameReader();
  readonly #waker: Waker;
  #isOpen = true;
  /** Whose reply is awaited. */
  #asked: { readonly address: number; readonly session: Session } | undefined;
  #lastByteAtMs = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#waker = new Waker(options.clock);
    options.link.onData((chunk) => this.#take(chunk));
    options.link.onClose(() => {
      this.#isOpen = false;
      this.#waker.wake();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @returns monotonic ms before which nothing may be sent */
  get freeAtMs(): number {
    return this.#lastByteAtMs + transmitMs(idleBytes, this.#options.baudRate);
  }

  /** Resolves at `atMs` (monotonic), or earlier at `wake` or when the line closes. */
  waitUntil(atMs: number): Promise<void> {
    return this.#isOpen ? this.#waker.wait(atMs - this.#options.clock.monotonic()) : Promise.resolve();
  }

  wake(): void {
    this.#waker.wake();
  }

  /**
   * One frame out and its reply in. Resolves when the reply is here, its time is over, or the line has closed; the session has
   * been told in the first two cases. A reply that has not begun 200 ms after the end of the command is missing.
   */
  async exchange(address: number, session: Session): Promise<void> {
    const { link, clock, baudRate, timing } = this.#options;
    const startMs = clock.monotonic();
    const bytes = session.transmit(startMs);
    this.#asked = { address, session };
    // A write that fails has lost the link, which says so itself.
    link.write(bytes).catch(() => undefined);

    const beginBeforeMs = startMs + transmitMs(bytes.length, baudRate) + timing.replyTimeoutMs;
    const endBeforeMs = beginBeforeMs + transmitMs(maxFrameBytes, baudRate);
    let deadlineMs = beginBeforeMs;
    while (this.#asked !== undefined && this.#isOpen) {
      await this.waitUntil(deadlineMs);
      const nowMs = clock.monotonic();
      if (this.#asked === undefined || !this.#isOpen || nowMs < deadlineMs) continue;
      // A frame that has begun may go on as long as its bytes keep coming.
      const goesOnUntilMs = Math.min(this.#lastByteAtMs + timing.gapMs, endBeforeMs);
      if (this.#reader.hasBegun && nowMs < goesOnUntilMs) deadlineMs = goesOnUntilMs;
      else this.#giveUp(session, nowMs);
    }
    this.#asked = undefined;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#options.link.close();
  }

  #giveUp(session: Session, nowMs: number): void {
    this.#judge(this.#reader.giveUp());
    if (this.#asked !== undefined) session.silent(nowMs);
    this.#asked = undefined;
  }

  #take(chunk: Uint8Array): void {
    this.#lastByteAtMs = this.#options.clock.monotonic();
    this.#judge(this.#reader.push(chunk));
    if (this.#asked === undefined) this.#waker.wake();
  }

  #judge(verdicts: readonly Verdict<Frame>[]): void {
    for (const verdict of verdicts) {
      if (!verdict.ok) {
        this.#drop({ reason: String(verdict.detail?.reason) });
        continue;
      }
      const frame = verdict.value;
      // Without the reply bit it is our own command: two-wire adapters hear what they send.
      if (!frame.fromPeripheral) continue;
      if (frame.address !== this.#asked?.address) this.#drop({ address: frame.address, reason: 'unasked' });
      else if (this.#asked.session.heard(frame, this.#options.clock.monotonic())) this.#asked = undefined;
    }
  }

  #drop(what: { readonly address?: number; readonly reason: string }): void {
    this.#options.onEvent({ on: 'frame.dropped', code: 'OSDP_FRAME_BAD', ...what });
  }
}
