/** A door as it is built from its configuration: what moves it, and what only its installer and its owner do with it. */
import type { Verdict } from '../../wire/faults.ts';
import type { Doorbell } from '../doorbell/doorbell.ts';
import type { LockAdministration } from './administration.ts';
import type { Guide } from './guide.ts';
import type { Lock, LockCapabilities } from './lock.ts';
import type { Keypad } from './osdp/keypad.ts';

/** What moves a door: a lock, or a barrier in the words of one. */
export interface Mover
  extends Pick<Lock, 'start' | 'close' | 'lock' | 'unlock' | 'open' | 'state' | 'last' | 'onReport' | 'health'> {
  readonly capabilities: Omit<LockCapabilities, 'kind'> & { readonly kind: LockCapabilities['kind'] | 'barrier' };
  /** Whether an `open` would be tried now; a no is for now, and costs no visit. Absent where it always would. */
  mayOpen?(): Verdict<object>;
  /** How long its commands may take, where it is longer than usual, ms. */
  readonly patience?: {
    /** An unlock command that waited this long is dropped, 1..10_000. */
    readonly expiresInMs: number;
    /** How long it may take to accept a command. */
    readonly driveMs: number;
    /** How long a look may take to bring evidence. */
    readonly lookMs: number;
  };
  /**
   * Somebody is at the door: it reports by itself, however much battery that costs, until the returned function is called.
   * Absent where it always does.
   */
  attend?(): () => void;
}

/** What the installer gives for a pairing. */
export interface PairingAsked {
  /** The lock's security PIN, where it has one. */
  readonly pin?: number | undefined;
  /**
   * Leaves a bridge of the lock's maker alone, whose place the hub takes otherwise. The flag in the lock's adverts then stays up, and
   * what others do at the door is seen with the next poll instead of at once. Means nothing to a lock that knows no bridges.
   */
  readonly asApp?: boolean | undefined;
  /**
   * Only makes the key of an earlier pairing fresh, under that key alone: what answers to a maker's default key may be anybody on the
   * line. Means nothing to a lock that is paired at its button.
   */
  readonly renews?: boolean | undefined;
  /** Told as it goes on; never, where there is nothing to wait for. */
  readonly onStage?: ((stage: PairingStage) => void) | undefined;
  /** Ends the wait for the button. What has begun after it goes on to its end. */
  readonly signal?: AbortSignal | undefined;
}

/** `proving`: asks the lock whether an earlier pairing holds. `button`: waits until somebody holds the button. `talking`: exchanges keys. */
export type PairingStage = 'proving' | 'button' | 'talking';

export interface Paired {
  /** The lock had been paired before, and its pairing was found to be good. */
  readonly isOld: boolean;
}

export interface InstalledDoor {
  readonly mover: Mover;
  /** The reader beside the door; absent without one. */
  readonly guide?: Guide;
  /** Its keys; absent without one. */
  readonly keypad?: Keypad;
  /** Absent where the hub hears none. */
  readonly bell?: Doorbell;
  /** Absent where the lock keeps no codes and users of its own. */
  readonly administration?: LockAdministration;
  /**
   * Makes lock and hub know each other, in a window that closes by itself.
   * @throws Fault LOCK_REFUSED, LOCK_SILENT, LOCK_COMMAND_EXPIRED; for a Nuki lock those of `pairNuki`
   */
  pair(asked: PairingAsked): Promise<Paired>;
  /**
   * Forgets the key of the hub and, where it can, removes the hub from the lock.
   * @returns `left-in-lock`: the hub has forgotten it, its entry in the lock has to be removed by other means
   * @throws Fault LOCK_CAPABILITY_MISSING where nothing is forgotten
   */
  unpair(): Promise<'removed' | 'left-in-lock'>;
}
