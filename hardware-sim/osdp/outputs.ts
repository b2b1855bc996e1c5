/** The output relays of a peripheral, whose timers run in the peripheral: a pulse ends by itself, whatever the hub does. */
import type { Clock } from '../clock.ts';
import type { OutputRecord } from './codec.ts';

const tickMs = 100;

interface Output {
  /** What it goes back to when a timer ends. */
  permanent: boolean;
  now: boolean;
  cancel: (() => void) | undefined;
}

/** OUT codes 0..6 (reference 4). */
export class Outputs {
  readonly #outputs: Output[];
  readonly #clock: Clock;
  readonly #onChange: (output: number, on: boolean) => void;

  constructor(count: number, clock: Clock, onChange: (output: number, on: boolean) => void) {
    this.#outputs = Array.from({ length: count }, () => ({ permanent: false, now: false, cancel: undefined }));
    this.#clock = clock;
    this.#onChange = onChange;
  }

  states(): boolean[] {
    return this.#outputs.map((output) => output.now);
  }

  /** @returns false for an output that is not there, a code above 6, or a pulse without a length: it would never end */
  takes(record: OutputRecord): boolean {
    const pulse = record.code === 5 || record.code === 6;
    return record.output < this.#outputs.length && record.code <= 6 && (!pulse || record.timer > 0);
  }

  /** Runs one record that `takes` admits. */
  run({ output: index, code, timer }: OutputRecord): void {
    const output = this.#outputs[index]!;
    if (code === 1 || code === 2) {
      this.#endTimer(output);
      output.permanent = code === 2;
      this.#set(index, output.permanent);
    } else if (code === 3 || code === 4) {
      output.permanent = code === 4;
      if (!output.cancel) this.#set(index, output.permanent);
    } else if (code === 5 || code === 6) {
      this.#endTimer(output);
      this.#set(index, code === 5);
      output.cancel = this.#clock.after(timer * tickMs, () => {
        output.cancel = undefined;
        this.#set(index, output.permanent);
      });
    }
  }

  /** Everything off, timers gone: what a loss of power does. */
  allOff(): void {
    this.#outputs.forEach((output, index) => {
      this.#endTimer(output);
      output.permanent = false;
      this.#set(index, false);
    });
  }

  #endTimer(output: Output): void {
    output.cancel?.();
    output.cancel = undefined;
  }

  #set(index: number, on: boolean): void {
    const output = this.#outputs[index]!;
    if (output.now === on) return;
    output.now = on;
    this.#onChange(index, on);
  }
}
