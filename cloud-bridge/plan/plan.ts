/** The plan of a delivery: what the owner chose, in that order, less what the parcel, its carrier or the rules do not allow. */
import {
  type DeliveryWishes,
  type ParcelFacts,
  type Place,
  type Plan,
  type PlanStep,
  places,
  type Size,
  type WhyCode,
  type WhyNot,
  type Wishes,
} from '../../wire/plan.ts';

export interface PlanFacts {
  /** Undefined: the owner has said nothing but the rules. */
  readonly wishes: Wishes | undefined;
  readonly forThisOne: DeliveryWishes;
  readonly parcel: ParcelFacts | undefined;
  readonly parcels: number;
  /** Undefined: the carrier has said nothing, and opens the announced door as it is allowed to. */
  readonly can: readonly Place[] | undefined;
  /** The door that the carrier announced. */
  readonly door: string;
  /** Doors that a rule in force opens for this carrier in the delivery's window. */
  readonly rules: ReadonlySet<string>;
  /** Who of the named neighbours may receive. */
  readonly holders: ReadonlySet<string>;
}

export interface Planned {
  /** Empty: there is nothing that all allow. */
  readonly plan: Plan;
  readonly without: readonly { readonly place: Place; readonly why: WhyNot }[];
  readonly code: { readonly asked: boolean; readonly why: WhyCode };
}

const opening = ['inside', 'garage', 'box'] as const satisfies readonly Place[];
/** What is put down opens no door and meets nobody. */
const barredBy: Readonly<Record<ParcelFacts['restrictions'][number], readonly Place[]>> = {
  battery: ['box'],
  'age-checked': ['inside', 'garage', 'box', 'neighbour', 'drop', 'pick-up'],
  cold: ['garage', 'box', 'drop', 'pick-up'],
  fragile: [],
};

type Limit = NonNullable<Wishes['codeFrom']>;

/** @returns undefined when nobody can tell */
function compare(value: ParcelFacts['value'], limit: Limit): 'below' | 'at' | 'above' | undefined {
  if (value?.currency !== limit.currency) return undefined;
  if (value.amount === limit.amount) return 'at';
  return value.amount < limit.amount ? 'below' : 'above';
}

/** On doubt a code is asked: a value that is not said could be any (S029, R11). */
function codeFor({ wishes, forThisOne, parcel }: PlanFacts): Planned['code'] {
  if (forThisOne.code !== undefined) {
    return forThisOne.code ? { asked: true, why: 'this-one' } : { asked: false, why: 'waived' };
  }
  const { alwaysCode = false, codeFrom } = wishes ?? {};
  if (alwaysCode || codeFrom?.amount === 0) return { asked: true, why: 'always' };
  if (codeFrom === undefined) return { asked: false, why: 'below' };
  const compared = compare(parcel?.value, codeFrom);
  if (compared === undefined) return { asked: true, why: 'value-unknown' };
  return compared === 'below' ? { asked: false, why: 'below' } : { asked: true, why: 'value' };
}

const sorted = (size: Size): Size => [...size].sort((a, b) => a - b) as Size;
const volume = (size: Size): number => size[0] * size[1] * size[2];

/** In any rotation along its edges; several parcels must have room together. What is not measured is tried at the box (S058). */
export function fits(parcel: Size | undefined, parcels: number, box: Size): boolean {
  if (parcel === undefined) return true;
  const [inner, outer] = [sorted(parcel), sorted(box)];
  return inner.every((edge, axis) => edge <= outer[axis]!) && parcels * volume(parcel) <= volume(box);
}

type Made = { readonly step: PlanStep } | { readonly why: WhyNot };

/** A door that a rule opens. Who says nothing of abilities opens the door that it announced, and no other. */
function throughDoor(facts: PlanFacts, place: (typeof opening)[number], door: string): Made {
  if (facts.can === undefined && door !== facts.door) return { why: 'carrier-cannot' };
  return facts.rules.has(door) ? { step: { place, door } } : { why: 'no-rule' };
}

function intoBox(facts: PlanFacts): Made {
  const boxes = facts.wishes?.boxes ?? [];
  if (boxes.length === 0) return { why: 'not-set' };
  const fitting = boxes
    .filter(({ size }) => fits(facts.parcel?.size, facts.parcels, size))
    .sort((a, b) => volume(a.size) - volume(b.size));
  if (fitting.length === 0) return { why: 'too-big' };
  const made = fitting.map(({ door }) => throughDoor(facts, 'box', door));
  return made.find((one) => 'step' in one) ?? made[0]!;
}

function putDown({ wishes, parcel }: PlanFacts, code: Planned['code']): Made {
  if (wishes?.drop === undefined) return { why: 'not-set' };
  if (code.asked) return { why: 'code-demanded' };
  if (wishes.dropUpTo !== undefined) {
    const compared = compare(parcel?.value, wishes.dropUpTo);
    if (compared === undefined) return { why: 'value-unknown' };
    if (compared === 'above') return { why: 'value' };
  }
  return { step: { place: 'drop', at: wishes.drop } };
}

function toPickUp({ wishes, parcel }: PlanFacts): Made {
  if (wishes?.pickUp === undefined) return { why: 'not-set' };
  const { point, metres, locker } = wishes.pickUp;
  if (locker && parcel?.restrictions.includes('battery')) return { why: 'battery' };
  return { step: { place: 'pick-up', point, metres } };
}

function make(facts: PlanFacts, place: Place, code: Planned['code']): Made {
  const { wishes, parcel, can } = facts;
  const isOpening = opening.some((one) => one === place);
  if (can === undefined ? !isOpening && place !== 'tomorrow' : !can.includes(place)) return { why: 'carrier-cannot' };
  const barring = parcel?.restrictions.find((one) => barredBy[one].includes(place));
  if (barring !== undefined && barring !== 'fragile') return { why: barring };
  switch (place) {
    case 'inside': {
      const isOther = facts.door === wishes?.garage || wishes?.boxes.some(({ door }) => door === facts.door);
      return isOther ? { why: 'not-set' } : throughDoor(facts, place, facts.door);
    }
    case 'garage':
      return wishes?.garage === undefined ? { why: 'not-set' } : throughDoor(facts, place, wishes.garage);
    case 'box':
      return intoBox(facts);
    case 'in-person':
      return { step: { place, code: code.asked } };
    case 'neighbour': {
      const holders = wishes?.neighbours.filter((one) => facts.holders.has(one)) ?? [];
      return holders.length === 0 ? { why: 'not-set' } : { step: { place, holders } };
    }
    case 'drop':
      return putDown(facts, code);
    case 'pick-up':
      return toPickUp(facts);
    case 'tomorrow':
      return { step: { place } };
    default:
      throw new TypeError(place satisfies never);
  }
}

/**
 * Only what the owner chose, in the owner's order. Wishes alone open nothing: `inside`, `garage` and `box` need a rule of the signed
 * rule book, and the hub decides again.
 */
export function planFor(facts: PlanFacts): Planned {
  const order: readonly Place[] = facts.forThisOne.order ?? facts.wishes?.order ?? ['inside'];
  const code = codeFor(facts);
  const steps: PlanStep[] = [];
  const without: { place: Place; why: WhyNot }[] = [];
  for (const place of order) {
    const made = make(facts, place, code);
    if ('step' in made) steps.push(made.step);
    else without.push({ place, why: made.why });
  }
  for (const place of places) if (!order.includes(place)) without.push({ place, why: 'not-chosen' });
  // To come again tomorrow is no place.
  const plan = steps.some(({ place }) => place !== 'tomorrow') ? steps : [];
  return { plan, without, code };
}
