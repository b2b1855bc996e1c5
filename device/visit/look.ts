/** What a report of the door means in each state of a visit, and in `idle`. */
import { unreachable } from '../../wire/faults.ts';
import { judge } from './evidence.ts';
import { onLook } from './relock.ts';
import type { Effect, Look, State, Turn } from './state.ts';
import {
  armed,
  base,
  clearing,
  linkNotes,
  note,
  type Of,
  type Rules,
  raise,
  toUnsecured,
  type Visiting,
} from './turn.ts';

/** Takes a report that is newer than the last one. */
export function onReport(was: Exclude<State, { at: 'unsecured' }>, door: Look, r: Rules): Turn {
  const s: typeof was = { ...was, door };
  const says = judge(door, r.profile);
  const notes = linkNotes(was.door, door, s);
  if (s.at === 'idle') return inIdle(s, says, r, notes);
  if (says === 'jammed') return toUnsecured(s, { code: 'LOCK_JAMMED', outcome: 'lock-failed', left: 0 }, r, notes);
  const stay: Turn = { next: s, effects: notes };
  switch (s.at) {
    case 'preparing':
    case 'ready':
      return beforeRelease(s, says, r, notes);
    case 'unlocking':
      if (s.phase === 'recording') return beforeRelease(s, says, r, notes);
      return says === 'open' ? opened(s, r, notes) : stay;
    case 'unlocked':
    case 'closed':
      return says === 'open' ? opened(s, r, notes) : stay;
    case 'open':
      if (says === 'open') return contradicts(s, r) ? contactFault(s, r, notes) : stay;
      return door.contact === 'closed' ? shut(s, r, notes) : stay;
    case 'locking':
      return says === 'open' ? reopened(s, was.door, r, notes) : onLook(s, r, notes);
    default:
      return unreachable(s);
  }
}

/** Nobody was let in: whatever moves now, moves without a command (T35, T47). */
function inIdle(s: Of<'idle'>, says: ReturnType<typeof judge>, r: Rules, notes: readonly Effect[]): Turn {
  switch (says) {
    case 'proven':
      return { next: s, effects: notes };
    case 'open':
      return toUnsecured(s, { code: 'DOOR_FORCED_OPEN', left: 0 }, r, [...notes, moved(s)]);
    case 'moved':
      return toUnsecured(s, { code: 'BOLT_MOVED', left: 0 }, r, [...notes, moved(s)]);
    case 'jammed':
      return toUnsecured(s, { code: 'LOCK_JAMMED', left: 0 }, r, notes);
    case 'doubt':
      return toUnsecured(s, { left: 0 }, r, notes);
  }
}

/** Visitor at the door, bolt never commanded: the same, and the visit is over. Mere doubt only keeps the bolt where it is. */
function beforeRelease(s: Visiting, says: ReturnType<typeof judge>, r: Rules, notes: readonly Effect[]): Turn {
  if (says !== 'open' && says !== 'moved') return { next: s, effects: notes };
  const code = says === 'open' ? 'DOOR_FORCED_OPEN' : 'BOLT_MOVED';
  return toUnsecured(s, { code, outcome: 'incomplete', left: 0 }, r, [...notes, moved(s)]);
}

export const moved = (s: State): Effect => note(s, 'door.moved', { bolt: s.door.bolt, contact: s.door.contact });

/** A bolt that is thrown while the contact says open: one of the two is wrong. A strike springs back while the leaf is open. */
const contradicts = (s: State, r: Rules): boolean =>
  r.profile.kind === 'bolt' && r.profile.seesBolt && s.door.bolt === 'locked' && s.door.contact === 'open';

/** The contact did not see what must have happened, or saw what cannot be: nothing it says counts until somebody has looked. */
export const contactFault = (s: Visiting, r: Rules, effects: readonly Effect[]): Turn =>
  toUnsecured(s, { code: 'CONTACT_FAULT', outcome: 'contact-fault', left: r.profile.attempts }, r, effects);

function opened(s: Visiting, r: Rules, effects: readonly Effect[]): Turn {
  const why = [...effects, note(s, 'door.opened', { again: s.visit.opened })];
  if (contradicts(s, r)) return contactFault(s, r, why);
  return armed({ ...base(s), at: 'open', visit: { ...s.visit, opened: true } }, r.profile.openLimitMs, why);
}

function shut(s: Of<'open'>, r: Rules, notes: readonly Effect[]): Turn {
  const isOver = (code: string) => code === 'DOOR_LEFT_OPEN';
  return armed(
    { ...base(s), alarms: s.alarms.filter((code) => !isOver(code)), at: 'closed', visit: s.visit },
    r.profile.settleMs,
    [...notes, note(s, 'door.closed', {}), ...clearing(s.alarms.filter(isOver))],
  );
}

/** T03: it opens again. Once the lock was told to lock, or said that it is locked, nobody let it open. */
function reopened(s: Of<'locking'>, before: Look, r: Rules, notes: readonly Effect[]): Turn {
  const isForced = r.g.afterCommand(s.phase) || (r.profile.seesBolt && before.bolt === 'locked');
  if (!isForced) return opened(s, r, notes);
  const alarm = raise(s, 'DOOR_FORCED_OPEN');
  return opened({ ...s, alarms: alarm.alarms }, r, [...notes, ...alarm.effects]);
}
