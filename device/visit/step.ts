/**
 * The visit machine of one door: `step(state, event, profile) -> { next, effects }`. No clock, no I/O, no randomness.
 *
 * This file says what each event does in each state. Its parts: `state.ts` the words, `evidence.ts` every condition that something
 * dangerous hangs on, `look.ts` what a report means, `camera.ts` what the picture means,
 * `release.ts` what follows an unlocking, `relock.ts` the state `locking`, `unsecured.ts` the state `unsecured`,
 * `turn.ts` the moves they share. The table of it all is in docs/visit.md.
 */
import { unreachable } from '../../wire/faults.ts';
import { onLive, onLost, ready } from './camera.ts';
import { type Guards, guards } from './evidence.ts';
import { contactFault, onReport } from './look.ts';
import type { DoorProfile } from './profile.ts';
import { released, unlockFailed } from './release.ts';
import { lockUp, onLocked, onLockFailed, onLockingTimer } from './relock.ts';
import type { Effect, Event, State, Turn, Visit } from './state.ts';
import { armed, backOut, base, ignored, note, type Of, quiet, type Rules, raise, type Visiting } from './turn.ts';
import {
  onCleared,
  onRestarted,
  onUnsecuredFailed,
  onUnsecuredLocked,
  onUnsecuredReport,
  onUnsecuredTimer,
} from './unsecured.ts';

export type { Arrival, At, Effect, Event, Interrupted, Look, Proving, State, Turn, Visit } from './state.ts';
export { initial } from './state.ts';

type On<K extends Event['on']> = Extract<Event, { on: K }>;
export type Step = (state: State, event: Event, profile: DoorProfile) => Turn;

/** The machine with other conditions: for the test that takes them away one by one. */
export const stepWith =
  (g: Guards): Step =>
  (s, e, profile) =>
    take(s, e, { g, profile });

/**
 * What follows from `event`. An event that does not belong here keeps the state and is journaled; an answer or a timer that is
 * no longer waited for, and a report that is not newer than the last, do nothing.
 * @param profile  the same at every call for one door
 * @returns the next state, and what is to be done, in order
 */
export const step: Step = stepWith(guards);

function take(s: State, e: Event, r: Rules): Turn {
  switch (e.on) {
    case 'reported': {
      if (!r.g.isNewer(e, s.door)) return quiet(s);
      const door = { bolt: e.bolt, contact: e.contact, seq: e.seq };
      return s.at === 'unsecured' ? onUnsecuredReport(s, door, r) : onReport(s, door, r);
    }
    case 'timer.fired':
      if (!r.g.isAwaited(e.timer, s) || s.at === 'idle') return quiet(s);
      return s.at === 'unsecured' ? onUnsecuredTimer(s, r) : onTimer(s, r);
    case 'recorded':
    case 'record.failed':
      return onRecord(s, e, r);
    case 'drive.done':
      return onDone(s, e, r);
    case 'drive.failed':
      return onFailed(s, e, r);
    case 'visit.arrived':
      return onArrived(s, e, r);
    case 'cleared':
      return s.at === 'unsecured' && s.timer > 0 ? onCleared(s, r) : ignored(s, e);
    case 'restarted':
      return s.at === 'unsecured' && s.timer === 0 ? onRestarted(s, e, r) : ignored(s, e);
    case 'unlock.asked':
    case 'finish.asked':
    case 'abort.asked':
    case 'stop.asked':
    case 'camera.live':
    case 'camera.lost':
      if (s.at === 'idle' || s.at === 'unsecured') return ignored(s, e);
      return e.visit === undefined || e.visit === s.visit.id ? onVisit(s, e, r) : ignored(s, e);
    default:
      return unreachable(e);
  }
}

