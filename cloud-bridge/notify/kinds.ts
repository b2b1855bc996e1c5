/** Everything that is told: how loud, by which way, for how long it is worth telling, what it says. The table of `judge.ts` and `plan.ts`. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { EntryKind } from '../../wire/journal.ts';
import type { NoticeGroup } from '../../wire/notifications.ts';
import type { TextKey, TitleKey } from './words.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface KindRow {
  /** The group that a device chooses about. */
  readonly group: NoticeGroup;
  /** Unless the device chose otherwise. */
  readonly loud: boolean;
  /** Mail: to a device that has no push, to every one beside the push, or never. */
  readonly mail: 'instead' | 'too' | 'never';
  /** Told only when nothing has taken it back for this long, ms. */
  readonly afterMs: number;
  /** Worth telling for this long, ms. */
  readonly forMs: number;
  readonly title: TitleKey;
  /** Left out where what happened says which text it is. */
  readonly text?: TextKey;
}

export const noticeKinds = {
  // arrival, in steps (S060, S061, S091)
  planned: { group: 'steps', loud: false, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'parcel', text: 'planned' },
  onTheWay: {
    ...{ group: 'steps', loud: false, mail: 'instead', afterMs: 0, forMs: 4 * hourMs, title: 'parcel' },
    text: 'onTheWay',
  },
  // The push holds no digits: whoever sees the lock screen is not the recipient yet.
  codeReady: {
    ...{ group: 'grants', loud: false, mail: 'too', afterMs: 0, forMs: dayMs, title: 'parcel' },
    text: 'codeReady',
  },
  atDoor: {
    ...{ group: 'door', loud: true, mail: 'instead', afterMs: 0, forMs: 10 * minuteMs, title: 'parcel' },
    text: 'atDoor',
  },
  inside: {
    ...{ group: 'steps', loud: false, mail: 'never', afterMs: 0, forMs: 10 * minuteMs, title: 'parcel' },
    text: 'inside',
  },
  delivered: { group: 'ends', loud: false, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'parcel' },
  photo: { group: 'ends', loud: false, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'parcel', text: 'photo' },
  disputeAnswered: {
    ...{ group: 'ends', loud: false, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'parcel' },
    text: 'disputeAnswered',
  },
  failed: { group: 'ends', loud: true, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'parcel' },
  cancelled: {
    ...{ group: 'ends', loud: false, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'parcel' },
    text: 'cancelled',
  },
  guestAtDoor: {
    ...{ group: 'door', loud: true, mail: 'never', afterMs: 0, forMs: 10 * minuteMs, title: 'door' },
    text: 'guestAtDoor',
  },
  visitOver: { group: 'ends', loud: false, mail: 'never', afterMs: 0, forMs: dayMs, title: 'door' },

  // who may enter: every device of the home (S042, T37)
  approvalWanted: {
    ...{ group: 'grants', loud: true, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'door' },
    text: 'approvalWanted',
  },
  guestClaimed: {
    ...{ group: 'grants', loud: true, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'door' },
    text: 'guestClaimed',
  },
  granted: { group: 'grants', loud: false, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'door', text: 'granted' },
  rulesChanged: {
    ...{ group: 'grants', loud: true, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'door' },
    text: 'rulesChanged',
  },
  receiversChanged: {
    ...{ group: 'grants', loud: false, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'home' },
    text: 'receiversChanged',
  },
  deviceAsked: {
    ...{ group: 'grants', loud: false, mail: 'never', afterMs: 0, forMs: hourMs, title: 'home' },
    text: 'deviceAsked',
  },
  devicesChanged: {
    ...{ group: 'grants', loud: true, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'home' },
    text: 'devicesChanged',
  },

  wishesChanged: {
    ...{ group: 'grants', loud: false, mail: 'never', afterMs: 0, forMs: dayMs, title: 'home' },
    text: 'wishesChanged',
  },
  // Set by support after an incident (S033).
  codeAlways: {
    ...{ group: 'grants', loud: false, mail: 'instead', afterMs: 0, forMs: 3 * dayMs, title: 'home' },
    text: 'codeAlways',
  },

  // Each look of support, and of a carrier at what is shared with it, to every device (S078).
  supportLooked: {
    ...{ group: 'grants', loud: false, mail: 'never', afterMs: 0, forMs: dayMs, title: 'home' },
    text: 'supportLooked',
  },
  carrierLooked: {
    ...{ group: 'grants', loud: false, mail: 'never', afterMs: 0, forMs: dayMs, title: 'home' },
    text: 'carrierLooked',
  },

  // Several movements in a row are one telling. By mail it would tell others when people come and go (S048).
  household: {
    ...{ group: 'household', loud: false, mail: 'never', afterMs: 5_000, forMs: 6 * hourMs, title: 'door' },
    text: 'household',
  },

  alarm: { group: 'alarms', loud: true, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'alarm' },
  warning: { group: 'alarms', loud: false, mail: 'never', afterMs: 0, forMs: dayMs, title: 'home' },
  alarmTaken: {
    ...{ group: 'alarms', loud: false, mail: 'never', afterMs: 0, forMs: hourMs, title: 'alarm' },
    text: 'alarmTaken',
  },
  alarmOver: {
    ...{ group: 'alarms', loud: false, mail: 'instead', afterMs: 0, forMs: dayMs, title: 'alarm' },
    text: 'alarmOver',
  },

  test: { group: 'alarms', loud: true, mail: 'never', afterMs: 0, forMs: 5 * minuteMs, title: 'home', text: 'test' },
} as const satisfies Readonly<Record<string, KindRow>>;

