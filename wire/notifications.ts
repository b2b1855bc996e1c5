/** Notifications: what an owner device asks to be told and how, and what a push message carries. Pages and service worker read it. */
import * as v from 'valibot';
import { DoorId, Hash, Id, Millis } from './shapes.ts';

/** Languages that people are told in (S066). */
export const noticeLanguages = ['de', 'en', 'it', 'bg', 'ro', 'ru', 'tr'] as const;
export const NoticeLanguage = v.picklist(noticeLanguages);
export type NoticeLanguage = v.InferOutput<typeof NoticeLanguage>;

/** `loud`: it rings. `quiet`: it is there when somebody looks. */
const Loudness = v.picklist(['loud', 'quiet']);
const LoudnessOrOff = v.picklist(['loud', 'quiet', 'off']);

/** How loud each group is; what is left out stays as it is meant. Grants, ends and alarms cannot be switched off (S064, T37). */
export const NoticeChoices = v.strictObject({
  /** Planned, on the way, unlocked, cancelled. */
  steps: v.optional(LoudnessOrOff),
  /** Somebody is at the door. */
  door: v.optional(LoudnessOrOff),
  /** How a delivery or a visit ended. */
  ends: v.optional(Loudness),
  /** Who may enter: questions, grants, changed rules, new devices. */
  grants: v.optional(Loudness),
  /** `quiet`: only the first telling is. */
  alarms: v.optional(Loudness),
  /** What the household itself does at a door. */
  household: v.optional(LoudnessOrOff),
});
export type NoticeChoices = v.InferOutput<typeof NoticeChoices>;
export type NoticeGroup = keyof NoticeChoices;

/** What a browser's `PushSubscription.toJSON()` says (RFC 8291 keys: 65 and 16 bytes). */
export const PushSubscription = v.strictObject({
  endpoint: v.pipe(v.string(), v.maxLength(1_024), v.url()),
  keys: v.strictObject({
    p256dh: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{87}=?$/)),
    auth: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}={0,2}$/)),
  }),
});
export type PushSubscription = v.InferOutput<typeof PushSubscription>;

/** An IANA time zone that this runtime knows. */
export const TimeZone = v.pipe(
  v.string(),
  v.maxLength(64),
  v.check((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, 'no time zone'),
);

/**
 * An e-mail address as it may stand in a header: ASCII, one `@`, nothing that ends a line, opens a list or quotes (RFC 5321: 254 characters
 * at most).
 */
export const MailAddress = v.pipe(
  v.string(),
  v.maxLength(254),
  v.regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/),
);

/** What a device sets for itself. What is left out stays; `push: null` ends pushing. */
export const NoticeWish = v.strictObject({
  language: v.optional(NoticeLanguage),
  zone: v.optional(TimeZone),
  choices: v.optional(NoticeChoices),
  /** Texts may name the carrier and the planned time. */
  detail: v.optional(v.boolean()),
  push: v.optional(v.nullable(PushSubscription)),
});
export type NoticeWish = v.InferOutput<typeof NoticeWish>;

/** How a device is told now. */
export const NoticeSettings = v.strictObject({
  language: NoticeLanguage,
  zone: v.string(),
  choices: NoticeChoices,
  detail: v.boolean(),
  /** The key that the browser subscribes with (RFC 8292). */
  pushKey: v.string(),
  push: v.boolean(),
  mail: v.nullable(
    v.strictObject({
      /** `a…@example.org`: enough to know it again. */
      address: v.string(),
      proven: v.boolean(),
    }),
  ),
  /** What the last telling failed with, until one succeeds. */
  failing: v.nullable(v.picklist(['push', 'mail'])),
  /** Does this installation send mail at all? */
  mailPossible: v.boolean(),
});
export type NoticeSettings = v.InferOutput<typeof NoticeSettings>;

/** An alarm that stands or waits to be acknowledged. */
export const StandingAlarm = v.strictObject({
  alarm: Hash,
  code: v.string(),
  severity: v.picklist(['warning', 'critical']),
  /** In the language of the device that asks. */
  says: v.string(),
  door: v.nullable(DoorId),
  at: Millis,
  /** How often it was told. */
  told: v.number(),
  acknowledged: v.nullable(v.strictObject({ by: Hash, at: Millis })),
});
export type StandingAlarm = v.InferOutput<typeof StandingAlarm>;

/** What is sealed in a push message: all that the service worker needs to show it. */
export const PushMessage = v.strictObject({
  v: v.literal(1),
  /** The same id again is the same telling. */
  id: v.string(),
  /** What it is about: a newer one takes the place of the older. */
  tag: v.string(),
  title: v.pipe(v.string(), v.maxLength(100)),
  body: v.pipe(v.string(), v.maxLength(400)),
  language: NoticeLanguage,
  loud: v.boolean(),
  /** It is an alarm: it stays on the screen until somebody looks. */
  stays: v.boolean(),
  at: Millis,
  home: Id,
});
export type PushMessage = v.InferOutput<typeof PushMessage>;
