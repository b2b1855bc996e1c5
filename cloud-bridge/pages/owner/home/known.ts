/** What this device knows of its home: all that the screens are made of. */
import * as v from 'valibot';
import type { AlarmCode } from '../../../../wire/alarms.ts';
import { DoorFacts } from '../../../../wire/enrolment.ts';
import type { FaultCode, Refusal } from '../../../../wire/faults.ts';
import type { Note } from '../../../../wire/household.ts';
import type { DeviceRequest } from '../../../../wire/invitation.ts';
import { DoorId, Id, Jws, Seconds, type SeenHead, Slug } from '../../../../wire/shapes.ts';

/** A door as the hub says it stands. */
export const DoorStatus = v.object({
  id: DoorId,
  bolt: v.string(),
  contact: v.string(),
  /** Of that report when the hub answered, ms; -1 when there was none. */
  ageMs: v.number(),
  /** Of its visit. */
  at: v.string(),
  alarms: v.array(v.string()),
  reachable: v.boolean(),
  batteryPercent: v.optional(v.number()),
  batteryCritical: v.optional(v.boolean()),
});
export type DoorStatus = v.InferOutput<typeof DoorStatus>;

export const HubStatus = v.object({
  clock: v.string(),
  refusing: v.optional(v.string()),
  head: v.number(),
  doors: v.array(DoorStatus),
});
export type HubStatus = v.InferOutput<typeof HubStatus>;

export const Delivery = v.object({
  delivery: Id,
  door: DoorId,
  from: Seconds,
  until: Seconds,
  parcels: v.number(),
  state: v.string(),
  outcome: v.optional(v.string()),
  proof: v.optional(v.string()),
  receipt: v.optional(Jws),
  carrier: Slug,
  /** None where no door is to be opened. */
  rule: v.optional(Slug),
  /** When its carrier said that it is on the way, ms. */
  onTheWay: v.optional(v.number()),
  /** How many can be looked at. */
  photos: v.optional(v.number()),
});
export type Delivery = v.InferOutput<typeof Delivery>;

export const Waiting = v.object({ grant: Jws, assignment: v.optional(Jws), delivery: v.optional(Id) });
export type Waiting = v.InferOutput<typeof Waiting>;

/** One entry of the journal as the owner reads it. */
export interface DiaryEntry extends Note {
  readonly seq: number;
  /** `plain`: for everybody. `opened`: sealed, and this device could open it. `shut`: sealed, and it could not. */
  readonly seal: 'plain' | 'opened' | 'shut';
}

export interface StandingAlarm {
  readonly code: AlarmCode;
  readonly door?: string | undefined;
  readonly visit?: string | undefined;
  /** Number of the entry that raised it: what a clearance names. */
  readonly seq: number;
  readonly atMs: number;
}

/** The journal, as far as this device has read and verified it. */
export interface Diary {
  /** Oldest first, without a gap between them. */
  readonly entries: readonly DiaryEntry[];
  /** True when nothing is before the first of them. */
  readonly isWhole: boolean;
  readonly alarms: readonly StandingAlarm[];
  /** The newest place that the hub's signature confirmed on this device's own chain. */
  readonly seen?: SeenHead | undefined;
  /** Where the chain broke, or a signature failed; empty for an honest cloud. */
  readonly breaks: readonly Refusal[];
}

/** Somebody who proved the secret of a link that this device shows. */
export interface Newcomer {
  readonly request: DeviceRequest;
  /** What both devices show. */
  readonly letters: string;
}

export const noDiary: Diary = { entries: [], isWhole: false, alarms: [], breaks: [] };

/** Where this device stands with its home. */
export type Stage =
  | { readonly at: 'starting' }
  /** It belongs to no home. */
  | { readonly at: 'alone' }
  /** It opened an invitation, and a passkey is to be made or used before it asks. `code`: why the last try did not do. */
  | { readonly at: 'invited'; readonly code?: FaultCode | undefined }
  /** It was logged out. */
  | { readonly at: 'out'; readonly code?: FaultCode | undefined }
  /** It opened the code of a hand-over. `leaves`: it belongs to another home, which it would leave. `code`: why the last try did not do. */
  | { readonly at: 'handover'; readonly leaves: boolean; readonly code: FaultCode | undefined }
  /** It proves the secret of the code to the hub, and the hub to it. */
  | { readonly at: 'claiming' }
  /** The hub has pinned it as the only one. */
  | { readonly at: 'taken' }
  /** The home was not taken over, and this code does not do it any more. */
  | { readonly at: 'not-taken'; readonly code: FaultCode }
  /** It asked to be signed in; people compare the letters. */
  | { readonly at: 'asking'; readonly letters: string }
  /** `link`: it is no invitation. `question`: the home did not take it. `home`: the hub's signature does not vouch for what came. */
  | { readonly at: 'refused'; readonly what: 'link' | 'question' | 'home'; readonly code: FaultCode }
  /** No storage, no cryptography: some private windows. */
  | { readonly at: 'unable' }
  | { readonly at: 'home' };

export interface Known {
  readonly stage: Stage;
  /** To the cloud. */
  readonly line: 'connecting' | 'open' | 'lost';
  /** When anything came over it last, ms since 1970. */
  readonly heardMs?: number | undefined;
  readonly doors: readonly DoorFacts[];
  /** The cloud's word. */
  readonly hubOnline: boolean;
  /** The hub's own answer, and when it came. */
  readonly hub?: { readonly status: HubStatus; readonly heardMs: number } | undefined;
  /** Version of the owner list. */
  readonly ownerList: number;
  readonly diary: Diary;
  readonly deliveries: readonly Delivery[];
  readonly waiting: readonly Waiting[];
  /** Names that the household gave its doors. */
  readonly names: Readonly<Record<string, string>>;
  /** Carriers by their id, as they call themselves. */
  readonly carriers: Readonly<Record<string, string>>;
  /** Somebody who proved an invitation of this device and waits for its yes. */
  readonly newcomer?: Newcomer | undefined;
}

export const nothingKnown: Known = {
  ...{ stage: { at: 'starting' }, line: 'connecting', doors: [], hubOnline: false, ownerList: 0 },
  ...{ diary: noDiary, deliveries: [], waiting: [], names: {}, carriers: {} },
};

export { DoorFacts };
