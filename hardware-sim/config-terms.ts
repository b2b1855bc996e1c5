/** Terms that the parts of a configuration have in common. */
import * as v from 'valibot';

export const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/), v.description('1..32 of a-z, 0-9 and -'));
export const path = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
/** At most a minute. */
export const travelMs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60_000));
export const unique = (all: readonly unknown[]): boolean => new Set(all).size === all.length;
/** Bluetooth address of the hub's own adapter. */
export const hubAddress = '00:00:00:00:00:01';
