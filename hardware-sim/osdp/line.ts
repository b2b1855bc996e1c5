/** A serial line with peripherals on it: a pseudo terminal for the real driver, or a link in memory; paced or not. */
import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock.ts';
import type { LineFault } from '../faults.ts';
import { byteMsAt, lineNowMs, Pace } from '../line/pace.ts';
import { openPty, type Port } from '../line/pty.ts';
import { Bus, type OutRecord } from './bus.ts';
import { LineFaults } from './line-faults.ts';
import type { Peripheral } from './peripheral.ts';

/** A peripheral forgets half a frame after this silence; twice what bytes of one frame may be apart, and USB on top. */
const frameGapMs = 100;
/** Idle time before a peripheral answers, in characters (reference 1). */
const turnaroundChars = 2;
/** Idle time that the hub leaves before it speaks again, in characters (reference 1). */
const idleChars = 2;

/** A stretch in which the line was not free: CLOCK_MONOTONIC in ms, comparable between processes. */
export interface Exchange {
  /** When the first byte of the hub's frame began. */
  readonly startMs: number;
  /** When the hub may speak again: the last byte of the reply is through, and two characters of idle line after it. */
  readonly endMs: number;
}

/** Exchanges remembered; the oldest goes first. */
const maxExchanges = 256;

/** The hub's end of a line in memory; the same shape as the hub's own idea of a link. */
export interface SimLink {
  write(bytes: Uint8Array): Promise<void>;
  onData(listener: (chunk: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  close(): Promise<void>;
}

export interface LineOptions {
  readonly id: string;
  /** Where the hub finds the port; absent for a line in memory, which is reached with `connect`. */
  readonly path?: string | undefined;
  readonly baudRate: number;
  readonly paced: boolean;
  /** Of drop and corrupt. */
  readonly seed: number;
  readonly peripherals: readonly Peripheral[];
  readonly clock: Clock;
  /** Sets the housing's tamper switch. */
  readonly tamper: (peripheral: Peripheral, tampered: boolean) => void;
}

export class SimLine {
  readonly id: string;
  readonly path: string | undefined;
  readonly bus: Bus;
  readonly #options: LineOptions;
  readonly #faults: LineFaults;
  readonly #fromHub: Pace;
  readonly #toHub: Pace;
  #port: Port | undefined;
  #plugged = true;
  #heardAtMs = 0;
  #overlaps = 0;
  readonly #exchanges: Exchange[] = [];

  /** @throws Fault LINK_OPEN_FAILED when a pseudo terminal is asked for and the system has none */
  constructor(options: LineOptions) {
    this.id = options.id;
    this.path = options.path;
    this.#options = options;
    this.#faults = new LineFaults(options.seed);
    this.bus = new Bus(options.peripherals, this.#faults);
    const byteMs = options.paced ? byteMsAt(options.baudRate) : 0;
    this.#toHub = new Pace({ byteMs, mode: 'bytewise', deliver: (bytes) => this.#port?.write(bytes) });
    this.#fromHub = new Pace({
      byteMs,
      mode: 'whole',
      deliver: (bytes, startMs) => this.#hear(bytes, startMs, byteMs),
    });
    this.#openPort();
  }

  /** The OUT frames received so far. */
  get outs(): readonly OutRecord[] {
    return this.bus.outs;
  }

  /** The newest exchanges, oldest first. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** How often the hub spoke while a peripheral did: on a real line both would have been lost. */
  get overlaps(): number {
    return this.#overlaps;
  }

  /** Opens a line in memory; an earlier link is closed. @throws Fault LINK_OPEN_FAILED while unplugged, or where there is a port */
  async connect(): Promise<SimLink> {
    if (!this.#plugged || this.path !== undefined) throw new Fault('LINK_OPEN_FAILED', { line: this.id });
    this.#port?.close();
    const { link, port } = memoryLink((chunk) => this.#fromPort(chunk));
    this.#port = port;
    return link;
  }

  /** Sets or mends a fault of `faults.ts`. */
  fault(fault: LineFault): void {
    if (fault.fault === 'unplug') {
      if (fault.active) this.#unplug();
      else this.#plugIn();
      return;
    }
    if (this.#faults.set(fault)) return;
    const address = 'address' in fault ? fault.address : undefined;
    for (const peripheral of this.#options.peripherals) {
      if (address === undefined || address === peripheral.address) this.#upset(peripheral, fault);
    }
  }

  close(): void {
    this.#unplug();
  }

  #upset(peripheral: Peripheral, fault: LineFault): void {
    const { quirks } = peripheral;
    switch (fault.fault) {
      case 'power-cut':
        if (fault.active) peripheral.cutPower();
        else peripheral.restorePower();
        return;
      case 'repeat-nonce':
        quirks.repeatNonce = fault.active;
        return;
      case 'plaintext':
        quirks.plaintext = fault.active;
        return;
      case 'nak':
        quirks.nak = fault.active ? { code: fault.code, left: fault.next } : undefined;
        return;
      case 'busy':
        quirks.busy = fault.active ? fault.next : 0;
        return;
      case 'tamper':
        this.#options.tamper(peripheral, fault.active);
    }
  }

  #openPort(): void {
    if (this.path === undefined) return;
    this.#port = openPty(this.path);
    this.#port.onData((chunk) => this.#fromPort(chunk));
  }

  #unplug(): void {
    this.#plugged = false;
    this.#fromHub.stop();
    this.#toHub.stop();
    this.#port?.close();
    this.#port = undefined;
  }

  #plugIn(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    this.#openPort();
  }

  #fromPort(chunk: Uint8Array): void {
    if (!this.#toHub.idle) this.#overlaps += 1;
    this.#fromHub.push(chunk);
  }

  #note(exchange: Exchange): void {
    this.#exchanges.push(exchange);
    if (this.#exchanges.length > maxExchanges) this.#exchanges.shift();
  }

  #hear(bytes: Uint8Array, startMs: number, byteMs: number): void {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#heardAtMs > frameGapMs + bytes.length * byteMs) this.bus.resetReader();
    this.#heardAtMs = nowMs;
    for (const answer of this.bus.receive(bytes, startMs, byteMs)) {
      const notBeforeMs = byteMs === 0 ? 0 : lineNowMs() + turnaroundChars * byteMs;
      const send = (): void => {
        this.#toHub.push(answer.bytes, notBeforeMs);
        this.#note({ startMs, endMs: this.#toHub.freeAtMs + idleChars * byteMs });
      };
      const delayMs = this.#faults.delayMs(answer.address);
      if (delayMs > 0) this.#options.clock.after(delayMs, () => this.#port && send());
      else send();
    }
  }
}

/** Two ends in memory. What is written arrives in a later turn, never inside the call. */
function memoryLink(fromHub: (chunk: Uint8Array) => void): { link: SimLink; port: Port } {
  const dataListeners = new Set<(chunk: Uint8Array) => void>();
  const closeListeners = new Set<() => void>();
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const listener of closeListeners) listener();
  };
  const link: SimLink = {
    write: async (bytes) => {
      if (!open) throw new Fault('LINK_CLOSED');
      const copy = bytes.slice();
      queueMicrotask(() => open && fromHub(copy));
    },
    onData: (listener) => void dataListeners.add(listener),
    onClose: (listener) => void closeListeners.add(listener),
    close: async () => close(),
  };
  const write = (bytes: Uint8Array): void =>
    queueMicrotask(() => {
      if (open) for (const listener of dataListeners) listener(bytes.slice());
    });
  return { link, port: { write, onData: () => {}, close } };
}
