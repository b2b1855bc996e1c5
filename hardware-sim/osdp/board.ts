/** What hangs on a peripheral: inputs, output relays, and the queue of changes that a poll fetches one by one. */
import {
  type Capability,
  type Command,
  type Identity,
  type InputLevel,
  nakCodes,
  type OutputRecord,
  type Reply,
} from './codec.ts';
import type { Outputs } from './outputs.ts';

/** Changes kept for polls; the oldest gives way. */
const maxEvents = 64;

/** Function codes of PDCAP (reference 4). */
const capability = { inputs: 1, outputs: 2, check: 8, security: 9, receiveSize: 10, version: 16 } as const;

export interface BoardOptions {
  readonly identity: Identity;
  readonly outputs: Outputs;
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
  #events: Reply[] = [];
  #told: readonly InputLevel[];
  #powerFailureUntold = false;
  #tampered = false;

  constructor(options: BoardOptions) {
    this.#options = options;
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

  /** Drops what nobody fetched: the controller was away and asks for everything anew. */
  forgetEvents(): void {
    this.#events = [];
  }

  /** All outputs off, nothing remembered; the failure is told once after it. */
  losePower(): void {
    this.#options.outputs.allOff();
    this.#events = [];
    this.#powerFailureUntold = true;
  }

  #run(records: readonly OutputRecord[]): Reply {
    const { outputs } = this.#options;
    if (!records.every((record) => outputs.takes(record))) return nak(nakCodes.badRecord);
    for (const record of records) outputs.run(record);
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
      { function: capability.check, compliance: 1, count: 0 },
      { function: capability.security, compliance: 1, count: installMode() ? 1 : 0 },
      { function: capability.receiveSize, compliance: 0x00, count: 0x01 },
      { function: capability.version, compliance: 2, count: 0 },
    ];
  }

  #queue(event: Reply): void {
    this.#events.push(event);
    if (this.#events.length > maxEvents) this.#events.shift();
  }
}