function onVisit(
  s: Visiting,
  e: On<'unlock.asked' | 'finish.asked' | 'abort.asked' | 'stop.asked' | 'camera.live' | 'camera.lost'>,
  r: Rules,
): Turn {
  switch (e.on) {
    case 'unlock.asked':
      return onUnlockAsked(s, e, r);
    case 'finish.asked':
      return onFinish(s, e, r);
    case 'abort.asked':
      if (s.visit.said === 'abort') return ignored(s, e);
      return calledOff(s, { said: 'abort' }, note(s, 'visit.aborted', {}), r);
    case 'stop.asked':
      if (s.visit.stopped) return ignored(s, e);
      return calledOff(s, { stopped: true }, note(s, 'visit.stopped', { by: e.by }), r);
    case 'camera.live':
      return onLive(s, e, r);
    case 'camera.lost':
      return onLost(s, e, r);
  }
}

/** A visit starts from `idle` alone, where the door is proven, and only at a door that can prove anything. */
function onArrived(s: State, e: On<'visit.arrived'>, r: Rules): Turn {
  const canProve = r.profile.seesBolt || r.profile.seesDoor;
  if (s.at !== 'idle' || !canProve || !r.g.mayRelease(s.door, r.profile)) return ignored(s, e);
  const { camera, ...who } = e.visit;
  const visit: Visit = {
    ...who,
    camera: camera === 'off' ? 'off' : 'waiting',
    watched: camera === 'watched',
    opened: false,
    said: 'nothing',
    stopped: false,
    released: false,
    failed: false,
  };
  const next: Of<'preparing'> = { ...base(s), at: 'preparing', visit };
  const { grant, rule, jkt, delivery } = visit;
  const arrived = note(next, 'visit.arrived', {
    grant,
    rule,
    jkt,
    camera,
    ...(delivery === undefined ? {} : { delivery }),
    ...(visit.arrivedAt === undefined ? {} : { arrivedAt: visit.arrivedAt }),
  });
  if (r.g.cameraAllows(visit)) return ready(next, r, [arrived, { do: 'sense' }]);
  return armed(next, r.profile.prepareMs, [arrived, { do: 'camera.start', visit: visit.id }, { do: 'sense' }]);
}

/** R7: the record comes first. */
function onUnlockAsked(s: Visiting, e: On<'unlock.asked'>, r: Rules): Turn {
  if (s.at !== 'ready' || !r.g.mayRelease(s.door, r.profile)) return ignored(s, e);
  const next: State = { ...base(s), at: 'unlocking', visit: s.visit, phase: 'recording' };
  const { id, grant, rule } = s.visit;
  const body = { grant, rule, firstOfVisit: e.use.firstOfVisit };
  return armed(next, r.profile.recordMs, [
    { do: 'record', record: next.timer, kind: 'visit.unlock', body, visit: id, use: e.use },
  ]);
}

/** The one place that unlocks: the record is on disk, the picture is live, nobody has called it off, the door is proven (R5, R7, R8). */
function onRecord(s: State, e: On<'recorded' | 'record.failed'>, r: Rules): Turn {
  if (s.at !== 'unlocking' || s.phase !== 'recording' || !r.g.isAwaited(e.record, s)) return ignored(s, e);
  if (e.on === 'record.failed') return unrecorded(s, r);
  const { visit } = s;
  if (!r.g.cameraAllows(visit) || !r.g.notCalledOff(visit) || !r.g.mayRelease(s.door, r.profile)) {
    return backOut(s, outcomeBefore(visit, r), r);
  }
  const next: State = { ...base(s), at: 'unlocking', visit: { ...visit, released: true }, phase: 'driving' };
  return armed(next, r.profile.driveMs, [{ do: 'bolt.drive', to: 'unlocked', drive: next.timer }]);
}

/** How a visit ends whose bolt was never commanded, unless nobody came in time. */
function outcomeBefore(visit: Visit, r: Rules): 'stopped' | 'aborted' | 'incomplete' {
  if (r.g.notCalledOff(visit)) return 'incomplete';
  return visit.stopped ? 'stopped' : 'aborted';
}

const unrecorded = (s: Of<'unlocking'>, r: Rules): Turn =>
  backOut(s, outcomeBefore(s.visit, r), r, raise(s, 'JOURNAL_FAILED').effects);

