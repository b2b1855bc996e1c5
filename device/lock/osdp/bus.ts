/** One serial port with OSDP peripherals on it: keeps it open, and gives each peripheral its turn. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { OpenLink } from '../../link/link.ts';
import type { OnOsdpEvent } from './event.ts';
import { Line } from './line.ts';
import { Peripheral, type PeripheralOptions } from './peripheral.ts';
import { defaultTiming, type OsdpTiming } from './timing.ts';
import { Waker } from './waker.ts';

export interface OsdpBusOptions {
  readonly openLink: OpenLink;
  /** Of the port, 9600..230400: what silence is measured with. */
  readonly baudRate: number;
  readonly clock: Clock;
  /** Cryptographically good. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly timing?: Partial<OsdpTiming>;
  readonly onEvent: OnOsdpEvent;
}

/** A timer waits at most this long; what comes earlier wakes it. */
const longestRestMs = 60_000;

/**
 * Runs while a door holds it. A queued command of any peripheral goes before the next poll of all of them; an exchange that has
 * begun is not interrupted. When the port goes, it is opened again after a wait that doubles.
 */
export class OsdpBus {
  readonly #options: OsdpBusOptions;
  readonly #timing: OsdpTiming;
  readonly #peripherals: Peripheral[] = [];
  readonly #rest: Waker;
  #holders = 0;
  #running: Promise<void> = Promise.resolve();
  #line: Line | undefined;

  constructor(options: OsdpBusOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#rest = new Waker(options.clock);
  }

  /** Adds a peripheral, once for each address, before the bus runs. */
  attach(options: PeripheralOptions): Peripheral {
    const { clock, randomBytes, onEvent } = this.#options;
    const peripheral = new Peripheral(options, {
      clock,
      randomBytes,
      onEvent,
      timing: this.#timing,
      wake: () => this.#line?.wake(),
      hold: () => this.#hold(),
    });
    this.#peripherals.push(peripheral);
    return peripheral;
  }

  #hold(): () => Promise<void> {
    this.#holders += 1;
    if (this.#holders === 1) this.#running = this.#running.then(() => this.#run());
    let held = true;
    return async () => {
      if (held) this.#holders -= 1;
      held = false;
      if (this.#holders > 0) return;
      this.#rest.wake();
      this.#line?.wake();
      await this.#running;
    };
  }

  async #run(): Promise<void> {
    // From the first moment on, a command waits for the line instead of failing.
    this.#beginAll();
    for (let failures = 0; this.#holders > 0; ) {
      const lost = await this.#useLine();
      for (const { session } of this.#peripherals) session.end(lost.code, this.#options.clock.monotonic());
      if (this.#holders === 0) break;
      failures = lost.code === 'LINK_CLOSED' ? 0 : failures + 1;
      const retryInMs = this.#backOffMs(failures);
      this.#options.onEvent({ on: 'link.lost', code: lost.code, detail: lost.detail, retryInMs });
      await this.#rest.wait(retryInMs);
    }
    for (const peripheral of this.#peripherals) peripheral.end();
  }

  /** From opening the port to its loss. @returns why it was lost */
  async #useLine(): Promise<Fault> {
    const { openLink, clock, baudRate, onEvent } = this.#options;
    try {
      const line = new Line({ link: await openLink(), clock, baudRate, timing: this.#timing, onEvent });
      onEvent({ on: 'link.opened' });
      await this.#serve(line);
      return new Fault('LINK_CLOSED');
    } catch (cause) {
      if (cause instanceof Fault) return cause;
      throw cause;
    }
  }

  async #serve(line: Line): Promise<void> {
    const { clock } = this.#options;
    this.#line = line;
    this.#beginAll();
    while (line.isOpen && this.#holders > 0) {
      const turn = this.#nextTurn();
      const atMs = Math.max(turn?.atMs ?? Number.POSITIVE_INFINITY, line.freeAtMs);
      if (turn !== undefined && atMs <= clock.monotonic()) await line.exchange(turn.peripheral.address, turn.session);
      else await line.waitUntil(Math.min(atMs, clock.monotonic() + longestRestMs));
    }
    this.#line = undefined;
    await line.close();
  }

  #beginAll(): void {
    for (const { session } of this.#peripherals) session.begin(this.#options.clock.monotonic());
  }

  /** Whose turn is next: of those with a queued command, else of all, the one that has waited longest. */
  #nextTurn(): { peripheral: Peripheral; session: Peripheral['session']; atMs: number } | undefined {
    const turns = this.#peripherals.map((peripheral) => ({
      peripheral,
      session: peripheral.session,
      ...peripheral.session.wants(),
    }));
    const nowMs = this.#options.clock.monotonic();
    const urgent = turns.filter((turn) => turn.urgent && turn.atMs <= nowMs);
    const [first] = (urgent.length > 0 ? urgent : turns).sort((a, b) => a.atMs - b.atMs);
    return first;
  }

  #backOffMs(failures: number): number {
    const { first, longest } = this.#timing.reopenMs;
    const waitMs = Math.min(longest, first * 2 ** Math.min(failures, 16));
    const [random = 0] = this.#options.randomBytes(1);
    return waitMs * (0.5 + random / 512);
  }
}
