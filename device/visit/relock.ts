/** The state `locking`: tells the lock to lock, again if need be, until two looks prove it or it is an alarm. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { alarmOf, outcomeOf, proofOf, weigh } from './evidence.ts';
import type { Effect, State, Turn } from './state.ts';
import { armed, base, ending, note, type Of, type Rules, toIdle, toUnsecured, type Visiting } from './turn.ts';

/**
 * Tells the lock to lock, or waits while the contact cannot tell that the door is closed.
 * @param attempt  1..; after the last one it is the alarm `failed`
 */
export function lockUp(
  s: Visiting,
  attempt: number,
  failed: AlarmCode,
  r: Rules,
  effects: readonly Effect[] = [],
): Turn {
  if (attempt > r.profile.attempts) {
    const code = s.door.bolt === 'unavailable' ? 'LOCK_OFFLINE' : failed;
    return toUnsecured(s, { code, outcome: 'lock-failed', left: r.profile.attempts }, r, effects);
  }
  const locking = { ...base(s), at: 'locking', visit: s.visit, attempt } as const;
  if (!r.g.mayThrow(s.door, r.profile)) {
    return armed({ ...locking, phase: 'resting' }, r.profile.restMs * attempt, [...effects, { do: 'sense' }]);
  }
  // No command secures a barrier: it is looked at.
  if (r.profile.kind === 'barrier') {
    return armed({ ...locking, phase: 'looking' }, r.profile.lookMs, [...effects, { do: 'sense' }]);
  }
  return armed({ ...locking, phase: 'driving' }, r.profile.driveMs, [
    ...effects,
    note(s, 'door.locking', { attempt }),
    { do: 'bolt.drive', to: 'locked', drive: locking.timer },
  ]);
}

/** This attempt came to nothing: waits, looks, and then tries the next. */
function rest(s: Of<'locking'>, failed: AlarmCode, r: Rules, effects: readonly Effect[] = []): Turn {
  if (s.attempt >= r.profile.attempts) return lockUp(s, s.attempt + 1, failed, r, effects);
  const next: State = { ...s, timer: s.timer + 1, phase: 'resting', attempt: s.attempt + 1 };
  return armed(next, r.profile.restMs * s.attempt, [...effects, { do: 'sense' }]);
}

/** A look came in while the contact is not open. */
export function onLook(s: Of<'locking'>, r: Rules, notes: readonly Effect[]): Turn {
  switch (weigh(s.phase, s.door, r.profile, r.g)) {
    case 'nothing':
      return { next: s, effects: notes };
    case 'first':
      return armed({ ...s, timer: s.timer + 1, phase: 'still' }, r.profile.stillMs, notes);
    case 'lost':
      return rest(s, alarmOf(s.door, r.profile), r, notes);
    case 'proven': {
      const proof = proofOf(s.visit, true, r.profile, r.g);
      const { bolt, contact, seq } = s.door;
      const secured = note(s, 'door.secured', { bolt, contact, report: seq, proof });
      return toIdle(s, [...notes, secured, ...ending(s.visit, outcomeOf(s.visit, s.alarms, r.profile), proof)]);
    }
  }
}

/** The lock accepted the command: from now on looks count, and one is asked for. */
export const onLocked = (s: Of<'locking'>, r: Rules): Turn =>
  armed({ ...s, timer: s.timer + 1, phase: 'looking' }, r.profile.lookMs, [
    note(s, 'bolt.driven', { to: 'locked' }),
    { do: 'sense' },
  ]);

/** The lock did not accept the command, or nobody knows. */
export function onLockFailed(s: Of<'locking'>, code: FaultCode, r: Rules): Turn {
  const failed = note(s, 'bolt.failed', { to: 'locked', code });
  if (code === 'LOCK_JAMMED') return toUnsecured(s, { code, outcome: 'lock-failed', left: 0 }, r, [failed]);
  return rest(s, 'LOCK_FAILED', r, [failed]);
}

/** What was waited for did not come in time. */
export function onLockingTimer(s: Of<'locking'>, r: Rules): Turn {
  switch (s.phase) {
    case 'resting':
      // A contact that cannot tell costs an attempt, so that waiting for it ends in an alarm.
      if (!r.g.mayThrow(s.door, r.profile)) return rest(s, alarmOf(s.door, r.profile), r);
      return lockUp(s, s.attempt, alarmOf(s.door, r.profile), r);
    case 'driving':
      return onLockFailed(s, 'LOCK_SILENT', r);
    case 'still':
      return armed({ ...s, timer: s.timer + 1, phase: 'again' }, r.profile.lookMs, [{ do: 'sense' }]);
    case 'looking':
    case 'again':
      return rest(s, alarmOf(s.door, r.profile), r);
  }
}