function onDone(s: State, e: On<'drive.done'>, r: Rules): Turn {
  const isOurs = (s.at === 'unlocking' || s.at === 'locking' || s.at === 'unsecured') && s.phase === 'driving';
  if (!isOurs || !r.g.isAwaited(e.drive, s)) {
    return { next: s, effects: [note(s, 'bolt.driven', { to: e.to, late: true })] };
  }
  if (s.at === 'locking') return onLocked(s, r);
  if (s.at === 'unsecured') return onUnsecuredLocked(s, r);
  const driven = note(s, 'bolt.driven', { to: 'unlocked' });
  const isOver = !r.g.notCalledOff(s.visit) || s.visit.camera === 'lost';
  if (isOver && r.profile.kind !== 'barrier') return lockUp(s, 1, 'DOOR_NOT_LOCKED', r, [driven]);
  return released(s, r, [driven]);
}

function onFailed(s: State, e: On<'drive.failed'>, r: Rules): Turn {
  const isOurs = (s.at === 'unlocking' || s.at === 'locking' || s.at === 'unsecured') && s.phase === 'driving';
  if (!isOurs || !r.g.isAwaited(e.drive, s)) {
    return { next: s, effects: [note(s, 'bolt.failed', { to: e.to, code: e.code, late: true })] };
  }
  if (s.at === 'locking') return onLockFailed(s, e.code, r);
  return s.at === 'unsecured' ? onUnsecuredFailed(s, e.code, r) : unlockFailed(s, e.code, r);
}

/** R8: before the command the bolt stays; after it, it is locked as soon as the door is closed. */
function calledOff(s: Visiting, how: Partial<Visit>, said: Effect, r: Rules): Turn {
  const called: Visiting = { ...s, visit: { ...s.visit, ...how } };
  switch (called.at) {
    case 'preparing':
    case 'ready':
      return backOut(called, outcomeBefore(called.visit, r), r, [said]);
    case 'unlocked':
      if (r.profile.kind === 'barrier') return { next: called, effects: [said] };
      return lockUp(called, 1, 'DOOR_NOT_LOCKED', r, [said]);
    default:
      return { next: called, effects: [said] };
  }
}

/** "Done" proves nothing; said of a door that was never seen open, it disproves the contact. */
function onFinish(s: Visiting, e: On<'finish.asked'>, r: Rules): Turn {
  if (!s.visit.released || s.at === 'unlocking' || s.visit.said !== 'nothing') return ignored(s, e);
  const finished: Visiting = { ...s, visit: { ...s.visit, said: 'finish' } };
  const said = note(s, 'visit.finished', {});
  if (r.profile.seesDoor && !r.g.sawOpening(s.visit)) return contactFault(finished, r, [said]);
  return finished.at === 'unlocked'
    ? lockUp(finished, 1, 'DOOR_NOT_LOCKED', r, [said])
    : { next: finished, effects: [said] };
}

function onTimer(s: Visiting, r: Rules): Turn {
  switch (s.at) {
    case 'preparing':
      return backOut(s, 'incomplete', r);
    case 'ready':
      return backOut(s, 'nobody-entered', r);
    case 'unlocking':
      return s.phase === 'recording' ? unrecorded(s, r) : unlockFailed(s, 'LOCK_SILENT', r);
    case 'unlocked':
      // A pulse that was not seen to open it: the contact is wrong, or the operator is.
      return r.profile.kind === 'barrier' ? contactFault(s, r, []) : lockUp(s, 1, 'DOOR_NOT_LOCKED', r);
    case 'closed':
      return lockUp(s, 1, 'DOOR_NOT_LOCKED', r);
    case 'open': {
      const isAway = s.door.bolt === 'unavailable' || s.door.contact === 'unavailable';
      const alarm = raise(s, isAway ? 'LOCK_OFFLINE' : 'DOOR_LEFT_OPEN');
      const next: State = { ...s, timer: s.timer + 1, alarms: alarm.alarms };
      return armed(next, r.profile.repeatMs, [...alarm.effects, { do: 'sense' }]);
    }
    case 'locking':
      return onLockingTimer(s, r);
    default:
      return unreachable(s);
  }
}
