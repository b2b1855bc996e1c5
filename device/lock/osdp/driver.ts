/** A door strike on an OSDP peripheral as a `Lock`: one output, and the inputs that see the door. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { BoltState, ContactState, DoorReport, Lock, LockCapabilities, LockHealth } from '../lock.ts';
import { type Command, type InputLevel, outputCode } from './codec.ts';
import type { Peripheral } from './peripheral.ts';
import type { News } from './presence.ts';

export interface OsdpLockOptions {
  readonly peripheral: Peripheral;
  readonly clock: Clock;
  /** Number of the output that drives the strike, from 0. */
  readonly output: number;
  /** The input of the door contact, from 0; which level means closed is wiring. */
  readonly contact?: { readonly input: number; readonly closedWhen: 'active' | 'inactive' };
  /** The input of the latch or bolt monitor. Without it the bolt is `unknown`. */
  readonly monitor?: { readonly input: number; readonly lockedWhen: 'active' | 'inactive' };
}

type OutputCommand = Extract<Command, { is: 'output' }>;

const tickMs = 100;
const longestPulseMs = 0xffff * tickMs;
const longestWaitMs = 10_000;
/** For `state`, for the questions after a command, and for `lock`, which may always come late. */
const askWithinMs = 2000;
const lockWithinMs = 5000;

class OsdpLock implements Lock {
  readonly capabilities: LockCapabilities;
  readonly #options: OsdpLockOptions;
  readonly #listeners = new Set<(report: DoorReport) => void>();
  #last: DoorReport | undefined;
  #announced: DoorReport | undefined;
  #stop: (() => Promise<void>) | undefined;

  constructor(options: OsdpLockOptions) {
    this.#options = options;
    this.capabilities = {
      kind: 'latch',
      lock: true,
      unlock: false,
      open: true,
      seesBolt: options.monitor !== undefined,
      seesDoor: options.contact !== undefined,
      battery: false,
    };
  }

  async start(): Promise<void> {
    if (this.#stop !== undefined) return;
    const unsubscribe = this.#options.peripheral.onNews((news) => this.#onNews(news));
    const release = this.#options.peripheral.hold();
    this.#stop = () => {
      unsubscribe();
      return release();
    };
  }

  async close(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  async lock(): Promise<void> {
    await this.#drive({ code: outputCode.offAndAbortTimer, timer: 0 }, lockWithinMs);
  }

  async unlock(): Promise<void> {
    throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'unlock' });
  }

  async open({ forMs, expiresInMs }: { readonly forMs: number; readonly expiresInMs: number }): Promise<void> {
    // A timer of 0 is not defined for a pulse, so a pulse lasts at least one tick.
    if (!(forMs > 0 && forMs <= longestPulseMs)) throw new Fault('LOCK_REFUSED', { forMs });
    if (!(expiresInMs <= longestWaitMs)) throw new Fault('LOCK_REFUSED', { expiresInMs });
    if (expiresInMs < 1) throw new Fault('LOCK_COMMAND_EXPIRED');
    await this.#drive({ code: outputCode.onForTimer, timer: Math.ceil(forMs / tickMs) }, expiresInMs);
  }

  async state(): Promise<DoorReport> {
    if (!(await this.#ask())) this.#report('unavailable', 'unavailable');
    const report = this.#last ?? this.#report('unavailable', 'unavailable');
    if (report !== this.#announced) this.#announce(report);
    return report;
  }

  last(): DoorReport | undefined {
    return this.#last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
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

  async #drive(command: Pick<OutputCommand, 'code' | 'timer'>, expiresInMs: number): Promise<void> {
    const { peripheral, output } = this.#options;
    await peripheral.send({ is: 'output', output, ...command }, { expiresInMs });
    // OSTAT makes the peripheral name what it does, ISTAT what the door does; failing to hear either is no failure of the command.
    for (const is of ['outputs', 'inputs'] as const)
      peripheral.send({ is }, { expiresInMs: askWithinMs }).catch(() => undefined);
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
    if (news.is === 'offline') this.#report('unavailable', 'unavailable');
    if (news.is === 'reply' && news.reply.is === 'inputs') {
      const { levels } = news.reply;
      this.#report(this.#bolt(levels), this.#contact(levels));
    }
  }

  #bolt(levels: readonly InputLevel[]): BoltState {
    const { monitor } = this.#options;
    const level = monitor === undefined ? undefined : levels[monitor.input];
    if (monitor === undefined || level === undefined || level === 'unknown') return 'unknown';
    return level === monitor.lockedWhen ? 'locked' : 'open';
  }

  #contact(levels: readonly InputLevel[]): ContactState {
    const { contact } = this.#options;
    const level = contact === undefined ? undefined : levels[contact.input];
    if (contact === undefined || level === undefined || level === 'unknown') return 'unknown';
    return level === contact.closedWhen ? 'closed' : 'open';
  }

  #report(bolt: BoltState, contact: ContactState): DoorReport {
    const before = this.#last;
    const report = { seq: (before?.seq ?? 0) + 1, atMs: this.#options.clock.monotonic(), bolt, contact };
    this.#last = report;
    if (before === undefined || before.bolt !== bolt || before.contact !== contact) this.#announce(report);
    return report;
  }

  #announce(report: DoorReport): void {
    this.#announced = report;
    for (const listener of this.#listeners) listener(report);
  }
}

/**
 * A `Lock` of kind `latch` over one output of an OSDP peripheral.
 *
 * - `open` is OUT code 5 with a timer, in steps of 100 ms, rounded up: the strike lets go by itself. At most 6,553.5 s.
 * - `lock` is OUT code 1: it ends a pulse that runs.
 * - An OUT is sealed once and sent again only with the same bytes, in the same session and before its expiry. When no answer came, it
 *   throws LOCK_SILENT and forgets the command.
 * - A monitor that does not say locked means the latch is free: bolt `open`.
 * - Inputs 2 to 5 (short, cut, fault, unknown) are `unknown`; out of reach, both are `unavailable`.
 */
export const osdpLock = (options: OsdpLockOptions): Lock => new OsdpLock(options);
