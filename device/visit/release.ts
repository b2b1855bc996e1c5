/** What follows the command that opens: the wait for the door, or for the end of an attempt that failed. */
import type { FaultCode } from '../../wire/faults.ts';
import { lockUp } from './relock.ts';
import type { Effect, Turn } from './state.ts';
import { armed, base, note, type Of, type Rules, toUnsecured, type Visiting } from './turn.ts';

/** It may be opened, or, a barrier, opens. A pulse cannot be called back: whoever calls the visit off waits for what comes of it. */
export function released(s: Visiting, r: Rules, effects: readonly Effect[]): Turn {
  // The strike lets go by itself; who opened in its last moment is seen a little later.
  return armed({ ...base(s), at: 'unlocked', visit: s.visit }, r.profile.unlockForMs + r.profile.settleMs, effects);
}

/** A barrier's pulse that failed so did not go out. */
const neverSent: readonly FaultCode[] = [
  'BARRIER_NOT_PROVEN',
  'BARRIER_SPENT',
  'LOCK_UNAVAILABLE',
  'LOCK_COMMAND_EXPIRED',
  'LOCK_REFUSED',
];

/** Whether it moved or not: it is locked and proven. */
export function unlockFailed(s: Of<'unlocking'>, code: FaultCode, r: Rules): Turn {
  const failed: Visiting = { ...s, visit: { ...s.visit, failed: true } };
  const why = [note(s, 'bolt.failed', { to: 'unlocked', code })];
  if (r.profile.kind !== 'barrier') return lockUp(failed, 1, 'DOOR_NOT_LOCKED', r, why);
  // A pulse that may have gone out is waited for like one that did, and never sent again.
  if (!neverSent.includes(code)) return released(failed, r, why);
  return toUnsecured(failed, { code: 'LOCK_FAILED', outcome: 'lock-failed', left: 0 }, r, why);
}
