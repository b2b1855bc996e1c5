/** Who is told what, and the alarms that stand. */

export interface NoticeTables {
  notice_feed: NoticeFeedTable;
  notice_device: NoticeDeviceTable;
  notice: NoticeTable;
  standing_alarm: StandingAlarmTable;
}

/** How far the events of a home have been turned into notices. */
interface NoticeFeedTable {
  home: string;
  /** Number of the last event that was looked at. */
  told: number;
  /** Number of the newest event of which somebody may be told. */
  last: number;
}

/** How one owner device wants to be told. */
interface NoticeDeviceTable {
  home: string;
  /** Thumbprint of the owner device's key. */
  jkt: string;
  language: string;
  zone: string;
  /** `NoticeChoices`, JSON. */
  choices: string;
  detail: number;
  /** Of its push subscription, with the keys that messages are sealed to. */
  endpoint: string | null;
  p256dh: string | null;
  auth: string | null;
  mail: string | null;
  /** 1: its owner has typed the code that was sent there. */
  mail_proven: number;
  /** Hash of the code that is out. */
  mail_code: string | null;
  mail_code_at: number | null;
  /** Wrong codes that were typed for it. */
  mail_tries: number;
  /** `push` or `mail`: what the last telling failed with. */
  failing: string | null;
}

/** One telling to one device by one way: written with what caused it, kept until it is told. */
interface NoticeTable {
  /** Hash of what it is: the same telling has the same id. */
  id: string;
  home: string;
  jkt: string;
  /** `push` or `mail`. */
  way: string;
  kind: string;
  /** What it is about: a newer telling about the same takes its place on the screen. */
  about: string;
  /** `Said`, JSON. */
  says: string;
  loud: number;
  at: number;
  /** Not before this; while it is being sent: until when nobody else tries. */
  due_at: number;
  /** Not after this. */
  until_at: number;
  /** `waiting`, `sending`, `sent`, `dropped` or `failed`. */
  state: string;
  tries: number;
}

/** An alarm that stands, or that nobody has acknowledged. */
interface StandingAlarmTable {
  id: string;
  home: string;
  code: string;
  door: string | null;
  at: number;
  /** When it is told the next time; null: no more. */
  next_at: number | null;
  /** How often it was told. */
  round: number;
  /** Thumbprint of the owner device that acknowledged. */
  acked_by: string | null;
  acked_at: number | null;
  ended_at: number | null;
}