export type NoticeKind = keyof typeof noticeKinds;
export const kindRow = (kind: NoticeKind): KindRow => noticeKinds[kind];

/** Alarms by their code (`wire/alarms.ts` has how bad each is): what is said, and whether the hub says when it is over. */
export const alarmTexts: Readonly<Record<AlarmCode, TextKey>> = {
  DOOR_FORCED_OPEN: 'alarmForced',
  BOLT_MOVED: 'alarmForced',
  DOOR_LEFT_OPEN: 'alarmLeftOpen',
  DOOR_NOT_LOCKED: 'alarmNotLocked',
  LOCK_JAMMED: 'alarmNotLocked',
  LOCK_FAILED: 'alarmNotLocked',
  CONTACT_FAULT: 'alarmNotLocked',
  LOCK_OFFLINE: 'alarmLockAway',
  CAMERA_LOST: 'alarmCameraLost',
  JOURNAL_FAILED: 'alarmHub',
  HUB_BEHIND: 'alarmHub',
  NONCE_REPEATED: 'alarmForged',
  KNOCKS_REFUSED: 'alarmForged',
  RECORDINGS_DROPPED: 'warnDisk',
  HUB_RESTARTED: 'warnRestarted',
  CLOCK_DISTRUSTED: 'warnClock',
  PAGES_CHANGED: 'alarmPages',
  PAGES_UNCHECKED: 'warnPages',
  RECOVERY_ASKED: 'alarmRecovery',
  DURESS: 'alarmDuress',
};

/** What the cloud alone can see: it stands like an alarm of the hub. */
export const ownAlarms = {
  HUB_OFFLINE: { severity: 'warning', visibleAfterMs: 10 * minuteMs, text: 'warnHubAway' },
  JOURNAL_REFUSED: { severity: 'critical', visibleAfterMs: 0, text: 'alarmRecords' },
} as const satisfies Readonly<
  Record<string, { severity: 'warning' | 'critical'; visibleAfterMs: number; text: TextKey }>
>;

export type StandingCode = AlarmCode | keyof typeof ownAlarms;

/** Not told while that other one stands: whoever mends that one finds out about this one. */
export const hiddenWhile: Readonly<Partial<Record<StandingCode, StandingCode>>> = {
  LOCK_OFFLINE: 'HUB_OFFLINE',
  CLOCK_DISTRUSTED: 'HUB_BEHIND',
};

/** Entries of the journal that somebody may be told of; of the others nobody is, whatever they say. */
const toldEntries: ReadonlySet<EntryKind> = new Set([
  'alarm.raised',
  'alarm.cleared',
  'clock.trusted',
  'household',
  'visit.arrived',
  'visit.ended',
  'document.accepted',
]);
export const isTold = (kind: EntryKind): boolean => toldEntries.has(kind);

/** How long after each telling of a critical alarm the next one comes, ms; the last for ever. */
export const tellAgainMs = [2, 5, 10, 30, 60].map((minutes) => minutes * minuteMs);
