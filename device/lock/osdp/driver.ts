/** A door strike on an OSDP peripheral as a `Lock`: one output, and the inputs that see the door. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { BoltState, ContactState, DoorReport, Lock, LockCapabilities, LockHealth } from '../lock.ts';
import { type Command, type InputLevel, outputCode } from './codec.ts';
import { askWithinMs, healthOf, InputReports, levelOf } from './inputs.ts';
import type { Peripheral } from './peripheral.ts';

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

type DoorLook = Pick<DoorReport, 'bolt' | 'contact'>;
type OutputCommand = Extract<Command, { is: 'output' }>;

const tickMs = 100;
const longestPulseMs = 0xffff * tickMs;
const longestWaitMs = 10_000;
/** `lock` may always come late. */
const lockWithinMs = 5000;

class OsdpLock implements Lock {
  readonly capabilities: LockCapabilities;
  readonly #options: OsdpLockOptions;
  readonly #reports: InputReports<DoorLook>;

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
    this.#reports = new InputReports<DoorLook>({
      peripheral: options.peripheral,
      clock: options.clock,
      away: { bolt: 'unavailable', contact: 'unavailable' },
      look: (levels) => ({ bolt: this.#bolt(levels), contact: this.#contact(levels) }),
    });
  }

  async start(): Promise<void> {
    this.#reports.start();
  }

  async close(): Promise<void> {
    await this.#reports.end();
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

  state(): Promise<DoorReport> {
    return this.#reports.state();
  }

  last(): DoorReport | undefined {
    return this.#reports.last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
    return this.#reports.onReport(listener);
  }

  health(): LockHealth {
    return healthOf(this.#options.peripheral);
  }

  async #drive(command: Pick<OutputCommand, 'code' | 'timer'>, expiresInMs: number): Promise<void> {
    const { peripheral, output } = this.#options;
    await peripheral.send({ is: 'output', output, ...command }, { expiresInMs });
    // OSTAT makes the peripheral name what it does, ISTAT what the door does; failing to hear either is no failure of the command.
    for (const is of ['outputs', 'inputs'] as const)
      peripheral.send({ is }, { expiresInMs: askWithinMs }).catch(() => undefined);
  }

  #bolt(levels: readonly InputLevel[]): BoltState {
    const { monitor } = this.#options;
    const level = levelOf(levels, monitor?.input);
    if (level === 'unknown') return 'unknown';
    return level === monitor?.lockedWhen ? 'locked' : 'open';
  }

  #contact(levels: readonly InputLevel[]): ContactState {
    const { contact } = this.#options;
    const level = levelOf(levels, contact?.input);
    if (level === 'unknown') return 'unknown';
    return level === contact?.closedWhen ? 'closed' : 'open';
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
