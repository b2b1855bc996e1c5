/** Everything that can be made to go wrong here, as data. README.md explains each; every one is used by a test. */
import * as v from 'valibot';

const active = v.optional(v.boolean(), true);
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const durationMs = v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000));
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

/** Which way of the line. `commands`: from the hub; `replies`: to the hub. */
const way = v.optional(v.picklist(['commands', 'replies']), 'replies');
/** One peripheral; without it all of the line. */
const address = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(126)));

/** Faults of a door. `active: false` mends it. */
export const doorFaultSchema = v.variant('fault', [
  v.strictObject({
    fault: v.literal('jam'),
    active,
    /** `free`: the latch does not return. `home`: it does not leave. */
    at: v.optional(v.picklist(['free', 'home']), 'free'),
  }),
  v.strictObject({
    fault: v.literal('contact-stuck'),
    active,
    at: v.optional(v.picklist(['closed', 'open']), 'closed'),
  }),
  v.strictObject({ fault: v.literal('contact-flapping'), active, everyMs: v.optional(durationMs, 50) }),
  v.strictObject({ fault: v.literal('contact-cut'), active }),
  v.strictObject({
    fault: v.literal('monitor-stuck'),
    active,
    at: v.optional(v.picklist(['secured', 'released']), 'secured'),
  }),
  v.strictObject({ fault: v.literal('monitor-cut'), active }),
  /** Something is in the way of the bolt, both ways. */
  v.strictObject({ fault: v.literal('bolt-jam'), active }),
]);
export type DoorFault = v.InferOutput<typeof doorFaultSchema>;
/** As asked for: what has a default may be left out. */
export type DoorFaultAsked = v.InferInput<typeof doorFaultSchema>;

/** Faults of a line and of the peripherals on it. `active: false` mends it. */
export const lineFaultSchema = v.variant('fault', [
  /** Loses whole frames: the next `next` of them, and after that each with `chance`. */
  v.strictObject({
    fault: v.literal('drop'),
    active,
    way,
    address,
    next: v.optional(count),
    chance: v.optional(chance),
  }),
  /** Flips one byte of a frame, chosen by the line's seed. */
  v.strictObject({
    fault: v.literal('corrupt'),
    active,
    way,
    address,
    next: v.optional(count),
    chance: v.optional(chance),
  }),
  /** Hears nothing, answers nothing. */
  v.strictObject({ fault: v.literal('silent'), active, address }),
  /** Replies come `ms` later, as through a relay. */
  v.strictObject({ fault: v.literal('delay'), active, address, ms: durationMs }),
  /** Session and outputs gone, the door stays as it is; mended is power restored. */
  v.strictObject({ fault: v.literal('power-cut'), active, address }),
  v.strictObject({ fault: v.literal('repeat-nonce'), active, address }),
  v.strictObject({ fault: v.literal('plaintext'), active, address }),
  v.strictObject({ fault: v.literal('nak'), active, address, code: v.optional(byte, 3), next: v.optional(count, 1) }),
  v.strictObject({ fault: v.literal('busy'), active, address, next: v.optional(count, 1) }),
  /** Tamper switch of the housing. */
  v.strictObject({ fault: v.literal('tamper'), active, address }),
  /** After `writes` more replies the cable is dead both ways. */
  v.strictObject({
    fault: v.literal('cut-after-n-writes'),
    active,
    writes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  }),
  /** The adapter is pulled out: the hub's port closes; mended is plugged in again at the same path. */
  v.strictObject({ fault: v.literal('unplug'), active }),
]);
export type LineFault = v.InferOutput<typeof lineFaultSchema>;
export type LineFaultAsked = v.InferInput<typeof lineFaultSchema>;

/** Faults of a camera, before its encoder unless they say otherwise. `active: false` mends it. */
export const cameraFaultSchema = v.variant('fault', [
  /** The same raw frame again and again, its clock included. */
  v.strictObject({ fault: v.literal('freeze'), active }),
  /** The raw frames of the last `ms` again and again; until it has seen that much it goes on live. */
  v.strictObject({
    fault: v.literal('loop'),
    active,
    ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(60_000)), 10_000),
  }),
  /** Something is before the lens: black, with noise. */
  v.strictObject({ fault: v.literal('blackout'), active }),
  /** Frames come `lateMs` late, and at most one every `everyMs`. A serial camera answers that much later. */
  v.strictObject({
    fault: v.literal('slow'),
    active,
    lateMs: v.optional(durationMs, 2_000),
    everyMs: v.optional(durationMs, 0),
  }),
  /** After the encoder: `bytes` bytes of a frame are changed, of each with `chance`. */
  v.strictObject({
    fault: v.literal('corrupt'),
    active,
    bytes: v.optional(count, 16),
    chance: v.optional(chance, 1),
  }),
  /** The cable is out: the process ends and none starts; the port of a serial camera is gone. */
  v.strictObject({ fault: v.literal('unplug'), active }),
  /** It lives, but gives no byte; a serial camera hears nothing either. */
  v.strictObject({ fault: v.literal('silent'), active }),
  /** After `afterBytes` more bytes nothing comes, in the middle of a frame as it may be. */
  v.strictObject({
    fault: v.literal('cut'),
    active,
    afterBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  }),
]);
export type CameraFault = v.InferOutput<typeof cameraFaultSchema>;
export type CameraFaultAsked = v.InferInput<typeof cameraFaultSchema>;
