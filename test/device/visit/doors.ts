/** Every kind of door that the visit machine can stand at. */
import { type DoorProfile, toProfile } from '../../../device/visit/profile.ts';

export const cameras = ['off', 'recorded', 'watched'] as const;

/** With few attempts: more of them add states that differ in nothing but their number. */
export const doorOf = (kind: DoorProfile['kind'], seesBolt: boolean, seesDoor: boolean, attempts = 1): DoorProfile =>
  toProfile({ kind, seesBolt, seesDoor }, { attempts });

export const doors: readonly DoorProfile[] = [
  ...(['latch', 'bolt'] as const).flatMap((kind) =>
    [true, false].flatMap((seesBolt) => [true, false].map((seesDoor) => doorOf(kind, seesBolt, seesDoor))),
  ),
  // There is no bolt to see at a barrier, and without its contact there are no visits.
  doorOf('barrier', false, true),
];

export const nameOf = ({ kind, seesBolt, seesDoor, attempts }: DoorProfile): string =>
  `${kind}, ${seesBolt ? 'bolt seen' : 'bolt not seen'}, ${seesDoor ? 'door seen' : 'door not seen'}, ${attempts} attempt(s)`;
