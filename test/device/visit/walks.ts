/** The walks of one kind of door, as tests. */
import type { Test } from 'tap';
import type { DoorProfile } from '../../../device/visit/profile.ts';
import { step } from '../../../device/visit/step.ts';
import { cameras, doorOf, doors, nameOf } from './doors.ts';
import { walk } from './explore.ts';

/** @param atLeast  states that the walks must reach, so that they cannot shrink unseen */
export function walkAll(t: Test, kind: DoorProfile['kind'], atLeast: number): void {
  let states = 0;
  let turns = 0;
  const walks = [
    ...doors.filter((door) => door.kind === kind).flatMap((door) => cameras.map((camera) => ({ door, camera }))),
    { door: doorOf(kind, kind !== 'barrier', true, 2), camera: 'recorded' as const },
  ];
  for (const { door, camera } of walks) {
    t.test(`every promise holds in every state: ${nameOf(door)}, camera ${camera}`, async (t) => {
      const walked = walk(step, door, camera, { found: 1 });
      t.same(walked.found, []);
      states += walked.states;
      turns += walked.turns;
    });
  }
  t.test('the walk is as wide as it was', async (t) => {
    t.comment(`${states} states, ${turns} turns`);
    t.ok(states >= atLeast);
  });
}
