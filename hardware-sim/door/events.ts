/** What can be seen and heard at a simulated door, as data for tests and timelines. */

import type { BoltMover } from './bolt.ts';

/** Who moves a leaf. `hand`: anyone, where the latch lets go; `key`: a household key or the inside handle; `force`: a break-in. */
export type Mover = 'hand' | 'key' | 'force';

export type DoorEventBody =
  | { readonly on: 'strike.energised' | 'strike.released' }
  | { readonly on: 'latch.free' | 'latch.home' }
  /** Pushed back from outside, with a wire or a card: nothing commanded it. */
  | { readonly on: 'latch.slipped' }
  /** `blocked`: the bolt hit something, and goes back. */
  | { readonly on: `bolt.${'thrown' | 'drawing' | 'drawn' | 'throwing' | 'blocked'}`; readonly by: BoltMover }
  | { readonly on: 'leaf.opening' | 'leaf.open' | 'leaf.closing' | 'leaf.closed'; readonly by: Mover }
  | { readonly on: 'fault.set'; readonly fault: string }
  | { readonly on: 'fault.mended'; readonly fault: string };

export type DoorEvent = DoorEventBody & {
  readonly door: string;
  /** Counts up by one over all doors of a home. */
  readonly n: number;
  /** Time of day of the home's clock, ms since the epoch. */
  readonly at: number;
  /** Monotonic time of the home's clock, ms. */
  readonly atMs: number;
};

/** Takes what happens at a door; the log numbers and dates it. */
export type Tell = (door: string, body: DoorEventBody) => void;
