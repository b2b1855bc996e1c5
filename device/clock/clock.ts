/** Time as an argument: everything that waits or dates gets one of these, tests one that is wound by hand. */

export interface Clock {
  /** System time, ms since the epoch. Not to be trusted by itself: see `trust.ts`. */
  now(): number;
  /** Never goes back, ms from an arbitrary start. */
  monotonic(): number;
  /** Calls back once after at least `ms`. @returns cancel */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** The same clock with a time of day that dates entries and messages whatever becomes of it: whole ms, 0 when it fails. */
export const dating = (clock: Clock): Clock => ({
  now: () => {
    try {
      const now = Math.trunc(clock.now());
      return now > 0 && Number.isFinite(now) ? now : 0;
    } catch {
      return 0;
    }
  },
  monotonic: () => clock.monotonic(),
  after: (ms, callback) => clock.after(ms, callback),
});
