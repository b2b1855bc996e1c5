/** May a visit of this kind start at this door now? */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Party, Rule } from '../../wire/rule-book.ts';
import { judge } from './evidence.ts';
import type { DoorProfile } from './profile.ts';
import type { State } from './state.ts';

export interface Admission {
  readonly partyKind: Party['kind'];
  readonly camera: Rule['camera'];
  readonly hasCamera: boolean;
}

/**
 * Asked before a visit is prepared, and again when it arrives.
 * @returns for good: DOOR_UNPROVABLE (nothing could prove this door locked for such a visit), CAMERA_MISSING; for now: DOOR_OPEN
 *   (T35), DOOR_UNSECURED, DOOR_BUSY
 */
export function admits(state: State, profile: DoorProfile, ask: Admission): Verdict<Admission> {
  if (!canProve(profile, ask.partyKind)) return refuse('DOOR_UNPROVABLE');
  if (ask.camera !== 'off' && !ask.hasCamera) return refuse('CAMERA_MISSING');
  if (state.at !== 'idle' && state.at !== 'unsecured') return refuse('DOOR_BUSY');
  if (state.door.contact === 'open') return refuse('DOOR_OPEN');
  const isProven = state.at === 'idle' && judge(state.door, profile) === 'proven';
  return isProven ? accept(ask) : refuse('DOOR_UNSECURED');
}

/**
 * Somebody else's staff needs a door whose every opening and closing is seen (DESIGN 8); a guest may do with a bolt that
 * reports. `closed` without a bolt monitor is only for an owner who accepted that.
 */
function canProve(profile: DoorProfile, party: Party['kind']): boolean {
  // Nothing holds a barrier but its operator: closed is all that it can prove.
  const isProofEnough = profile.acceptsClosed || profile.kind === 'barrier';
  const seesLocked = profile.seesBolt || (profile.seesDoor && isProofEnough);
  return seesLocked && (profile.seesDoor || party === 'guest');
}
