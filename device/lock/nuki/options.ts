/** What a Nuki lock needs from the hub, and what it tells it. */
import type { FaultCode } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { GattAdapter } from '../../link/gatt.ts';
import type { Credentials } from './credentials.ts';
import type { LogEvent, LogTaker } from './log-reader.ts';
import type { NukiTiming } from './timing.ts';
import type { VitalEvent } from './vitals.ts';

/** One log over all pairings of a lock. */
export interface KeptLog extends LogTaker {
  /** What is followed from now on is the log of a lock that was not known: it begins where that one stands. */
  restart(): void;
}

/** What the hub logs and journals: no keys, no names, no bytes. */
export type NukiEvent =
  | { readonly on: 'online' }
  | { readonly on: 'offline'; readonly code: FaultCode }
  | { readonly on: 'frame.dropped'; readonly code: FaultCode }
  /** The lock does not take the stored PIN: it is not said again until the hub restarts or pairs anew. Told once. */
  | { readonly on: 'pin.refused'; readonly code: FaultCode }
  | VitalEvent
  | LogEvent
  /** `corrected`: the clock of the lock was set. */
  | { readonly on: 'clock.drifted'; readonly driftMs?: number; readonly corrected: boolean };

export interface NukiLockOptions {
  readonly adapter: GattAdapter;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly address: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Trusted time, ms since the epoch; undefined while there is none: then the clock of the lock is left alone. */
  readonly now: () => number | undefined;
  readonly randomBytes: (count: number) => Uint8Array;
  /** A door sensor is paired with the lock (generation 2 and later). */
  readonly doorSensor: boolean;
  /** The lock may pull the latch of this door. */
  readonly pullsLatch: boolean;
  readonly timing?: Partial<NukiTiming>;
  /** Who keeps and journals the log of the lock. It is read with the PIN; without one, nothing is. */
  readonly log?: LogTaker;
  readonly onEvent: (event: NukiEvent) => void;
}
