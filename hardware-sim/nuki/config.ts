/** What a configuration says of a door with a Nuki. */
import * as v from 'valibot';
import { id, travelMs } from '../config-terms.ts';

const most = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));

/** Digits of a security PIN. */
const pinMax = { gen2: 9_999, gen4: 9_999, ultra: 999_999 } as const;

export const nukiSchema = v.pipe(
  v.strictObject({
    id: v.pipe(id, v.title('Name of the door, and of the lock on it')),
    generation: v.pipe(v.optional(v.picklist(['gen2', 'gen4', 'ultra']), 'gen4'), v.title('Which Nuki it is')),
    address: v.pipe(
      v.string(),
      v.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'an address is aa:bb:cc:dd:ee:ff'),
      v.title('Bluetooth address'),
    ),
    nukiId: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff_ffff), v.title('Number on the lock')),
    pin: v.pipe(v.optional(most(999_999), 0), v.title('Security PIN, 4 digits, 6 of an Ultra; 0: none is set')),
    keypad: v.pipe(v.optional(v.boolean(), false), v.title('There is a keypad beside the door')),
    doorSensor: v.pipe(v.optional(v.boolean(), true), v.title('Its door sensor is mounted')),
    latch: v.pipe(
      v.optional(v.boolean(), false),
      v.title('A knob outside: the latch holds the door, and unlocking alone lets nobody in'),
    ),
    chunkBytes: v.pipe(
      v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(244))),
      v.title('Indications carry no more, whatever the MTU'),
    ),
    leafMs: v.pipe(v.optional(travelMs, 600), v.title('Travel time of the leaf, ms')),
    latchMs: v.pipe(v.optional(travelMs, 80), v.title('Travel time of the latch, ms')),
    boltMs: v.pipe(v.optional(travelMs, 1_500), v.title('Travel time of the bolt, ms')),
    replyMs: v.pipe(v.optional(most(10_000), 15), v.title('How long it takes for a reply, ms')),
    pairingMs: v.pipe(v.optional(most(3_600_000), 120_000), v.title('How long pairing mode lasts, ms')),
    batteryPercent: v.pipe(v.optional(most(100), 80), v.title('Battery, percent')),
    maxAuthorizations: v.pipe(v.optional(most(200), 100), v.title('So many may be paired')),
    maxCodes: v.pipe(v.optional(most(200), 100), v.title('So many codes of the keypad')),
  }),
  v.check(({ generation, pin }) => pin <= pinMax[generation], 'a PIN has 4 digits, that of an Ultra 6'),
);

/** With defaults filled in. */
export type NukiConfig = v.InferOutput<typeof nukiSchema>;
