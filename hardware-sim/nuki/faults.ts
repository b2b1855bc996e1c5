/** Everything that can be made to go wrong with a Nuki, as data. The README explains each; every one is used by a test. */
import * as v from 'valibot';

const active = v.optional(v.boolean(), true);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const durationMs = v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000));
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const once = v.optional(count, 1);
/** Which way of a Nuki's radio. `requests`: from the hub. */
const direction = v.optional(v.picklist(['requests', 'replies']), 'replies');

/** Faults of a Nuki. `active: false` mends it. */
export const nukiFaultSchema = v.variant('fault', [
  /** Whole messages are lost: the next `next`, and after that each with `chance`. A lost request is still a finished write. */
  v.strictObject({
    fault: v.literal('drop'),
    active,
    way: direction,
    next: v.optional(count),
    chance: v.optional(chance),
  }),
  /** Flips one byte of a message, chosen by the seed. */
  v.strictObject({
    fault: v.literal('corrupt'),
    active,
    way: direction,
    next: v.optional(count),
    chance: v.optional(chance),
  }),
  /** Hears nothing, says nothing; connections stand. */
  v.strictObject({ fault: v.literal('silent'), active }),
  /** Out of reach: no adverts, no connection, and those that stand carry nothing. */
  v.strictObject({ fault: v.literal('shadow'), active }),
  /** The next connections fail. */
  v.strictObject({ fault: v.literal('connect-failure'), active, next: once }),
  /** A phone, or several, hold this many of the lock's connections. */
  v.strictObject({
    fault: v.literal('held'),
    active,
    connections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)), 4),
  }),
  /** Replies come `ms` later. */
  v.strictObject({ fault: v.literal('slow'), active, ms: v.optional(durationMs, 2_000) }),
  /** Indications carry at most so many bytes, whatever the MTU allows. */
  v.strictObject({
    fault: v.literal('small-pieces'),
    active,
    bytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(244)), 20),
  }),
  /** The connection ends after so many more writes, each of which was heard. */
  v.strictObject({
    fault: v.literal('cut-after-n-writes'),
    active,
    writes: v.optional(count, 1),
  }),
  /** The connection ends right after ACCEPTED; the motor goes on. */
  v.strictObject({ fault: v.literal('hang-up'), active, next: once }),
  /** The next actions end with this error after ACCEPTED, and the bolt stays where it was. */
  v.strictObject({ fault: v.literal('action-fails'), active, code: v.optional(byte, 0x46), next: once }),
  /** The next actions are refused with BUSY, before ACCEPTED. */
  v.strictObject({ fault: v.literal('busy'), active, next: once }),
  /** The next challenges are worthless when they come back. */
  v.strictObject({ fault: v.literal('bad-nonce'), active, next: once }),
  /** Locks, and says COMPLETE; only the log tells that the handle was not lifted, and nothing has moved. */
  v.strictObject({ fault: v.literal('handle-not-lifted'), active }),
  /** It has lost its calibration: its state is uncalibrated, and actions are refused. */
  v.strictObject({ fault: v.literal('uncalibrated'), active }),
  /** It tells this lock state, whatever is true. */
  v.strictObject({ fault: v.literal('state-stuck'), active, at: v.optional(byte, 0x04) }),
  /** Its door sensor tells this, whatever is true: 0 not paired, F0 tampered. */
  v.strictObject({ fault: v.literal('door-sensor'), active, at: v.optional(byte, 0xf0) }),
  /** The state-changed flag of its adverts stays as it is told. */
  v.strictObject({ fault: v.literal('flag-stuck'), active, at: v.optional(v.picklist([0, 1]), 0) }),
  v.strictObject({
    fault: v.literal('battery-low'),
    active,
    percent: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)), 8),
    /** Its pack is on the charger. */
    charging: v.optional(v.boolean(), false),
  }),
  /** The battery of its keypad is nearly empty. */
  v.strictObject({ fault: v.literal('keypad-battery-low'), active }),
  /** Its log is gone, as after a new firmware, and counts from 1 again. */
  v.strictObject({ fault: v.literal('log-cleared'), active }),
  /** Somebody resets it: whoever was paired, its codes and its log are gone, connections end. The PIN is set again as it was. */
  v.strictObject({ fault: v.literal('reset'), active }),
  /** Its clock is wrong by so much; setting its time mends that. */
  v.strictObject({
    fault: v.literal('clock-drift'),
    active,
    seconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-86_400), v.maxValue(86_400)), 120),
  }),
]);
export type NukiFault = v.InferOutput<typeof nukiFaultSchema>;
export type NukiFaultAsked = v.InferInput<typeof nukiFaultSchema>;
