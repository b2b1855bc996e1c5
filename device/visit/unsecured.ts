/** The state `unsecured`: the door is not proven safe. Looks again and again, locks where it may, says so, and lets no visit in. */
import type { AlarmCode } from '../../wire/alarms.ts';
import type { FaultCode } from '../../wire/faults.ts';
import { alarmOf, judge, needsSignature, proofOf, weigh } from './evidence.ts';
import { moved } from './look.ts';
import type { Effect, Event, Look, Turn } from './state.ts';
import { armed, ending, linkNotes, note, type Of, type Rules, raise, toIdle } from './turn.ts';

type Unsecured = Of<'unsecured'>;
type Fields = Partial<Pick<Unsecured, 'phase' | 'left' | 'cleared' | 'driven' | 'alarms'>>;

const again = (s: Unsecured, change: Fields, ms: number, effects: readonly Effect[]): Turn =>
  armed({ ...s, ...change, timer: s.timer + 1 }, ms, effects);

/** Starts to look anew; says what is wrong unless an alarm stands that does. */
function lookAnew(s: Unsecured, r: Rules, ms: number, effects: readonly Effect[] = []): Turn {
  const isSaid = s.alarms.some((code) => code !== 'HUB_RESTARTED' && code !== 'CAMERA_LOST');
  const alarm = isSaid ? { alarms: s.alarms, effects: [] } : raise(s, alarmOf(s.door, r.profile));
  return again(s, { phase: 'looking', alarms: alarm.alarms }, ms, [...effects, ...alarm.effects, { do: 'sense' }]);
}

/** A lock command helps: the bolt is not seen locked, or nothing was commanded since an interrupted visit. */
function wantsLock(s: Unsecured, r: Rules): boolean {
  if (r.profile.kind === 'barrier' || s.left === 0 || !r.g.mayThrow(s.door, r.profile)) return false;
  return s.visit?.released ? !s.driven : judge(s.door, r.profile) !== 'proven';
}

/** Ends an interrupted visit for which no better end can come. */
function giveUp(s: Unsecured): { readonly s: Unsecured; readonly effects: readonly Effect[] } {
  if (s.visit === undefined) return { s, effects: [] };
  const { visit, ...rest } = s;
  return { s: rest, effects: ending(visit, 'interrupted', 'unsecured') };
}

/**
 * The process began: nothing is believed before the lock has answered.
 * A visit that was under way is an alarm at once; it ends with what the door proves, or as `unsecured`.
 */
export function onRestarted(s: Unsecured, e: Extract<Event, { on: 'restarted' }>, r: Rules): Turn {
  const known = { ...s, alarms: e.alarms, left: r.profile.attempts, timer: s.timer + 1 };
  if (e.visit === undefined) return armed(known, r.profile.lookMs, [{ do: 'sense' }]);
  const visit = { ...e.visit, camera: 'off', watched: false, said: 'nothing', stopped: false, failed: false } as const;
  const interrupted: Unsecured = { ...known, visit };
  const alarm = raise(interrupted, 'HUB_RESTARTED');
  // Its pulse may have gone out, and was not seen to open it: another one could close it on somebody.
  const isPulseLost = r.profile.kind === 'barrier' && visit.released && !r.g.sawOpening(visit);
  const fault = isPulseLost ? raise({ ...interrupted, alarms: alarm.alarms }, 'CONTACT_FAULT') : alarm;
  const end = needsSignature(fault.alarms) ? giveUp(interrupted) : { s: interrupted, effects: [] };
  return armed({ ...end.s, alarms: fault.alarms }, r.profile.lookMs, [
    ...alarm.effects,
    ...(isPulseLost ? fault.effects : []),
    ...end.effects,
    { do: 'sense' },
  ]);
}

/** Takes a report that is newer than the last one. */
export function onUnsecuredReport(was: Unsecured, door: Look, r: Rules): Turn {
  const says = judge(door, r.profile);
  const s: Unsecured = { ...was, door, intact: says === 'proven' || (was.intact && says === 'doubt') };
  const notes = linkNotes(was.door, door, s);
  if (says === 'jammed' && !s.alarms.includes('LOCK_JAMMED')) return jammed(s, r, notes);
  if (door.contact === 'open' && was.door.contact !== 'open') return opened(s, was, r, notes);
  if (door.contact === 'closed' && was.door.contact === 'open') return closed(s, r, notes);
  const isDrawn = (was.intact || was.door.bolt === 'locked') && says === 'moved' && !s.visit?.released;
  return isDrawn ? notOurs(s, 'BOLT_MOVED', r, notes) : onEvidence(s, r, notes);
}

