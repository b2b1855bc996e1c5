/** What a Nuki lock can do, as its installer has set it up. */
import type { LockCapabilities } from '../lock.ts';

export const capabilitiesOf = ({
  pullsLatch,
  doorSensor,
}: {
  readonly pullsLatch: boolean;
  readonly doorSensor: boolean;
}): LockCapabilities => ({
  kind: 'bolt',
  lock: true,
  unlock: true,
  open: pullsLatch,
  seesBolt: true,
  seesDoor: doorSensor,
  battery: true,
});
