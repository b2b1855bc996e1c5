/** One stop: what the courier's device does at a home beside opening doors. Each act is signed; statuses follow from acts and evidence. */
import * as v from 'valibot';
import type { DocumentForm } from './jws.ts';
import { PlaceText, places } from './plan.ts';
import { AnyDoor } from './sandbox.ts';
import { Count, Hash, Id, Millis, Seconds } from './shapes.ts';

/**
 * `arrive`: I am at this home. `ring`: I ring now. `name`: this is who I hand it to. `hand-over`: here is what they typed.
 * `put`: it lies where the plan says. `leave`: I go, for this reason.
 */
export const stopActs = ['arrive', 'ring', 'name', 'hand-over', 'put', 'leave'] as const;
export type StopAct = (typeof stopActs)[number];

/** Why a courier leaves without having delivered; none of them is a fault of the courier's. */
export const leaveReasons = ['nobody', 'refused', 'not-found', 'unsafe', 'damaged', 'other'] as const;

/** What the phone says of itself. It can be forged: evidence beside others, never alone. */
export const Position = v.strictObject({
  lat: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
  lon: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
  /** Metres. */
  accuracy: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)),
  at: Millis,
});
export type Position = v.InferOutput<typeof Position>;

/** Where a home is: set by its owner, standing there. */
export const HomePosition = v.strictObject({
  lat: Position.entries.lat,
  lon: Position.entries.lon,
  /** Metres; what is less certain than a street is of no use. */
  accuracy: v.pipe(v.number(), v.minValue(0), v.maxValue(200)),
});
export type HomePosition = v.InferOutput<typeof HomePosition>;

const base = {
  /** The delivery and its attempt: no act of one counts in another. */
  delivery: Id,
  attempt: v.pipe(Count, v.minValue(1)),
  jti: Id,
  /** By the phone's own clock: noted, never relied on. */
  iat: Seconds,
  /** Of the answer before: an act answers what was shown. */
  nonce: Id,
  position: v.optional(Position),
};

/** No digits in it: what was typed goes beside it and is stored nowhere. */
export const StopActClaims = v.variant('act', [
  v.strictObject({ ...base, act: v.literal('arrive') }),
  v.strictObject({ ...base, act: v.literal('ring') }),
  v.strictObject({ ...base, act: v.literal('name'), holder: Id }),
  v.strictObject({
    ...base,
    act: v.literal('hand-over'),
    holder: Id,
    typedBy: v.picklist(['courier', 'recipient', 'scan']),
  }),
  v.strictObject({ ...base, act: v.literal('put'), place: v.picklist(places), photo: v.optional(Hash) }),
  v.strictObject({ ...base, act: v.literal('leave'), reason: v.picklist(leaveReasons) }),
]);
export type StopActClaims = v.InferOutput<typeof StopActClaims>;

type Without<Act, K> = Act extends { act: StopAct } ? Omit<Act, K & keyof Act> : never;
/** One act, without what every act has. */
export type StopDeed = Without<StopActClaims, keyof typeof base>;

export const stopActForm: DocumentForm<typeof StopActClaims> = {
  typ: 'stopact+jwt',
  algs: ['ES256'],
  maxBytes: 2048,
  key: 'jwk',
  claims: StopActClaims,
  malformed: 'STOP_ACT_MALFORMED',
  notGenuine: 'STOP_ACT_NOT_GENUINE',
};

/**
 * How surely the courier is at the home. `said`: its device signed so. `someone`: and the hub felt somebody at the doorbell or keypad, who
 * may have been another courier. `near`: its own position agrees. `felt`: and the hub felt the doorbell or keypad while no other courier was
 * there. `heard`: and the hub heard, at the door, the number that only this device was shown.
 */
export const presences = ['none', 'said', 'someone', 'near', 'felt', 'heard'] as const;
export type Presence = (typeof presences)[number];

/** As the courier's page sees a step: never the value, never who is at home. */
export const StepView = v.strictObject({
  place: v.picklist(places),
  /** That it opens. */
  door: v.optional(AnyDoor),
  /** Drop place or pick-up point. */
  text: v.optional(PlaceText),
  metres: v.optional(Count),
  /** To whom it may be handed, once the courier is there. */
  holders: v.optional(
    v.array(
      v.strictObject({ holder: Id, name: v.string(), flat: v.optional(v.string()), note: v.optional(v.string()) }),
    ),
  ),
});
export type StepView = v.InferOutput<typeof StepView>;

export const stopStates = ['expected', 'here', 'closed'] as const;
/** `handed-over` and `put`, `inside` count as delivered; the others end the attempt. */
export const stopEnds = [
  'handed-over',
  'put',
  'inside',
  'picked-up-later',
  'tries-used',
  'left',
  'day-over',
  'blocked',
  'cancelled',
] as const;
export type StopEnd = (typeof stopEnds)[number];

/** How a stop stands, for the device that the task is bound to. */
export const StopView = v.strictObject({
  delivery: Id,
  attempt: Count,
  state: v.picklist(stopStates),
  /** For the next act. */
  nonce: Id,
  /** The cloud's clock now, ms: phones' differ. */
  at: Millis,
  presence: v.picklist(presences),
  /** Sure enough for a code to be taken; where not, a position or the number at the door's keypad is missing. */
  isSure: v.boolean(),
  plan: v.array(StepView),
  /** What is possible now. */
  acts: v.array(v.picklist(stopActs)),
  /** Nothing but a hand-over before this, ms. */
  waitUntil: v.optional(Millis),
  triesLeft: v.optional(Count),
  /** To be typed at the door's keypad: only the hub there can tell that it was. */
  doorNumber: v.optional(v.string()),
  /** What the owner wants the courier to know, this once; not before the courier is there (S048, S073). */
  note: v.optional(v.string()),
  /** Photos are wanted here. */
  photo: v.boolean(),
  /** The camera at the door can take it. */
  doorCamera: v.optional(v.boolean()),
  named: v.optional(Id),
  end: v.optional(v.picklist(stopEnds)),
});
export type StopView = v.InferOutput<typeof StopView>;
