/** What an owner wants done with parcels, what a parcel and its carrier allow, and the plan that follows: an ordered list of places. */
import * as v from 'valibot';
import { TimeZone } from './notifications.ts';
import { AnyDoor } from './sandbox.ts';
import { DoorId, Id } from './shapes.ts';

/**
 * Where a delivery may end. `inside`, `garage` and `box` open a door under a rule. `drop`: put down where the owner said.
 * `in-person`: to whoever holds a code. `neighbour`: to one that the owner has named, with a code of theirs.
 */
export const places = ['inside', 'garage', 'box', 'in-person', 'neighbour', 'drop', 'pick-up', 'tomorrow'] as const;
export type Place = (typeof places)[number];

/** One line of plain text. */
export const Line = (longest: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(longest),
    v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+$/u),
    v.check((text) => text.trim() === text && text !== ''),
  );
export const PlaceText = Line(120);

const Millimetres = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000));
const Size = v.strictTuple([Millimetres, Millimetres, Millimetres]);
export type Size = v.InferOutput<typeof Size>;

/** Smallest units of `currency` (cents). */
const Amount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000_000));
export const Currency = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));

/** What a carrier says of a parcel. Its value never reaches the courier (S016). */
export const ParcelFacts = v.strictObject({
  value: v.optional(v.strictObject({ amount: Amount, currency: Currency })),
  /** Of the largest one: millimetres, in any order. */
  size: v.optional(Size),
  restrictions: v.optional(
    v.pipe(v.array(v.picklist(['battery', 'age-checked', 'fragile', 'cold'])), v.maxLength(4)),
    [],
  ),
  /** As the owner reads them: what it is, and who sends it (T31). */
  goods: v.optional(Line(120)),
  sender: v.optional(Line(80)),
  /** What the carrier has to say to whoever lives there, in its own words (S073). */
  note: v.optional(Line(280)),
  /** The carrier's own name for an order: several deliveries of one order share one code a day (S037). */
  order: v.optional(v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/))),
});
export type ParcelFacts = v.InferOutput<typeof ParcelFacts>;

/**
 * Where a delivery goes. Plans are for homes, and for gifts, which somebody else than the buyer receives; the others are refused by name
 * (S035): lockers and PO boxes have codes and keys of their own, and of somebody else's couriers nothing could be proven.
 */
export const deliveryKinds = ['home', 'gift', 'locker', 'po-box', 'third-party'] as const;
export const supportedKinds: ReadonlySet<(typeof deliveryKinds)[number]> = new Set(['home', 'gift']);

/** What a carrier can do with this parcel, each once. */
export const Abilities = v.pipe(v.array(v.picklist(places)), v.minLength(1), v.maxLength(places.length));

/** One line of a plan. */
export const PlanStep = v.variant('place', [
  v.strictObject({ place: v.picklist(['inside', 'garage', 'box']), door: AnyDoor }),
  v.strictObject({ place: v.literal('in-person'), code: v.boolean() }),
  /** `holder`: who may receive, each with a code of their own. */
  v.strictObject({ place: v.literal('neighbour'), holders: v.pipe(v.array(Id), v.minLength(1), v.maxLength(24)) }),
  v.strictObject({ place: v.literal('drop'), at: PlaceText }),
  v.strictObject({
    place: v.literal('pick-up'),
    point: PlaceText,
    metres: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.strictObject({ place: v.literal('tomorrow') }),
]);
export type PlanStep = v.InferOutput<typeof PlanStep>;

/** What the courier is to try, in this order; nothing else closes the stop. */
export const Plan = v.pipe(v.array(PlanStep), v.minLength(1), v.maxLength(16));
export type Plan = v.InferOutput<typeof Plan>;

/** `pick-up` takes the parcel away, so it comes after what can be done at the home (S050); after `tomorrow` the courier has left. */
const lastOf: Readonly<Partial<Record<Place, number>>> = { 'pick-up': 1, tomorrow: 2 };
const rankOf = (place: Place): number => lastOf[place] ?? 0;

/** What an owner chose, in the order in which it is tried. */
export const PlaceOrder = v.pipe(
  v.array(v.picklist(places)),
  v.minLength(1),
  v.maxLength(places.length),
  v.check((order) => new Set(order).size === order.length, 'each place once'),
  v.check(
    (order) => order.every((place, index) => index === 0 || rankOf(order[index - 1]!) <= rankOf(place)),
    'first what is possible at the home, then pick-up, then tomorrow',
  ),
  v.check((order) => order.some((place) => place !== 'tomorrow'), 'a place'),
);

/** How long photos are kept where the owner has said nothing, days. */
export const photoKeepDays = 30;

/** The owner's standing wishes for one home. What is not in `order` is never done. */
export const Wishes = v.strictObject({
  order: PlaceOrder,
  /** The home's own: a code dies with its day there. */
  zone: TimeZone,
  /** From which value on a parcel is handed over with a code only; 0: always. Absent: never asked by value. */
  codeFrom: v.optional(v.strictObject({ amount: Amount, currency: Currency })),
  /** Set after an incident, by owner or support: whatever the value (S033). */
  alwaysCode: v.optional(v.boolean(), false),
  /** When a code is shown and sent: as soon as the parcel is on its way to the home, or not before the courier is at the door. */
  showCode: v.optional(v.picklist(['from-dispatch', 'on-arrival']), 'from-dispatch'),
  /** Photos on delivery. */
  photos: v.optional(v.boolean(), true),
  /** Photos that are taken from now on are deleted after so many days; `photoKeepDays` where nothing is said. */
  photoDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365))),
  /** Nothing of this home is ever photographed, whatever else is set (S079). */
  isConfidential: v.optional(v.boolean(), false),
  /** Ring, then wait so long before anything but a hand-over, seconds (S062). */
  waitSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600)), 60),
  boxes: v.optional(v.pipe(v.array(v.strictObject({ door: DoorId, size: Size })), v.maxLength(8)), []),
  garage: v.optional(DoorId),
  drop: v.optional(PlaceText),
  /** Parcels of more than this are never put down. */
  dropUpTo: v.optional(v.strictObject({ amount: Amount, currency: Currency })),
  /** Holders that are asked when nobody opens, in this order. */
  neighbours: v.optional(v.pipe(v.array(Id), v.maxLength(24)), []),
  pickUp: v.optional(
    v.strictObject({
      point: PlaceText,
      metres: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)),
      /** It opens by a code of its own: no battery goods, and no second code (S034, S059). */
      locker: v.optional(v.boolean(), false),
    }),
  ),
});
export type Wishes = v.InferOutput<typeof Wishes>;

