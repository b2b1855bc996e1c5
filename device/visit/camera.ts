/** What the picture means in each state: it lets a visit be ready, and its loss ends or shortens the visit (R5). */
import { lockUp } from './relock.ts';
import type { Effect, Event, Turn } from './state.ts';
import { armed, backOut, ignored, note, type Of, quiet, type Rules, raise, type Visiting } from './turn.ts';

/** Nothing is missing any more: the visitor may open. */
export function ready(s: Of<'preparing'>, r: Rules, effects: readonly Effect[]): Turn {
  return armed({ ...s, timer: s.timer + 1, at: 'ready' }, r.profile.readyMs, [...effects, note(s, 'visit.ready', {})]);
}

/** Live, and watched if the rule asks for that. */
export function onLive(s: Visiting, e: Extract<Event, { on: 'camera.live' }>, r: Rules): Turn {
  const isEnough = e.watched || !s.visit.watched;
  if (s.at === 'preparing' && s.visit.camera === 'waiting' && isEnough) {
    return ready({ ...s, visit: { ...s.visit, camera: 'live' } }, r, [note(s, 'camera.live', { watched: e.watched })]);
  }
  return !isEnough && s.visit.camera === 'live' ? onLost(s, e, r) : quiet(s);
}

/** The picture is gone, or nobody watches it any more. */
export function onLost(s: Visiting, e: Event, r: Rules): Turn {
  if (s.visit.camera === 'off') return ignored(s, e);
  if (s.visit.camera !== 'live') return quiet(s);
  const dark: Visiting = { ...s, visit: { ...s.visit, camera: 'lost' } };
  const lost = note(s, 'camera.lost', {});
  if (dark.at === 'ready') return backOut(dark, 'incomplete', r, [lost]);
  if (!dark.visit.released) return { next: dark, effects: [lost] };
  const alarm = raise(dark, 'CAMERA_LOST');
  const raised: Visiting = { ...dark, alarms: alarm.alarms };
  const effects = [lost, ...alarm.effects];
  return raised.at === 'unlocked' && r.profile.kind !== 'barrier'
    ? lockUp(raised, 1, 'DOOR_NOT_LOCKED', r, effects)
    : { next: raised, effects };
}
