/** The words of the machine of a stop: what is known of it, what can happen, what follows. */
import type { FaultCode } from '../../wire/faults.ts';
import type { Place, Plan } from '../../wire/plan.ts';
import type { leaveReasons, Presence, StopEnd, stopStates } from '../../wire/stop.ts';

/** What holds for the whole of an event, whoever brings it. */
export interface Terms {
  readonly plan: Plan;
  /** Photos may be taken here. */
  readonly photos: boolean;
  /** Thumbprint of the device that the task is bound to; undefined while nobody has it. */
  readonly device: string | undefined;
}

export interface Stop {
  readonly at: (typeof stopStates)[number];
  /** Device that has arrived. Another one that the task is given to arrives anew. */
  readonly device: string | undefined;
  readonly presence: Presence;
  readonly rung: 'no' | 'waiting' | 'waited';
  /** Holder whom the courier has named. */
  readonly named: string | undefined;
  /** Holder whose code is being compared. */
  readonly comparing: string | undefined;
  /** Wrong codes, over all holders. */
  readonly wrong: number;
  /** A visit at this door goes on. */
  readonly inside: string | undefined;
  /** Doors that were tried in vain. */
  readonly tried: readonly string[];
  readonly end: StopEnd | undefined;
}

export const initial: Stop = {
  at: 'expected',
  device: undefined,
  presence: 'none',
  rung: 'no',
  named: undefined,
  comparing: undefined,
  wrong: 0,
  inside: undefined,
  tried: [],
  end: undefined,
};

/** After so many wrong codes the attempt is over (S007). */
export const maxWrong = 3;

/** A signed act of the device `by`. */
export type ActEvent = { readonly by: string } & (
  | { readonly on: 'arrive'; readonly seen: 'said' | 'near' | 'elsewhere' }
  | { readonly on: 'ring' }
  | { readonly on: 'name'; readonly holder: string }
  | { readonly on: 'hand-over'; readonly holder: string }
  /** `photo`: a photo that was taken for this stop is there, as the act says; `isByHub`: by the camera at the door. */
  | { readonly on: 'put'; readonly place: Place; readonly photo: boolean; readonly isByHub?: boolean }
  | { readonly on: 'leave'; readonly reason: (typeof leaveReasons)[number] }
);

/** How sure the hub is of who it was. */
export type Noticed = 'someone' | 'felt' | 'heard';

export type Event =
  | ActEvent
  /** The answer of the comparison that was asked for. */
  | { readonly on: 'compared'; readonly holder: string; readonly is: 'right' }
  /** `isLast`: parcels of one order share their tries, so that this stop may have none left before it has used all of its own. */
  | { readonly on: 'compared'; readonly holder: string; readonly is: 'wrong'; readonly isLast: boolean }
  /** The wait after the ring is over. */
  | { readonly on: 'waited' }
  /** The hub felt the doorbell or the keypad - of this courier, or of someone -, or heard this courier's number there. */
  | { readonly on: 'noticed'; readonly how: Noticed }
  | { readonly on: 'visit.begun'; readonly door: string }
  /** `isProven`: the hub says completed, and the door is as it must be (R6). */
  | { readonly on: 'visit.ended'; readonly door: string; readonly isProven: boolean }
  /** The hub would not prepare a visit. */
  | { readonly on: 'door.failed'; readonly door: string }
  /** The recipient's own device says so (S075). */
  | { readonly on: 'received' }
  /** The carrier says that it lies at the pick-up point. */
  | { readonly on: 'collectable' }
  /** Somebody says "delivered" without any of the above. */
  | { readonly on: 'asserted' }
  | { readonly on: 'blocked' }
  | { readonly on: 'cancelled' }
  /** `isLong`: so long that no visit can still be under way. */
  | { readonly on: 'day-over'; readonly isLong: boolean };

/** Something that owner and carrier are told of by themselves (S015, S088). */
export const exceptions = ['without-evidence', 'other-door', 'unrung', 'late', 'despite-block'] as const;
export type Exception = (typeof exceptions)[number];

export type Effect =
  /** The act changes nothing, and the courier is told why. */
  | { readonly do: 'refuse'; readonly code: FaultCode }
  /** Compare the code of this holder, then come back with `compared`. */
  | { readonly do: 'compare'; readonly holder: string }
  /** Told to the owner: at the door. */
  | { readonly do: 'tell-arrival' }
  /** Over, and told with where and proof (S064). */
  | { readonly do: 'close'; readonly end: StopEnd }
  /** The next attempt begins by itself (S025). */
  | { readonly do: 'try-again' }
  | { readonly do: 'report'; readonly exception: Exception };

export interface Turn {
  readonly next: Stop;
  readonly effects: readonly Effect[];
}

/** Ends that count as delivered, and those after which it is tried again. */
export const deliveredEnds: ReadonlySet<StopEnd> = new Set(['handed-over', 'put', 'inside']);
export const triedAgain: ReadonlySet<StopEnd> = new Set(['left', 'tries-used', 'day-over']);
