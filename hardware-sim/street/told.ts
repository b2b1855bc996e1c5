/** What the page of the street is told, and what it may ask for. Both sides of its socket import this, and nothing here runs. */
import type { HomeSeen } from '../control/follow-home.ts';

export type DoorName = 'front' | 'garage';

/** What came of something that somebody tried: for a reader, and with the code of the system's own answer where it gave one. */
export interface Said {
  /** Counts up, so that the same words twice are two answers. */
  readonly n: number;
  readonly isGood: boolean;
  readonly text: string;
  readonly code?: string;
}

/** Where the courier's phone is. From `idle` on it is the hub's word for the visit. */
export type CourierAt =
  | 'none'
  | 'sent'
  | 'pressed'
  | 'elsewhere'
  | 'over'
  | 'idle'
  | 'preparing'
  | 'ready'
  | 'unlocking'
  | 'unlocked'
  | 'open'
  | 'closed'
  | 'locking'
  | 'unsecured'
  | 'ended';

export interface CourierTold {
  readonly at: CourierAt;
  readonly door: DoorName;
  /** Six digits of the key that a phone made, for the dispatch. */
  readonly digits?: string;
  /** The dispatch has signed for the phone with these digits. */
  readonly isConfirmed?: boolean;
  /** The task link, for a browser: the real page of a courier. */
  readonly link?: string;
  readonly outcome?: string;
  readonly proof?: string;
}

/** What the owner's phone knows of a door, from journal entries that it verified. */
export interface DoorTold {
  readonly name: DoorName;
  readonly at: 'unknown' | 'locked' | 'unlocked' | 'open' | 'closed' | 'moved' | 'alarm';
  /** When the entry was written that says so, ms since the epoch. */
  readonly sinceMs?: number;
}

export interface AlarmTold {
  /** Sequence number of the entry that raised it. */
  readonly seq: number;
  readonly door?: DoorName;
  readonly code: string;
  readonly says: string;
  readonly isCritical: boolean;
}

export interface OwnerTold {
  readonly isOnline: boolean;
  readonly doors: readonly DoorTold[];
  /** Grants that wait for a yes, by a number that the act names. */
  readonly waiting: readonly { readonly id: string; readonly door: DoorName }[];
  /** A visit that may still be stopped. */
  readonly visit?: { readonly door: DoorName; readonly isAtDoor: boolean };
  readonly alarms: readonly AlarmTold[];
  /** The link that signs a browser in as a device of this owner. */
  readonly invitation?: string;
  /** Where the owner's mail is read. */
  readonly mailbox?: string;
}

export interface SwitchTold {
  readonly id: string;
  readonly group: SwitchGroup;
  readonly says: string;
  readonly isOn: boolean;
}
export type SwitchGroup = 'door' | 'lock' | 'camera' | 'radio' | 'garage' | 'line' | 'part';

export interface TrickTold {
  readonly id: string;
  readonly says: string;
  /** What it takes; shown where it cannot be tried now. */
  readonly needs: string;
  readonly isPossible: boolean;
}

export interface JournalLine {
  readonly seq: number;
  /** Absent in what was sealed before this phone was the owner's: of that only the day is known. */
  readonly atMs?: number;
  readonly who: string;
  readonly what: string;
  readonly facts: string;
  readonly isBad: boolean;
  /** Sealed for the owner: the cloud keeps it and cannot read it. */
  readonly isSealed: boolean;
}

export interface JournalTold {
  readonly lines: readonly JournalLine[];
  /** Up to this entry the hub's signature, or the cloud's witness, stands under the chain. */
  readonly signedTo: number;
  /** Where the chain did not hold. */
  readonly breaks: readonly string[];
}

/** The whole street at one moment. */
export interface StreetTold {
  /** Another one after a start of the program: the page begins anew. */
  readonly run: string;
  readonly at: 'coming-up' | 'up';
  /** What was said while it came up. */
  readonly setup: readonly { readonly who: string; readonly what: string }[];
  /** Name of each program -> whether it runs. */
  readonly parts: Readonly<Record<string, boolean>>;
  /** Absent while there is no simulator. */
  readonly home?: HomeSeen;
  readonly hasGarage: boolean;
  readonly hasCamera: boolean;
  /** Parcels that lie in the garage, which no camera sees. */
  readonly inGarage: boolean;
  /** It plays by itself. */
  readonly isPlaying: boolean;
  readonly courier: CourierTold;
  readonly owner: OwnerTold;
  readonly tricks: readonly TrickTold[];
  readonly switches: readonly SwitchTold[];
  /** `n`: of the newest picture. */
  readonly film: { readonly n: number; readonly isLive: boolean };
  readonly journal: JournalTold;
  /** What may be done now. */
  readonly can: readonly string[];
  /** What is being done. */
  readonly doing: readonly string[];
  /** Whom it was told to -> the last of what came of it. */
  readonly said: Readonly<Partial<Record<Actor, Said>>>;
  /** What the burglar was answered, the newest first. */
  readonly answers: readonly (Said & { readonly trick: string })[];
}

export type Actor = 'carrier' | 'courier' | 'owner' | 'hands' | 'burglar' | 'street';

/** What may be asked for: who does what. */
export const acts = [
  'street.play',
  'street.switch',
  'carrier.send',
  'carrier.confirm',
  'courier.press',
  'courier.arrive',
  'courier.open',
  'courier.finish',
  'courier.abort',
  'owner.approve',
  'owner.stop',
  'owner.look',
  'owner.clear',
  'owner.invite',
  'hands.push',
  'hands.pull',
  'hands.parcel',
  'hands.button',
  'burglar.try',
] as const;
export type Act = (typeof acts)[number];
