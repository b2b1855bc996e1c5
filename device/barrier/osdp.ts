/** A garage operator on an OSDP peripheral as a `Barrier`: an output to its push-button terminals, an input that sees it closed. */
import { Fault, type FaultCode, type Verdict } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { LockHealth } from '../lock/lock.ts';
import { type Command, outputCode } from '../lock/osdp/codec.ts';
import type { Peripheral } from '../lock/osdp/peripheral.ts';
import type { News } from '../lock/osdp/presence.ts';
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
const askWithinMs = 2000;
const longestWaitMs = 2000;
/** DESIGN 8: 5 s of buzzer and light before anything closes from afar. */
const warnMs = 5000;
const warnTicks = 300;
/** Nothing went out, or the peripheral says that it did nothing. */
const nothingMoves: readonly FaultCode[] = ['LOCK_UNAVAILABLE', 'LOCK_COMMAND_EXPIRED', 'LOCK_REFUSED'];

class OsdpBarrier implements Barrier {
  readonly capabilities: BarrierCapabilities;
  readonly #options: OsdpBarrierOptions;
  readonly #listeners = new Set<(report: BarrierReport) => void>();
  #armed: Armed;
  #last: BarrierReport | undefined;
  #announced: BarrierReport | undefined;
  #stop: (() => Promise<void>) | undefined;
  #isClosing = false;

  constructor(options: OsdpBarrierOptions) {
    this.#options = options;
    this.capabilities = {
      seesClosed: options.closed !== undefined,
      closes: options.close !== undefined && options.closed !== undefined && options.close.output !== options.output,
    };
    this.#armed = this.#disarmed();
  }

  async start(): Promise<void> {
    if (this.#stop !== undefined) return;
    this.#armed = this.#disarmed();
    const unsubscribe = this.#options.peripheral.onNews((news) => this.#onNews(news));
    const release = this.#options.peripheral.hold();
    this.#stop = () => {
      unsubscribe();
      return release();
    };
  }

  async end(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  async openPulse({ expiresInMs }: { readonly expiresInMs: number }): Promise<void> {
    const { output, pulseMs = 500, peripheral } = this.#options;
    if (!(expiresInMs <= longestWaitMs)) throw new Fault('LOCK_REFUSED', { expiresInMs });
    if (expiresInMs < 1) throw new Fault('LOCK_COMMAND_EXPIRED');
    if (this.#stop === undefined) throw new Fault('LOCK_UNAVAILABLE');
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
    must(this.#armed.mayClose(this.#last?.position));
    this.#isClosing = true;
    try {
      const { reader, led } = close;
      const within = { expiresInMs: askWithinMs };
      const shows = { colour: 'red', on: 2, off: 2, timer: warnTicks } as const;
      await peripheral.send({ is: 'led', reader, led, shows }, within);
      await peripheral.send({ is: 'buzzer', reader, on: 5, off: 5, times: warnTicks / 10 }, within);
      await new Promise<void>((resolve) => clock.after(warnMs, resolve));
      if (this.#stop === undefined) throw new Fault('LOCK_UNAVAILABLE');
      const { position } = await this.state();
      must(this.#armed.mayClose(position));
      this.#armed.closing();
      await peripheral.send(pulse(close.output, pulseMs), { expiresInMs: longestWaitMs });
    } finally {
      this.#isClosing = false;
    }
  }

  async state(): Promise<BarrierReport> {
    if (!(await this.#ask())) this.#report('unavailable');
    const report = this.#last ?? this.#report('unavailable');
    if (report !== this.#announced) this.#announce(report);
    return report;
  }

  last(): BarrierReport | undefined {
    return this.#last;
  }

  onReport(listener: (report: BarrierReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): LockHealth {
    const { state, fault, identity, tampered } = this.#options.peripheral.status;
    return {
      reachable: state === 'online',
      ...(state === 'online' ? {} : { fault }),
      ...(identity === undefined ? {} : { identity }),
      ...(tampered === undefined ? {} : { tampered }),
    };
  }

  #disarmed(): Armed {
    const { stillMs = 2000, afterStartMs = 30_000 } = this.#options;
    return new Armed({ stillMs, afterStartMs });
  }

  /** @returns whether a fresh report has come, within 2 s */
  #ask(): Promise<boolean> {
    const { peripheral, clock } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(askWithinMs, () => resolve(false));
      const end = (isFresh: boolean): void => {
        cancel();
        resolve(isFresh);
      };
      peripheral.send({ is: 'inputs' }, { expiresInMs: askWithinMs }).then(
        (reply) => end(reply.is === 'inputs' && this.#last !== undefined),
        () => end(false),
      );
    });
  }

  #onNews(news: News): void {
    if (news.is === 'offline') this.#report('unavailable');
    if (news.is !== 'reply' || news.reply.is !== 'inputs') return;
    const { closed } = this.#options;
    const level = closed && news.reply.levels[closed.input];
    if (closed === undefined || level === undefined || level === 'unknown') this.#report('unknown');
    else this.#report(level === closed.closedWhen ? 'closed' : 'not-closed');
  }

  #report(position: BarrierPosition): BarrierReport {
    const before = this.#last;
    const atMs = this.#options.clock.monotonic();
    const report = { seq: (before?.seq ?? 0) + 1, atMs, position };
    this.#last = report;
    this.#armed.saw(position, atMs);
    if (before?.position !== position) this.#announce(report);
    return report;
  }

  #announce(report: BarrierReport): void {
    this.#announced = report;
    for (const listener of this.#listeners) listener(report);
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
