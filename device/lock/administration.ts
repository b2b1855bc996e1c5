/**
 * What an owner may have done at a lock that keeps codes and users of its own: only ever by the owner's signed order (R1: never for
 * a courier). A code goes in and never comes out again.
 */

/** When a code or a user counts. All of it by the clock of the lock, in UTC. */
export interface AccessTimes {
  /** Seconds since the epoch, both ends included, up to the end of 2099. What a lock limits without a date begins at 0, or ends then. */
  readonly fromS: number;
  readonly untilS: number;
  /** 0 Monday to 6 Sunday; empty: every day. */
  readonly weekdays: readonly number[];
  /** Minutes since midnight, 0..1439, in order: a night is two codes. Both 0: the whole day. */
  readonly fromMinute: number;
  readonly untilMinute: number;
}

interface Admitted {
  readonly id: number;
  /** As the household calls it: for the owner's eyes alone. */
  readonly name: string;
  readonly enabled: boolean;
  /** Seconds since the epoch; absent where the lock has none. */
  readonly createdS?: number;
  readonly lastUsedS?: number;
  readonly uses: number;
  /** Absent: always. */
  readonly times?: AccessTimes;
}

/** A code of the keypad, without its digits. */
export type LockCode = Admitted;

/** A phone, fob or bridge that can move the lock past the hub. */
export interface LockUser extends Admitted {
  readonly kind: 'app' | 'bridge' | 'fob' | 'keypad' | 'other';
  /** This hub itself: it cannot be removed here, `unpair` does that. */
  readonly isHub: boolean;
  readonly mayActFromAfar: boolean;
}

/**
 * One exchange at a time with the lock, each after those before it. Every method needs the security PIN of the lock.
 * All throw Fault NUKI_PIN_MISSING, NUKI_PIN_WRONG, NUKI_PIN_LOCKED (never tried again by itself), LOCK_REFUSED; LOCK_UNAVAILABLE: it was
 * not sent, nothing is done; LOCK_SILENT: it was sent, and only a list tells what became of it. What has to do with codes throws
 * LOCK_CAPABILITY_MISSING without a keypad.
 */
export interface LockAdministration {
  codes(): Promise<readonly LockCode[]>;
  /**
   * @param asked.digits  exactly 6 of 1-9, not starting with 12 (the lock's own rule)
   * @param asked.name    1..20 bytes of UTF-8
   * @returns the id that the lock gave it
   * @throws Fault also LOCK_CODE_UNFIT (breaks a rule of the lock; `detail.field` says which part), LOCK_CODE_TAKEN, NUKI_FULL
   */
  addCode(asked: {
    readonly digits: string;
    readonly name: string;
    readonly times?: AccessTimes;
  }): Promise<{ readonly id: number }>;
  /** Proven by a fresh list in which it is missing; harmless when it was missing before. */
  removeCode(id: number): Promise<void>;
  users(): Promise<readonly LockUser[]>;
  /**
   * Invites a phone or a fob.
   * @param asked.name  1..32 bytes of UTF-8
   * @returns its id, and the 32 bytes that it will seal with: for the owner alone, nowhere kept
   * @throws Fault also NUKI_FULL; LOCK_REFUSED with `detail.field` for a name or times that no lock takes
   */
  addUser(asked: {
    readonly name: string;
    readonly kind: 'app' | 'fob';
    readonly mayActFromAfar: boolean;
    readonly times?: AccessTimes;
  }): Promise<{ readonly id: number; readonly key: Uint8Array }>;
  /** As `removeCode`. @throws Fault also LOCK_REFUSED for the hub's own entry */
  removeUser(id: number): Promise<void>;
}