/** It moved, and not for a visit: from here on it is the household's to lock, and an alarm. */
function notOurs(s: Unsecured, code: AlarmCode | undefined, r: Rules, notes: readonly Effect[]): Turn {
  const alarm = code === undefined || s.alarms.includes(code) ? { alarms: s.alarms, effects: [] } : raise(s, code);
  const end = giveUp({ ...s, alarms: alarm.alarms });
  const why = [...notes, moved(s), ...alarm.effects, ...end.effects];
  return again(end.s, { phase: 'looking', left: 0, cleared: false }, r.profile.lookMs, why);
}

function opened(s: Unsecured, was: Unsecured, r: Rules, notes: readonly Effect[]): Turn {
  const isForced = was.intact || was.door.contact === 'closed';
  if (!s.visit?.released) return notOurs(s, isForced ? 'DOOR_FORCED_OPEN' : undefined, r, notes);
  const why = [...notes, note(s, 'door.opened', { again: s.visit.opened })];
  const visit = { ...s.visit, opened: true };
  return again({ ...s, visit }, { phase: 'looking', cleared: false, driven: false }, r.profile.lookMs, why);
}

/** A door that the household closes may be proven from here on. An interrupted visit gets its lock commands anew; its timer goes on, so
 * that a flapping door delays nothing. */
function closed(s: Unsecured, r: Rules, notes: readonly Effect[]): Turn {
  if (s.visit === undefined) return onEvidence(s, r, [...notes, moved(s)]);
  return { next: { ...s, left: r.profile.attempts }, effects: [...notes, note(s, 'door.closed', {})] };
}

/** Tried no more before somebody has looked. */
function jammed(s: Unsecured, r: Rules, notes: readonly Effect[]): Turn {
  const alarm = raise(s, 'LOCK_JAMMED');
  const end = giveUp({ ...s, alarms: alarm.alarms });
  const why = [...notes, ...alarm.effects, ...end.effects];
  return again(end.s, { phase: 'looking', left: 0, cleared: false }, r.profile.lookMs, why);
}

function onEvidence(s: Unsecured, r: Rules, effects: readonly Effect[]): Turn {
  const stay: Turn = { next: s, effects };
  switch (weigh(s.phase, s.door, r.profile, r.g)) {
    case 'nothing':
      return stay;
    case 'first':
      if (!r.g.maySettle(s.alarms, s.cleared) || wantsLock(s, r)) return stay;
      return again(s, { phase: 'still' }, r.profile.stillMs, effects);
    case 'lost':
      return lookAnew(s, r, r.profile.lookMs, effects);
    case 'proven': {
      const { bolt, contact, seq } = s.door;
      const proof = s.visit === undefined ? undefined : proofOf(s.visit, s.driven, r.profile, r.g);
      const secured = note(s, 'door.secured', {
        bolt,
        contact,
        report: seq,
        ...(proof === undefined ? {} : { proof }),
      });
      const ends = s.visit === undefined || proof === undefined ? [] : ending(s.visit, 'interrupted', proof);
      return toIdle(s, [...effects, secured, ...ends]);
    }
  }
}

/** Time to look again, or to try the lock. */
export function onUnsecuredTimer(s: Unsecured, r: Rules): Turn {
  switch (s.phase) {
    case 'still':
      return again(s, { phase: 'again' }, r.profile.lookMs, [{ do: 'sense' }]);
    case 'again':
      return lookAnew(s, r, r.profile.lookMs);
    case 'driving':
      return onUnsecuredFailed(s, 'LOCK_SILENT', r);
    case 'looking': {
      if (wantsLock(s, r)) {
        const next = { ...s, phase: 'driving', left: s.left - 1, timer: s.timer + 1 } as const;
        return armed(next, r.profile.driveMs, [
          note(s, 'door.locking', { left: next.left }),
          { do: 'bolt.drive', to: 'locked', drive: next.timer },
        ]);
      }
      if (s.left > 0) return lookAnew(s, r, r.profile.slowMs);
      const end = giveUp(s);
      return lookAnew(end.s, r, r.profile.slowMs, end.effects);
    }
  }
}

/** The lock accepted a lock command: from now on looks count. */
export const onUnsecuredLocked = (s: Unsecured, r: Rules): Turn =>
  again(s, { phase: 'looking', driven: s.visit !== undefined }, r.profile.lookMs, [
    note(s, 'bolt.driven', { to: 'locked' }),
    { do: 'sense' },
  ]);

export function onUnsecuredFailed(s: Unsecured, code: FaultCode, r: Rules): Turn {
  const failed = note(s, 'bolt.failed', { to: 'locked', code });
  if (code === 'LOCK_JAMMED' && !s.alarms.includes(code)) return jammed(s, r, [failed]);
  return again(s, { phase: 'looking' }, r.profile.lookMs, [failed, { do: 'sense' }]);
}

/** An owner has signed for having looked: the lock may be tried again, and evidence counts again. */
export const onCleared = (s: Unsecured, r: Rules): Turn =>
  again(s, { phase: 'looking', left: r.profile.attempts, cleared: true }, r.profile.lookMs, [{ do: 'sense' }]);
