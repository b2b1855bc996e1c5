/** What can go wrong between two Bluetooth devices. */
import * as v from 'valibot';

const active = v.optional(v.boolean(), true);
/** One lock; without it the adapter of the hub, and so all of them. */
const nuki = v.optional(v.string());

/** Faults of the air of a home. `active: false` mends it. */
export const airFaultSchema = v.variant('fault', [
  /** Every packet comes `ms` later. */
  v.strictObject({
    fault: v.literal('latency'),
    active,
    nuki,
    ms: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60_000)), 500),
  }),
  /** A radio shadow: adverts and data go nowhere, links die of it. */
  v.strictObject({ fault: v.literal('shadow'), active, nuki }),
  /** The next connections fail to be established. */
  v.strictObject({
    fault: v.literal('connect-fail'),
    active,
    nuki,
    next: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)), 1),
  }),
  /** Links end at once, as if the locks had ended them. */
  v.strictObject({ fault: v.literal('hang-up'), nuki }),
  /** The adapter takes commands and answers nothing. */
  v.strictObject({ fault: v.literal('mute'), active }),
  /** The adapter is pulled out; mended: it is back at the same path. */
  v.strictObject({ fault: v.literal('unplug'), active }),
]);
export type AirFault = v.InferOutput<typeof airFaultSchema>;
/** As asked for: what has a default may be left out. */
export type AirFaultAsked = v.InferInput<typeof airFaultSchema>;

export interface AirFaults {
  /** Extra time of every packet on the air, in ms. */
  latencyMs: number;
  /** The next connections that fail with "failed to be established" (0x3e). */
  failConnects: number;
  /** It advertises, and hears nobody who would connect: its connections are all taken. */
  deaf: boolean;
  /** A radio shadow: adverts and data go nowhere, and links die of it after their supervision timeout (reason 0x08). */
  shadow: boolean;
  /** The controller takes commands and answers nothing. */
  mute: boolean;
}

/** @returns nothing is wrong */
export const noFaults = (): AirFaults => ({ latencyMs: 0, failConnects: 0, deaf: false, shadow: false, mute: false });
