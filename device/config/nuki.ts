/** The settings of a door with a Nuki smart lock. Its key comes from pairing and is kept with the secrets. */
import * as v from 'valibot';

const flag = (title: string, description: string, fallback: boolean) =>
  v.optional(v.pipe(v.boolean(), v.title(title), v.description(description)), fallback);

/** A Nuki smart lock over Bluetooth LE. */
export const NukiLockConfig = v.strictObject({
  kind: v.literal('nuki'),
  address: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/),
    v.title('Address'),
    v.description('Bluetooth address of the lock, as six pairs of lower-case hexadecimal digits. Needs a restart.'),
  ),
  doorSensor: flag(
    'Door sensor',
    'A door sensor is paired with the lock. Without it couriers are refused. Default false. Needs a restart.',
    false,
  ),
  pullsLatch: flag(
    'Pull the latch',
    'The lock may pull the latch, for a door with a knob outside. Default false. Needs a restart.',
    false,
  ),
});
export type NukiLockConfig = v.InferOutput<typeof NukiLockConfig>;
