/**
 * What Doorward needs of anything that holds a door shut.
 *
 * A driver implements `Lock` over a plain byte link. Names follow the Matter Door Lock cluster and Home Assistant:
 * `lock` throws the bolt, `unlock` draws it and never pulls the latch, `open` pulls the latch (a strike's timed pulse).
 * State comes from reports of the device, never from what was asked of it.
 */

import type { FaultCode } from '../../wire/faults.ts';

/** `unavailable`: the device cannot be reached. `unknown`: it answers and does not know. Never mix the two. */
export type BoltState = 'locked' | 'unlocked' | 'open' | 'jammed' | 'unknown' | 'unavailable';
export type ContactState = 'closed' | 'open' | 'unknown' | 'unavailable';

/** One look at the door: bolt and contact as the device itself reported them together. */
export interface DoorReport {
  /** Counts up by one with each report of this lock; orders reports whatever the clocks do. */
  readonly seq: number;
  /** Monotonic time of the report's arrival, in ms. */
  readonly atMs: number;
  /** `unknown` for a lock that has nothing to see its bolt with (`capabilities.seesBolt` false). */
  readonly bolt: BoltState;
  /** `unknown` for a lock without a contact (`capabilities.seesDoor` false). */
  readonly contact: ContactState;
}

export interface LockCapabilities {
  /** `latch`: one timed pulse, relocks by itself. `bolt`: driven both ways. */
  readonly kind: 'latch' | 'bolt';
  readonly lock: boolean;
  readonly unlock: boolean;
  readonly open: boolean;
  /** A sensor of its own tells where bolt or latch is; an echo of our own command does not count. */
  readonly seesBolt: boolean;
  readonly seesDoor: boolean;
  readonly battery: boolean;
}

export interface LockHealth {
  readonly reachable: boolean;
  /** Why not, when not reachable. */
  readonly fault?: FaultCode;
  /** 0..100, absent on mains power. */
  readonly batteryPercent?: number;
  /** The device itself says that it is nearly empty. */
  readonly batteryCritical?: boolean;
  readonly tampered?: boolean;
  /** Model and firmware as the device names itself. */
  readonly identity?: string;
}

export interface Lock {
  readonly capabilities: LockCapabilities;

  /** Opens the link and keeps it open, with reconnects, until `close`. Resolves at once; a lock that is away reports `unavailable`. */
  start(): Promise<void>;
  /** Ends every timer and the link. A pulse that runs goes on in the device and ends there by itself. */
  close(): Promise<void>;

  /**
   * Throws the bolt; on a latch: ends a pulse that runs. Safe to repeat.
   * Resolves when the device has accepted it, which proves nothing: only a report does.
   * @throws Fault LOCK_UNAVAILABLE, LOCK_SILENT, LOCK_REFUSED, LOCK_JAMMED, LOCK_COMMAND_EXPIRED
   */
  lock(): Promise<void>;
  /**
   * Draws the bolt, never the latch. Runs at most once however often its bytes are sent again.
   * @throws Fault as `lock`; LOCK_CAPABILITY_MISSING on a latch
   */
  unlock(options: { readonly expiresInMs: number }): Promise<void>;
  /**
   * Pulls the latch for `forMs`, then lets go by itself, even if this process dies. Runs at most once.
   * @param options.expiresInMs  1..10_000: not sent any more when it waited that long (a late pulse opens nothing)
   * @throws Fault as `lock`; LOCK_CAPABILITY_MISSING where the device has no latch
   */
  open(options: { readonly forMs: number; readonly expiresInMs: number }): Promise<void>;

  /** Asks the device now. Resolves with a fresh report; `unavailable` when it does not answer within 2 s. Never throws. */
  state(): Promise<DoorReport>;
  /** The last report, or undefined before the first. */
  last(): DoorReport | undefined;
  /** Calls back on every report that differs from the one before it, and on each `state()`. @returns unsubscribe */
  onReport(listener: (report: DoorReport) => void): () => void;
  health(): LockHealth;
}
