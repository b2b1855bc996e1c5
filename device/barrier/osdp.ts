/** A garage operator on an OSDP peripheral as a `Barrier`: an output to its push-button terminals, an input that sees it closed. */
import { Fault, type FaultCode, type Verdict } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { LockHealth } from '../lock/lock.ts';
import { type Command, type InputLevel, outputCode } from '../lock/osdp/codec.ts';
import { askWithinMs, healthOf, InputReports, levelOf } from '../lock/osdp/inputs.ts';
import type { Peripheral } from '../lock/osdp/peripheral.ts';
import { Armed, type ArmedTimes } from './armed.ts';
import type { Barrier, BarrierCapabilities, BarrierPosition, BarrierReport } from './barrier.ts';

export interface OsdpBarrierOptions extends Partial<ArmedTimes> {
  readonly peripheral: Peripheral;
  readonly clock: Clock;
  /** Number of the output at the push-button terminals, from 0. */
  readonly output: number;
  /** Length of a pulse, 100..2000 ms. */
  readonly pulseMs?: number;
  /** The input that sees it closed. Without it no pulse is ever sent. */
  readonly closed?: { readonly input: number; readonly closedWhen: 'active' | 'inactive' };
  /** Only for an operator that the installer has seen stop at an obstruction. */
  readonly close?: {
    /** An output of its own, which closes and never opens. */
    readonly output: number;
    readonly stopsAtObstruction: true;
    /** The reader whose buzzer and light warn. */
    readonly reader: number;
    readonly led: number;
  };
}

const tickMs = 100;
const longestWaitMs = 2000;
/** DESIGN 8: 5 s of buzzer and light before anything closes from afar. */
const warnMs = 5000;
const warnTicks = 300;
/** Nothing went out, or the peripheral says that it did nothing. */
const nothingMoves: readonly FaultCode[] = ['LOCK_UNAVAILABLE', 'LOCK_COMMAND_EXPIRED', 'LOCK_REFUSED'];

class OsdpBarrier implements Barrier {
  readonly capabilities: BarrierCapabilities;
  readonly #options: OsdpBarrierOptions;
  readonly #reports: InputReports<Pick<BarrierReport, 'position'>>;
  #armed: Armed;
  #isClosing = false;

  constructor(options: OsdpBarrierOptions) {
    this.#options = options;
    this.capabilities = {
      seesClosed: options.closed !== undefined,
      closes: options.close !== undefined && options.closed !== undefined && options.close.output !== options.output,
    };
    this.#armed = this.#disarmed();
    this.#reports = new InputReports({
      peripheral: options.peripheral,
      clock: options.clock,
      away: { position: 'unavailable' },
      look: (levels) => ({ position: this.#position(levels) }),
      onLook: ({ position }, atMs) => this.#armed.saw(position, atMs),
    });
  }

  async start(): Promise<void> {
    if (this.#reports.isRunning) return;
    this.#armed = this.#disarmed();
    this.#reports.start();
  }

  async end(): Promise<void> {
    await this.#reports.end();
  }

  async openPulse({ expiresInMs }: { readonly expiresInMs: number }): Promise<void> {
    const { output, pulseMs = 500, peripheral } = this.#options;
    if (!(expiresInMs <= longestWaitMs)) throw new Fault('LOCK_REFUSED', { expiresInMs });
    if (expiresInMs < 1) throw new Fault('LOCK_COMMAND_EXPIRED');
    if (!this.#reports.isRunning) throw new Fault('LOCK_UNAVAILABLE');
    must(this.mayPulse());
    const armed = this.#armed;
    armed.pulsed();
    try {
      await peripheral.send(pulse(output, pulseMs), { expiresInMs });
    } catch (cause) {
      if (cause instanceof Fault && nothingMoves.includes(cause.code)) armed.notPulsed();
      throw cause;
    }
    peripheral.send({ is: 'inputs' }, { expiresInMs: askWithinMs }).catch(() => undefined);
  }

  mayPulse(): Verdict<object> {
    return this.#armed.mayPulse(this.#options.clock.monotonic());
  }

  async closeFromAfar(): Promise<void> {
    const { close, peripheral, clock, pulseMs = 500 } = this.#options;
    if (close === undefined || !this.capabilities.closes)
      throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'close' });
    if (this.#isClosing) throw new Fault('BARRIER_SPENT');
    must(this.#armed.mayClose(this.#reports.last?.position));
    this.#isClosing = true;
    try {
      const { reader, led } = close;
      const within = { expiresInMs: askWithinMs };
      const shows = { colour: 'red', on: 2, off: 2, timer: warnTicks } as const;
      await peripheral.send({ is: 'led', reader, led, shows }, within);
      await peripheral.send({ is: 'buzzer', reader, on: 5, off: 5, times: warnTicks / 10 }, within);
      await new Promise<void>((resolve) => clock.after(warnMs, resolve));
      if (!this.#reports.isRunning) throw new Fault('LOCK_UNAVAILABLE');
      const { position } = await this.state();
      must(this.#armed.mayClose(position));
      this.#armed.closing();
      await peripheral.send(pulse(close.output, pulseMs), { expiresInMs: longestWaitMs });
    } finally {
      this.#isClosing = false;
    }
  }

  state(): Promise<BarrierReport> {
    return this.#reports.state();
  }

  last(): BarrierReport | undefined {
    return this.#reports.last;
  }

  onReport(listener: (report: BarrierReport) => void): () => void {
    return this.#reports.onReport(listener);
  }

  health(): LockHealth {
    return healthOf(this.#options.peripheral);
  }

  #disarmed(): Armed {
    const { stillMs = 2000, afterStartMs = 30_000 } = this.#options;
    return new Armed({ stillMs, afterStartMs });
  }

  #position(levels: readonly InputLevel[]): BarrierPosition {
    const { closed } = this.#options;
    const level = levelOf(levels, closed?.input);
    if (level === 'unknown') return 'unknown';
    return level === closed?.closedWhen ? 'closed' : 'not-closed';
  }
}

/** OUT code 5: it ends by itself. */
const pulse = (output: number, ms: number): Extract<Command, { is: 'output' }> => ({
  is: 'output',
  output,
  code: outputCode.onForTimer,
  timer: Math.ceil(ms / tickMs),
});

function must(verdict: Verdict<object>): void {
  if (!verdict.ok) throw new Fault(verdict.code);
}

/**
 * A `Barrier` over one output of an OSDP peripheral.
 *
 * - A pulse is OUT code 5. It is sealed once and sent again only with the same bytes, in the same session and before its expiry.
 * - Looks are at most a second apart; one that is not `closed`, and every loss of the line, begins the stillness anew.
 */
export const osdpBarrier = (options: OsdpBarrierOptions): Barrier => new OsdpBarrier(options);
