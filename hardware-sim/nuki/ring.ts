/** The ring around the button of a Nuki: lit while it pairs, flashing while it moves, a flash now and then while it is not locked. */
import type { Shown } from '../door/light.ts';
import { lockStates } from './codes.ts';

export interface RingOf {
  readonly lockState: number;
  readonly isPairing: boolean;
  /** The owner may switch it off; pairing shows all the same. */
  readonly isOn: boolean;
}

const moving: readonly number[] = [lockStates.unlocking, lockStates.locking, lockStates.unlatching];
const flashes = (onMs: number, offMs: number): Shown => ({
  colour: 'white',
  blinks: { to: 'black', onMs, offMs, forMs: 0 },
});

export function ringOf({ lockState, isPairing, isOn }: RingOf): Shown {
  if (isPairing) return { colour: 'white' };
  if (!isOn || lockState === lockStates.locked) return { colour: 'black' };
  return moving.includes(lockState) ? flashes(250, 250) : flashes(200, 2_800);
}
