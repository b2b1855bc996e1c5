/** The peripherals on one line: finds frames in what the hub sends, lets each be answered, keeps count of outputs. */
import { commandCodes } from './codec.ts';
import { type Frame, parseFrame } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import type { LineFaults } from './line-faults.ts';
import type { Handled, Peripheral } from './peripheral.ts';

/** One OUT frame that came over the line. */
export interface OutRecord {
  /** Counts up by one with each OUT frame of the line. */
  readonly n: number;
  readonly address: number;
  /** When the first byte of the frame began on the line: CLOCK_MONOTONIC in ms, comparable between processes. */
  readonly firstByteMs: number;
  /** `ran`: the outputs moved. `resent`: the same frame again, answered from memory. `unheard`: a fault kept it away. */
  readonly outcome: Handled['outcome'] | 'unheard';
}

/** A reply on its way. */
export interface Answer {
  readonly address: number;
  readonly bytes: Uint8Array;
}

const maxOuts = 10_000;

export class Bus {
  readonly #reader = new FrameReader();
  readonly #peripherals: readonly Peripheral[];
  readonly #faults: LineFaults;
  readonly #outs: OutRecord[] = [];
  #n = 0;
  #ran = 0;

  constructor(peripherals: readonly Peripheral[], faults: LineFaults) {
    this.#peripherals = peripherals;
    this.#faults = faults;
  }

  /** The OUT frames received, oldest first. */
  get outs(): readonly OutRecord[] {
    return this.#outs;
  }

  /** How many OUT commands have run; one that was resent counts once. */
  get outsRun(): number {
    return this.#ran;
  }

  /** Forgets half a frame: bytes of one frame are never that far apart. */
  resetReader(): void {
    this.#reader.reset();
  }

  /** Takes bytes of the hub. @returns the replies, in order; damaged bytes are answered only when no good frame follows them */
  receive(chunk: Uint8Array, startMs: number, byteMs: number): Answer[] {
    const answers: Answer[] = [];
    let complaint: Answer | undefined;
    for (const found of this.#reader.push(chunk, startMs, byteMs)) {
      complaint = undefined;
      if (found.is === 'frame') answers.push(...this.#take(found.frame, found.startMs));
      else complaint = this.#complain(found.address, found.sequence);
    }
    if (complaint) answers.push(complaint);
    return answers.flatMap(({ address, bytes }) => {
      const carried = this.#faults.carry('replies', address, bytes);
      return carried && this.#faults.mayWrite() ? [{ address, bytes: carried }] : [];
    });
  }

  #take(frame: Frame, startMs: number): Answer[] {
    const handled = this.#hear(frame);
    if (frame.code === commandCodes.output && !frame.isReply) this.#note(frame, startMs, handled?.outcome ?? 'unheard');
    return handled?.reply ? [{ address: frame.address, bytes: handled.reply }] : [];
  }

  /** @returns undefined when a fault kept the frame from every peripheral */
  #hear(frame: Frame): Handled | undefined {
    const carried = this.#faults.carry('commands', frame.address, frame.bytes);
    if (!carried || this.#faults.isSilent(frame.address)) return undefined;
    const arrived = parseFrame(carried);
    if (!arrived) {
      const reply = this.#complain(frame.address, frame.sequence)?.bytes;
      return reply && { outcome: 'refused', reply };
    }
    for (const peripheral of this.#peripherals) {
      const handled = peripheral.handle(arrived);
      if (handled.outcome !== 'ignored') return handled;
    }
    return { outcome: 'ignored' };
  }

  #complain(address: number, sequence: number): Answer | undefined {
    if (this.#faults.isSilent(address)) return undefined;
    for (const peripheral of this.#peripherals) {
      const bytes = peripheral.handleDamaged(address, sequence);
      if (bytes) return { address, bytes };
    }
    return undefined;
  }

  #note(frame: Frame, firstByteMs: number, outcome: OutRecord['outcome']): void {
    this.#n += 1;
    if (outcome === 'ran') this.#ran += 1;
    this.#outs.push({ n: this.#n, address: frame.address, firstByteMs, outcome });
    if (this.#outs.length > maxOuts) this.#outs.shift();
  }
}
