/**
 * What Doorward needs of a garage operator. It is no `Lock`: nothing is thrown and nothing lets go by itself.
 *
 * Its one input is a toggle: a pulse opens a closed barrier, stops or reverses one that moves, and closes an open one on whoever
 * stands below it. So a pulse is sent from proven closed only, once, and whoever sent it looks for what came of it.
 */
import type { Verdict } from '../../wire/faults.ts';
import type { LockHealth } from '../lock/lock.ts';

/** `not-closed`: anywhere else, moving or still. `unavailable`: cannot be reached. `unknown`: it answers and does not know. */
export type BarrierPosition = 'closed' | 'not-closed' | 'unknown' | 'unavailable';

export interface BarrierReport {
  /** Counts up by one with each report of this barrier. */
  readonly seq: number;
  /** Monotonic time of the report's arrival, in ms. */
  readonly atMs: number;
  readonly position: BarrierPosition;
}

export interface BarrierCapabilities {
  /** An input of its own tells that it is closed. Without one there are no pulses, and no visits. */
  readonly seesClosed: boolean;
  /** It has a separate output that closes and never opens, an operator that stops at an obstruction, and a buzzer and a light to warn with. */
  readonly closes: boolean;
}

export interface Barrier {
  readonly capabilities: BarrierCapabilities;

  /** Opens the link and keeps it open, with reconnects, until `end`. Sends nothing that moves anything. */
  start(): Promise<void>;
  /** Ends every timer and the link. A barrier that moves goes on moving. */
  end(): Promise<void>;

  /**
   * One pulse that opens. Sent at most once, and only when all looks of the last seconds said closed, after a start all looks for
   * longer than any barrier travels: a pulse of the process before may still be at work.
   *
   * After it no other is sent before the barrier was seen to open and to close again, whatever became of this one.
   * @param options.expiresInMs  1..2000: not sent any more when it waited that long
   * @throws Fault BARRIER_NOT_PROVEN and BARRIER_SPENT, nothing was sent; LOCK_UNAVAILABLE, LOCK_REFUSED, LOCK_COMMAND_EXPIRED, nothing
   *   moves and another try may follow; LOCK_SILENT, nobody knows
   */
  openPulse(options: { readonly expiresInMs: number }): Promise<void>;

  /** Whether `openPulse` would send one now. @returns BARRIER_NOT_PROVEN, for now; BARRIER_SPENT, until it was seen to open and to close */
  mayPulse(): Verdict<object>;

  /**
   * Warns with buzzer and light for at least 5 s, and then closes. Once for each opening. Resolves when the operator has been told to close.
   * @throws Fault LOCK_CAPABILITY_MISSING without all that `capabilities.closes` stands for; BARRIER_NOT_PROVEN when it is not known to be
   *   away from closed, before or after the warning; BARRIER_SPENT the second time; as a command that failed, also of the warning: then it does not close
   */
  closeFromAfar(): Promise<void>;

  /** Asks the device now. Resolves with a fresh report; `unavailable` when it does not answer within 2 s. Never throws. */
  state(): Promise<BarrierReport>;
  last(): BarrierReport | undefined;
  /** Calls back on every report that differs from the one before it, and on each `state()`. @returns unsubscribe */
  onReport(listener: (report: BarrierReport) => void): () => void;
  health(): LockHealth;
}
