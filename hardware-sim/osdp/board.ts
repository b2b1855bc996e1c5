/** What hangs on a peripheral: inputs, output relays, and the queue of changes that a poll fetches one by one. */
import {
  type BuzzerRecord,
  type Capability,
  type Command,
  type Identity,
  type InputLevel,
  type LedRecord,
  nakCodes,
  type OutputRecord,
  type Reply,
} from './codec.ts';
import type { Outputs } from './outputs.ts';
import type { Reader } from './reader.ts';

/** Changes kept for polls; the oldest gives way. */
const maxEvents = 64;

/** Function codes of PDCAP (reference 4). */
const capability = {
  inputs: 1,
  outputs: 2,
  led: 4,
  buzzer: 5,
  check: 8,
  security: 9,
  receiveSize: 10,
  readers: 13,
  version: 16,
} as const;

export interface BoardOptions {
  readonly identity: Identity;
  readonly outputs: Outputs;
  /** Number of a reader -> the reader. */
  readonly readers?: ReadonlyMap<number, Reader>;
  /** Level of every input, now. */
  readonly inputs: () => readonly InputLevel[];
  /** Whether the default key is accepted now, for PDCAP. */
  readonly installMode: () => boolean;
  readonly address: number;
  readonly baudRate: number;
}

const nak = (code: number): Reply => ({ is: 'nak', nak: code });

export class Board {
  readonly #options: BoardOptions;
  readonly #readers: ReadonlyMap<number, Reader>;
  #events: Reply[] = [];
  #told: readonly InputLevel[];
  #powerFailureUntold = false;
  #tampered = false;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#readers = options.readers ?? new Map();
    this.#told = options.inputs();
  }

  /** Answers a command that is no part of the handshake. OUT runs here. */
  answer(command: Command): Reply {
    const { identity, outputs, address, baudRate } = this.#options;
    switch (command.is) {
      case 'poll':
        return this.#events.shift() ?? (this.#powerFailureUntold ? this.#localStatus() : { is: 'ack' });
      case 'id':
        return { is: 'id', identity };
      case 'cap':
        return { is: 'cap', capabilities: this.#capabilities() };
      case 'localStatus':
        return this.#localStatus();
      case 'inputStatus':
        return { is: 'inputStatus', inputs: this.#options.inputs() };
      case 'outputStatus':
        return { is: 'outputStatus', outputs: outputs.states() };
      case 'output':
        return this.#run(command.records);
      case 'led':
        return this.#light(command.records);
      case 'buzzer':
        return this.#sound(command.record);
      case 'communication':
        return { is: 'communication', address, baudRate };
      default:
        return nak(nakCodes.unknownCommand);
    }
  }

  /** Queues an ISTATR if any input differs from the last one queued. */
  inputsMayHaveChanged(): void {
    const inputs = this.#options.inputs();
    if (inputs.every((level, i) => level === this.#told[i])) return;
    this.#told = inputs;
    this.#queue({ is: 'inputStatus', inputs });
  }

  /** Queues an OSTATR. */
  outputsChanged(): void {
    this.#queue({ is: 'outputStatus', outputs: this.#options.outputs.states() });
  }

  /** Sets the tamper switch, and queues an LSTATR when it changes. */
  setTampered(tampered: boolean): void {
    if (this.#tampered === tampered) return;
    this.#tampered = tampered;
    this.#queue({ is: 'localStatus', tampered, powerFailed: false });
  }

  /** Somebody presses keys of a reader: 1..255 of 0-9, *, #, A-D. */
  press(reader: number, keys: string): void {
    this.#queue({ is: 'keypad', reader, keys });
  }

  /** Drops what nobody fetched: the controller was away and asks for everything anew. */
  forgetEvents(): void {
    this.#events = [];
  }

  /** All outputs off, nothing remembered; the failure is told once after it. */
  losePower(): void {
    this.#options.outputs.allOff();
    for (const reader of this.#readers.values()) reader.losePower();
    this.#events = [];
    this.#powerFailureUntold = true;
  }

  #run(records: readonly OutputRecord[]): Reply {
    const { outputs } = this.#options;
    if (!records.every((record) => outputs.takes(record))) return nak(nakCodes.badRecord);
    for (const record of records) outputs.run(record);
    return { is: 'ack' };
  }

  /** A light that is not there makes the whole command void. */
  #light(records: readonly LedRecord[]): Reply {
    if (this.#readers.size === 0) return nak(nakCodes.unknownCommand);
    if (!records.every(({ reader, led }) => led === 0 && this.#readers.has(reader))) return nak(nakCodes.badRecord);
    for (const record of records) this.#readers.get(record.reader)?.light(record);
    return { is: 'ack' };
  }

  #sound(record: BuzzerRecord): Reply {
    if (this.#readers.size === 0) return nak(nakCodes.unknownCommand);
    const reader = this.#readers.get(record.reader);
    if (reader === undefined) return nak(nakCodes.badRecord);
    reader.sound(record);
    return { is: 'ack' };
  }

  #localStatus(): Reply {
    const powerFailed = this.#powerFailureUntold;
    this.#powerFailureUntold = false;
    return { is: 'localStatus', tampered: this.#tampered, powerFailed };
  }

  #capabilities(): Capability[] {
    const { outputs, inputs, installMode } = this.#options;
    return [
      { function: capability.inputs, compliance: 2, count: inputs().length },
      { function: capability.outputs, compliance: 2, count: outputs.states().length },
      ...this.#readerCapabilities(),
      { function: capability.check, compliance: 1, count: 0 },
      { function: capability.security, compliance: 1, count: installMode() ? 1 : 0 },
      { function: capability.receiveSize, compliance: 0x00, count: 0x01 },
      { function: capability.version, compliance: 2, count: 0 },
    ];
  }

  #readerCapabilities(): Capability[] {
    const count = this.#readers.size;
    if (count === 0) return [];
    return [
      { function: capability.led, compliance: 4, count: 1 },
      { function: capability.buzzer, compliance: 2, count: 1 },
      { function: capability.readers, compliance: 0, count },
    ];
  }

  #queue(event: Reply): void {
    this.#events.push(event);
    if (this.#events.length > maxEvents) this.#events.shift();
  }
}
