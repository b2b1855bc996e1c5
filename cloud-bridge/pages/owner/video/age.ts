/**
 * How old a picture is, by this device's own clock. Nothing that the relay says counts: a relay that lies about time could make
 * old pictures look fresh.
 *
 * Capture times are the hub's, the clock here is this device's. The smallest difference seen so far is taken for the distance of
 * the two clocks; an age is what a picture has above it. So a picture cannot fall behind unseen once one came quickly. What is
 * left to a relay is to hold everything back from the first picture on, by at most `maxApartMs` and what this device's clock is
 * behind: further apart than that, nothing is called live.
 */

/** Largest difference between the hub's clock and this device's with which a picture may be called live, ms. */
export const maxApartMs = 3_000;
/** A picture that is older than this is no delay any more: somebody plays a recording, ms. */
export const recordingAfterMs = 60_000;
/** What two quartz clocks may drift apart: 100 ppm. */
const driftPerMs = 1e-4;
/** The clock of this device was set, or the device slept, ms. */
const setByMs = 500;

export type Age =
  | { readonly is: 'known'; readonly ageMs: number }
  /** The clocks are too far apart to say. Positive: the picture is that old, or the hub's clock is behind. */
  | { readonly is: 'apart'; readonly byMs: number };

export interface Ages {
  /** @param wallMs  ms since 1970 by this device. @param monoMs  a clock that is never set, ms */
  of(capturedMs: number, wallMs: number, monoMs: number): Age;
}

export function createAges(): Ages {
  let base: { readonly ms: number; readonly at: number } | undefined;
  let offset: number | undefined;
  return {
    of: (capturedMs, wallMs, monoMs) => {
      const now = wallMs - monoMs;
      if (offset !== undefined && Math.abs(now - offset) > setByMs) base = undefined;
      offset = now;
      const apart = wallMs - capturedMs;
      const crept = base === undefined ? apart : base.ms + (monoMs - base.at) * driftPerMs;
      base = { ms: Math.min(apart, crept), at: monoMs };
      if (Math.abs(base.ms) > maxApartMs) return { is: 'apart', byMs: apart };
      return { is: 'known', ageMs: apart - base.ms };
    },
  };
}
