/** What counts: every condition that something dangerous hangs on, by name, and what a visit may claim at its end. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { DoorProfile } from './profile.ts';
import type { Look, Proving, State, Visit } from './state.ts';

/**
 * What one look says. `proven`: as locked and closed as this door can show. `open`, `moved` (bolt not thrown), `jammed`: plainly
 * not. `doubt`: cannot be reached, or does not know.
 */
export type Judgement = 'proven' | 'open' | 'moved' | 'jammed' | 'doubt';

/** Reads one look with what this door can see. What a door cannot see is neither for it nor against it, but an alarm always counts. */
export function judge(look: Look, profile: DoorProfile): Judgement {
  if (look.bolt === 'jammed') return 'jammed';
  if (look.contact === 'open') return 'open';
  if (profile.seesBolt && (look.bolt === 'unlocked' || look.bolt === 'open')) return 'moved';
  if (look.bolt === 'unavailable' || look.contact === 'unavailable') return 'doubt';
  if (profile.seesBolt && look.bolt !== 'locked') return 'doubt';
  if (profile.seesDoor && look.contact !== 'closed') return 'doubt';
  return 'proven';
}

/** The alarm that names why a look proves nothing. */
export function alarmOf(look: Look, profile: DoorProfile): AlarmCode {
  const says = judge(look, profile);
  if (says === 'jammed') return 'LOCK_JAMMED';
  return look.bolt === 'unavailable' || look.contact === 'unavailable' ? 'LOCK_OFFLINE' : 'DOOR_NOT_LOCKED';
}

/** Alarms that evidence alone does not end: somebody has to look and sign for it (DESIGN 8). */
export const needsSignature = (alarms: readonly AlarmCode[]): boolean =>
  alarms.includes('CONTACT_FAULT') || alarms.includes('LOCK_JAMMED');

/** The conditions, each in one place, so that a test can take one away and see what breaks. */
export interface Guards {
  /** R5: the rule asks for no camera, or its picture is live. */
  cameraAllows(visit: Visit): boolean;
  /** R8: neither owner nor visitor has called the visit off. */
  notCalledOff(visit: Visit): boolean;
  /** R7, R11: only a door that is proven locked is unlocked. */
  mayRelease(look: Look, profile: DoorProfile): boolean;
  /** T42: the bolt is thrown only into a closed door; without a contact, nobody can tell. */
  mayThrow(look: Look, profile: DoorProfile): boolean;
  /** The answer or the timer is the one that is waited for, not one of before. */
  isAwaited(id: number, state: State): boolean;
  /** R6: the report was made after the last one that was taken. */
  isNewer(report: Look, last: Look): boolean;
  /** R6: a look counts only once the lock command is settled. */
  afterCommand(phase: Proving): boolean;
  /** R6: the look comes after the door was seen still for the whole time. */
  afterStillness(phase: Proving): boolean;
  /** R6: the contact showed in this visit that it works. */
  sawOpening(visit: Visit): boolean;
  /** CONTACT_FAULT and LOCK_JAMMED end only with a signature. */
  maySettle(alarms: readonly AlarmCode[], cleared: boolean): boolean;
}

export const guards: Guards = {
  cameraAllows: (visit) => visit.camera === 'off' || visit.camera === 'live',
  notCalledOff: (visit) => !visit.stopped && visit.said !== 'abort',
  mayRelease: (look, profile) => judge(look, profile) === 'proven',
  mayThrow: (look, profile) => look.contact === 'closed' || (!profile.seesDoor && look.contact !== 'open'),
  isAwaited: (id, state) => id === state.timer,
  isNewer: (report, last) => report.seq > last.seq,
  afterCommand: (phase) => phase !== 'resting' && phase !== 'driving',
  afterStillness: (phase) => phase === 'again',
  sawOpening: (visit) => visit.opened,
  maySettle: (alarms, cleared) => cleared || !needsSignature(alarms),
};

/** What a look does to a proof: nothing, a first good look, the last one needed, or a bad one that undoes the first. */
export function weigh(
  phase: Proving,
  look: Look,
  profile: DoorProfile,
  g: Guards,
): 'nothing' | 'first' | 'proven' | 'lost' {
  if (!g.afterCommand(phase)) return 'nothing';
  const isGood = judge(look, profile) === 'proven';
  if (phase === 'looking' && !isGood) return 'nothing';
  if (!isGood) return 'lost';
  if (g.afterStillness(phase)) return 'proven';
  return phase === 'still' ? 'nothing' : 'first';
}

/**
 * How a door that is proven now was left by this visit.
 * @param driven  the lock accepted a lock command after the door last moved
 */
export function proofOf(visit: Visit, driven: boolean, profile: DoorProfile, g: Guards): Proof {
  if (!visit.released && !driven) return 'untouched';
  if (profile.kind === 'barrier') return profile.seesDoor && g.sawOpening(visit) ? 'secured' : 'closed';
  if (!profile.seesBolt) return 'closed';
  return profile.seesDoor && driven && g.sawOpening(visit) ? 'secured' : 'locked';
}

/** How the visit went, if nothing went wrong with the lock. */
export function outcomeOf(visit: Visit, alarms: readonly AlarmCode[], profile: DoorProfile): Outcome {
  if (visit.stopped) return 'stopped';
  if (visit.said === 'abort') return 'aborted';
  if (visit.camera === 'lost' || alarms.includes('DOOR_FORCED_OPEN')) return 'incomplete';
  if (visit.opened) return 'completed';
  if (visit.failed) return 'lock-failed';
  // Without a contact nobody saw whether the door opened: only the visitor's word is left.
  if (!profile.seesDoor) return visit.said === 'finish' ? 'completed' : 'incomplete';
  return 'nobody-entered';
}
