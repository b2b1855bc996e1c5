/** The words of the visit machine: its states, what can happen to it, what it asks to be done. `step.ts` is the machine. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { FaultCode } from '../../wire/faults.ts';
import type { EntryBody, EntryKind } from '../../wire/journal.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { Use } from '../journal/journal.ts';
import type { DoorReport } from '../lock/lock.ts';

/** One look at the door, as the lock reported it. */
export type Look = Pick<DoorReport, 'bolt' | 'contact' | 'seq'>;

export interface Visit {
  readonly id: string;
  /** The grant's `jti`. */
  readonly grant: string;
  readonly rule: string;
  /** Thumbprint of the visitor's device. */
  readonly jkt: string;
  readonly delivery?: string;
  /** When it arrived by the trusted clock, ms; carried along for the receipt. */
  readonly arrivedAt?: number;
  readonly camera: 'off' | 'waiting' | 'live' | 'lost';
  /** The rule asks that an owner's device signs that it sees the picture. */
  readonly watched: boolean;
  /** The contact was seen open in this visit. */
  readonly opened: boolean;
  readonly said: 'nothing' | 'finish' | 'abort';
  readonly stopped: boolean;
  /** The bolt was commanded open. */
  readonly released: boolean;
  /** That command failed: it is not known, or not so, that the bolt was drawn. */
  readonly failed: boolean;
}

/**
 * Where a proof stands. `resting`: waits before the next lock command. `driving`: the command is under way, no report counts.
 * `looking`: waits for a first good look. `still`: it came, and time must pass. `again`: waits for the second good look.
 */
export type Proving = 'resting' | 'driving' | 'looking' | 'still' | 'again';

export type State = {
  /** Id of what is awaited: the only timer, drive or record whose end still counts. */
  readonly timer: number;
  readonly door: Look;
  /** Alarms of this door that stand. Empty in `idle`. */
  readonly alarms: readonly AlarmCode[];
} & (
  | { readonly at: 'idle' }
  | { readonly at: 'preparing'; readonly visit: Visit }
  | { readonly at: 'ready'; readonly visit: Visit }
  | { readonly at: 'unlocking'; readonly visit: Visit; readonly phase: 'recording' | 'driving' }
  | { readonly at: 'unlocked'; readonly visit: Visit }
  | { readonly at: 'open'; readonly visit: Visit }
  | { readonly at: 'closed'; readonly visit: Visit }
  | { readonly at: 'locking'; readonly visit: Visit; readonly phase: Proving; readonly attempt: number }
  | {
      readonly at: 'unsecured';
      readonly phase: Exclude<Proving, 'resting'>;
      /** Lock commands that may still be tried; 0 after a movement that was not ours. */
      readonly left: number;
      /** An owner has signed for having looked. */
      readonly cleared: boolean;
      /** Seen proven, and nothing but doubt since: what is not proven next has moved by itself. */
      readonly intact: boolean;
      /** A lock command was accepted since the door last moved (kept for an interrupted visit only). */
      readonly driven: boolean;
      /** A visit that a restart interrupted and that has not ended yet. */
      readonly visit?: Visit;
    }
);
export type At = State['at'];

/** What comes with an accepted `arrive`. */
export interface Arrival extends Pick<Visit, 'id' | 'grant' | 'rule' | 'jkt' | 'delivery' | 'arrivedAt'> {
  readonly camera: 'recorded' | 'watched' | 'off';
}

/** What the journal knows of a visit that had not ended. */
export interface Interrupted extends Pick<Visit, 'id' | 'grant' | 'rule' | 'jkt' | 'delivery' | 'arrivedAt'> {
  readonly released: boolean;
  readonly opened: boolean;
}

/** Events of another visit than the one under way change nothing. */
export type Event =
  /** An `arrive` knock was accepted. */
  | { readonly on: 'visit.arrived'; readonly visit: Arrival }
  /** An `open` or `unlock` knock was accepted. */
  | { readonly on: 'unlock.asked'; readonly visit: string; readonly use: Use }
  | { readonly on: 'finish.asked'; readonly visit: string }
  | { readonly on: 'abort.asked'; readonly visit: string }
  /** Without `visit`: whichever is under way. `by`: who or what stops, no name of a person. */
  | { readonly on: 'stop.asked'; readonly by: string; readonly visit?: string }
  /** Acknowledged live frames flow. `watched`: and an owner's device signs that it sees them. Again whenever `watched` changes. */
  | { readonly on: 'camera.live'; readonly visit: string; readonly watched: boolean }
  | { readonly on: 'camera.lost'; readonly visit: string }
  | { readonly on: 'recorded'; readonly record: number }
  | { readonly on: 'record.failed'; readonly record: number; readonly code: FaultCode }
  /** The lock accepted the command, which proves nothing. */
  | { readonly on: 'drive.done'; readonly to: 'locked' | 'unlocked'; readonly drive: number }
  | {
      readonly on: 'drive.failed';
      readonly to: 'locked' | 'unlocked';
      readonly drive: number;
      readonly code: FaultCode;
    }
  | ({ readonly on: 'reported' } & Look)
  | { readonly on: 'timer.fired'; readonly timer: number }
  /** A genuine clearance for an alarm that stands. */
  | { readonly on: 'cleared'; readonly by: string }
  /** The process began. `alarms`: those that stood in the journal. */
  | { readonly on: 'restarted'; readonly visit?: Interrupted; readonly alarms: readonly AlarmCode[] };

export type Effect =
  /** Best effort: what cannot be written now is written later. */
  | { readonly do: 'journal'; readonly kind: EntryKind; readonly body: EntryBody; readonly visit?: string }
  /** Must be on disk, with its use: answered by `recorded` or `record.failed`. */
  | {
      readonly do: 'record';
      readonly record: number;
      readonly kind: 'visit.unlock';
      readonly body: EntryBody;
      readonly visit: string;
      readonly use: Use;
    }
  /** Answered by `drive.done` or `drive.failed`. To `unlocked` on a latch: its timed pulse. */
  | { readonly do: 'bolt.drive'; readonly to: 'locked' | 'unlocked'; readonly drive: number }
  /** Ask the lock now; the answer is a `reported`. */
  | { readonly do: 'sense' }
  /** Takes the place of the timer before. */
  | { readonly do: 'timer.set'; readonly timer: number; readonly ms: number }
  | { readonly do: 'timer.clear' }
  | { readonly do: 'camera.start' | 'camera.stop'; readonly visit: string }
  /** `private`: the household's own doing, sealed before it is written. Raised again: told again. */
  | { readonly do: 'alarm.raise'; readonly code: AlarmCode; readonly private: boolean; readonly visit?: string }
  | { readonly do: 'alarm.clear'; readonly code: AlarmCode }
  | { readonly do: 'visit.end'; readonly visit: Visit; readonly outcome: Outcome; readonly proof: Proof };

export interface Turn {
  readonly next: State;
  readonly effects: readonly Effect[];
}

/** Before the journal was read and the lock was asked: nothing is believed. */
export const initial: State = {
  at: 'unsecured',
  timer: 0,
  door: { bolt: 'unavailable', contact: 'unavailable', seq: -1 },
  alarms: [],
  phase: 'looking',
  left: 0,
  cleared: false,
  intact: false,
  driven: false,
};