/** What an owner changes for one delivery, until the courier is there. */
export const DeliveryWishes = v.partial(
  v.strictObject({
    order: PlaceOrder,
    /** Demands a code for this one, or waives it (S030, S032). */
    code: v.boolean(),
    photos: v.boolean(),
    /** What the courier reads at this home, this once (S073). */
    note: Line(280),
    /** `YYYY-MM-DD` in the home's zone (S063). */
    day: v.pipe(v.string(), v.isoDate()),
  }),
);
export type DeliveryWishes = v.InferOutput<typeof DeliveryWishes>;

/** Why a place is not in a plan, for the owner to read. */
export const whyNots = [
  /** The owner has not chosen it: then it is never done (S046). */
  'not-chosen',
  'carrier-cannot',
  /** No rule in force opens the door for this carrier at that time. */
  'no-rule',
  /** Chosen, but the wishes do not say where: no box, no drop place, no neighbour … */
  'not-set',
  'too-big',
  'battery',
  'age-checked',
  'cold',
  /** Worth more than is ever put down. */
  'value',
  /** The carrier says no value, or one in another currency. */
  'value-unknown',
  /** Whoever asks for a code takes it in hand: it is not put down instead (S010). */
  'code-demanded',
] as const;
export type WhyNot = (typeof whyNots)[number];

/** Why a code is asked in person, or why not. */
export const whyCodes = ['this-one', 'always', 'value', 'value-unknown', 'waived', 'below'] as const;
export type WhyCode = (typeof whyCodes)[number];

/** What became of each place, for the owner. */
export const PlanReasons = v.strictObject({
  without: v.array(v.strictObject({ place: v.picklist(places), why: v.picklist(whyNots) })),
  code: v.strictObject({ asked: v.boolean(), why: v.picklist(whyCodes) }),
});

/** One delivery as its owner sees it: what was announced, where it is going, and why not elsewhere. */
export const PlanView = v.strictObject({
  delivery: Id,
  attempt: v.number(),
  /** In the home's zone; left out where deliveries had no attempts yet. */
  day: v.optional(v.string()),
  zone: v.string(),
  kind: v.picklist(deliveryKinds),
  parcel: v.nullable(ParcelFacts),
  /** As its carrier says it: the company or the vehicle (S069). */
  coming: v.nullable(PlaceText),
  /** A courier has taken the delivery. */
  isTaken: v.boolean(),
  plan: Plan,
  /** What could be chosen for this one, as a code is asked for now. */
  possible: v.array(v.picklist(places)),
  ...PlanReasons.entries,
  forThisOne: DeliveryWishes,
  /** Nothing can be changed any more: the courier is there, or it is over. */
  isFixed: v.boolean(),
});
export type PlanView = v.InferOutput<typeof PlanView>;

/** A delivery can be moved so many days ahead at most. */
export const mostDaysAhead = 14;

/** The standing wishes as they are kept. */
export const WishBook = v.strictObject({
  /** 0 while nothing was said: then only what a rule opens is done. */
  version: v.number(),
  wishes: v.nullable(Wishes),
  /** Thumbprint of the owner device that changed them last, or `support`. */
  by: v.nullable(v.string()),
  at: v.nullable(v.number()),
  /** Of homes that have set none. */
  zone: v.string(),
});
export type WishBook = v.InferOutput<typeof WishBook>;
