/** Every alarm: how bad it is, what it says, when it stays quiet. */

export interface AlarmRow {
  readonly severity: 'warning' | 'critical';
  /** One sentence: what is so, then what to do. */
  readonly says: string;
  /** Not told while this other alarm stands: it says the same and more. */
  readonly hiddenWhile?: AlarmCode;
  /** Told only when it has stood this long, ms. */
  readonly visibleAfterMs: number;
}

export type AlarmCode =
  | 'DOOR_FORCED_OPEN'
  | 'BOLT_MOVED'
  | 'DOOR_LEFT_OPEN'
  | 'DOOR_NOT_LOCKED'
  | 'LOCK_JAMMED'
  | 'LOCK_OFFLINE'
  | 'LOCK_FAILED'
  | 'CONTACT_FAULT'
  | 'CAMERA_LOST'
  | 'RECORDINGS_DROPPED'
  | 'HUB_RESTARTED'
  | 'JOURNAL_FAILED'
  | 'HUB_BEHIND'
  | 'KNOCKS_REFUSED'
  | 'NONCE_REPEATED'
  | 'CLOCK_DISTRUSTED'
  | 'PAGES_CHANGED'
  | 'PAGES_UNCHECKED'
  | 'RECOVERY_ASKED'
  | 'DURESS';

export const alarms: Readonly<Record<AlarmCode, AlarmRow>> = {
  DOOR_FORCED_OPEN: {
    severity: 'critical',
    says: 'The door opened without a command. Look at it now.',
    visibleAfterMs: 0,
  },
  BOLT_MOVED: {
    severity: 'critical',
    says: 'The bolt moved without a command. Look at the door now.',
    visibleAfterMs: 0,
  },
  DOOR_LEFT_OPEN: { severity: 'critical', says: 'The door stands open after a visit. Close it.', visibleAfterMs: 0 },
  DOOR_NOT_LOCKED: {
    severity: 'critical',
    says: 'The door could not be proven locked. Look at it.',
    visibleAfterMs: 0,
  },
  LOCK_JAMMED: { severity: 'critical', says: 'The lock is jammed. Look at the door.', visibleAfterMs: 0 },
  LOCK_OFFLINE: {
    severity: 'critical',
    says: 'The lock cannot be reached: its state is not known.',
    visibleAfterMs: 30_000,
  },
  LOCK_FAILED: { severity: 'critical', says: 'The lock did not do what it was told.', visibleAfterMs: 0 },
  CONTACT_FAULT: {
    severity: 'critical',
    says: 'The door contact did not see what must have happened. Check the contact and the door.',
    visibleAfterMs: 0,
  },
  CAMERA_LOST: { severity: 'critical', says: 'The live picture was lost during a visit.', visibleAfterMs: 0 },
  RECORDINGS_DROPPED: {
    severity: 'warning',
    says: 'The disk of the hub is full: its oldest recordings were deleted before their time. Free it, or keep less.',
    visibleAfterMs: 0,
  },
  HUB_RESTARTED: {
    severity: 'warning',
    says: 'The hub restarted during a visit and is checking the door.',
    visibleAfterMs: 0,
  },
  JOURNAL_FAILED: {
    severity: 'critical',
    says: 'The hub cannot write its journal: it locks and does not unlock. Free its disk.',
    visibleAfterMs: 0,
  },
  HUB_BEHIND: {
    severity: 'critical',
    says: 'An old disk was put into the hub. It takes no visits until it is enrolled afresh.',
    visibleAfterMs: 0,
  },
  KNOCKS_REFUSED: { severity: 'warning', says: 'Somebody sends wrong requests for this door.', visibleAfterMs: 0 },
  NONCE_REPEATED: {
    severity: 'critical',
    says: 'A device repeated a random number: it is broken or imitated.',
    visibleAfterMs: 0,
  },
  CLOCK_DISTRUSTED: {
    severity: 'warning',
    says: 'The clock of the hub is not trusted, so it takes no visits.',
    visibleAfterMs: 60_000,
  },
  PAGES_CHANGED: {
    severity: 'critical',
    says: 'The cloud serves other pages than were released. Do not open them until the operator has explained it.',
    visibleAfterMs: 0,
  },
  PAGES_UNCHECKED: {
    severity: 'warning',
    says: 'The hub could not check the pages of the cloud for two days. Check its connection.',
    hiddenWhile: 'PAGES_CHANGED',
    visibleAfterMs: 0,
  },
  RECOVERY_ASKED: {
    severity: 'critical',
    says: 'Somebody has used the recovery code: in 24 hours a new device is one of the owner’s. If it is not you, veto.',
    visibleAfterMs: 0,
  },
  DURESS: {
    severity: 'critical',
    says: 'Somebody opened with a duress code: they are being forced. Do not call them. Call the police.',
    visibleAfterMs: 0,
  },
};
