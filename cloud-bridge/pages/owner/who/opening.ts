/** One way in: who, where, by which means, when, on which conditions, and how it is stopped. */
import type { ListedUser, LockOrder } from '../../../../wire/lock-order.ts';
import type { Window } from '../../../../wire/occurrences.ts';
import type { Ends } from '../../../../wire/revocation.ts';
import type { Rule } from '../../../../wire/rule-book.ts';

export type Who =
  | { readonly kind: 'carrier' | 'company' | 'guest'; readonly id: string }
  /** A device of the owner, by the thumbprint of its key. */
  | { readonly kind: 'device'; readonly kid: string }
  /** Whoever holds the printed code. */
  | { readonly kind: 'recovery' }
  | { readonly kind: 'code'; readonly name: string }
  | { readonly kind: 'lock-user'; readonly name: string; readonly is: ListedUser['kind'] }
  /** Holders of keys of metal and of the lock maker's own app. `unread`: the lock keeps a list that nobody has read. */
  | { readonly kind: 'unknown'; readonly unread: boolean };

/**
 * `asked`: with the owner's yes each time. `alone`: on the party's own key, without asking. `approved`: the owner has said yes already.
 * `guest`: the guest's own phone. `keypad`: a code of the lock. `paired`: a phone, fob or keypad that the lock knows by itself.
 */
export type Means = 'asked' | 'alone' | 'approved' | 'guest' | 'owner-device' | 'keypad' | 'paired' | 'key';

/** `waiting`: begins when the hub has taken what is on its way. `ending`: stops when it has; until then it opens. */
export type State = 'in-force' | 'waiting' | 'ending';

/** How it is stopped: by a signed end, an order to the lock, a change of devices, or by hand at the door. */
export type Stop =
  | { readonly by: 'revocation'; readonly ends: Ends }
  | {
      readonly by: 'lock';
      readonly door: string;
      readonly order: Extract<LockOrder, { do: 'codes.remove' | 'users.remove' }>;
    }
  | { readonly by: 'devices'; readonly kid: string }
  | { readonly by: 'hand' };

export interface Opening {
  readonly who: Who;
  readonly by: Means;
  /** Undefined: every door. */
  readonly door?: string;
  /** Within the next seven days. */
  readonly windows: readonly Window[];
  readonly is: State;
  readonly camera?: Rule['camera'];
  /** The rule that it stands on, and how many visits are left of it at most. */
  readonly rule?: string;
  readonly left?: number;
  readonly stop: Stop;
  /**
   * Stopped now, with a hub that hears of it only later: the last moment, seconds, at which it could still open. Before it hears, that
   * is; after, at once. The present moment where nothing opens without a yes; undefined where nothing but the hub's word ends it.
   */
  readonly lastS: number | undefined;
}
