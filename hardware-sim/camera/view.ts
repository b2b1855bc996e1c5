/** From what the home tells of a camera's surroundings to what is seen at one moment: everything moves by time. */
import type { LeafAt } from '../door/door.ts';
import { type Colour, colourAt, type Shown } from '../door/light.ts';
import type { CameraFault } from '../faults.ts';

export type CourierAt = 'away' | 'coming' | 'here' | 'leaving';
export type ParcelAt = 'none' | 'mat' | 'inside';
/** Of a strike that has no reader beside it: `locked` red, `released` green, `open` amber. */
export type StrikeLight = 'locked' | 'released' | 'open';
/** What is lit beside the door. */
export type Led = StrikeLight | Colour;

/** How long a courier walks between the street and the door, ms. */
export const walkMs = 2_500;
/** How long a parcel takes from the hands to the floor, ms. */
export const putDownMs = 500;

/** What a home says of one camera. Durations, not times: they hold in every process. */
export interface Told {
  readonly id: string;
  readonly door: string;
  /** Of bricks, noise and damage. */
  readonly seed: number;
  /** From the start of the camera's process to its first picture. */
  readonly startMs: number;
  readonly leaf: {
    readonly at: LeafAt;
    /** How far open it stood when it began to move, 0 closed .. 1 open. */
    readonly from: number;
    readonly forMs: number;
    readonly travelMs: number;
  };
  readonly led: StrikeLight | Shown;
  readonly courier: { readonly at: CourierAt; readonly forMs: number };
  readonly parcel: { readonly at: ParcelAt; readonly forMs: number };
  /** Those that stand. */
  readonly faults: readonly CameraFault[];
}

/** What is seen at one moment. */
export interface View {
  /** Shown in the picture, upper case. */
  readonly name: string;
  /** 0 closed .. 1 open. */
  readonly leaf: number;
  readonly led: Led;
  readonly courier: Courier | undefined;
  readonly parcel: ParcelAt;
  /** 0 still in the hands .. 1 on the floor. */
  readonly putDown: number;
}

export interface Courier {
  /** 0 on the street, out of the picture .. 1 at the door. */
  readonly near: number;
  /** Of the walk, in steps; undefined while standing. */
  readonly steps: number | undefined;
  readonly leaving: boolean;
  readonly carries: boolean;
}

const share = (part: number, whole: number): number => (whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole)));
const eased = (x: number): number => x * x * (3 - 2 * x);

/** How far open a leaf stands `ageMs` after it was told, 0 closed .. 1 open. */
export function leafOpen({ at, from, forMs, travelMs }: Told['leaf'], ageMs: number): number {
  if (at === 'closed') return 0;
  if (at === 'open') return 1;
  const target = at === 'opening' ? 1 : 0;
  return from + (target - from) * share(forMs + ageMs, travelMs);
}

function courierOf(told: Told, ageMs: number): Courier | undefined {
  const { at } = told.courier;
  const walked = share(told.courier.forMs + ageMs, walkMs);
  const carries = told.parcel.at === 'none';
  if (at === 'away' || (at === 'leaving' && walked === 1)) return undefined;
  if (at === 'here' || walked === 1) return { near: 1, steps: undefined, leaving: false, carries };
  const near = eased(at === 'coming' ? walked : 1 - walked);
  return { near, steps: walked * 5, leaving: at === 'leaving', carries };
}

/** What is seen `ageMs` after it was told. */
export function viewOf(told: Told, ageMs: number): View {
  return {
    name: told.door.toUpperCase(),
    leaf: leafOpen(told.leaf, ageMs),
    led: typeof told.led === 'string' ? told.led : colourAt(told.led, ageMs),
    courier: courierOf(told, ageMs),
    parcel: told.parcel.at,
    putDown: eased(share(told.parcel.forMs + ageMs, putDownMs)),
  };
}
