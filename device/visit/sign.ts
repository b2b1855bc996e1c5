/** What the visitor at the door is shown, from how the visit machine moves. */
import type { Guide, Sign } from '../lock/guide.ts';
import type { State } from './state.ts';

/**
 * Outside a visit nothing is shown: a light that tells of an unproven door would tell the street (S048).
 * @param shown  what is shown so far
 * @param was    the state before, or undefined after a start
 */
export function signAfter(shown: Sign, was: State | undefined, now: State): Sign {
  switch (now.at) {
    case 'idle':
      // Proven after an opening; a visit that ended before it has nothing to be done with.
      return was?.at === 'locking' && was.visit.opened ? 'done' : was?.at === 'idle' ? shown : 'nothing';
    case 'preparing':
    case 'ready':
    case 'unlocking':
      return 'waiting';
    case 'unlocked':
      return 'open-now';
    case 'open':
    case 'closed':
    case 'locking':
      return now.alarms.some((code) => code !== 'CAMERA_LOST') ? 'alarm' : 'close-the-door';
    case 'unsecured': {
      // Whoever was let in is told; what the household does is nobody's business.
      const wasInside = was !== undefined && was.at !== 'idle' && was.at !== 'unsecured' && was.visit.released;
      if (wasInside || now.visit?.released) return 'alarm';
      return was?.at === 'unsecured' ? shown : 'nothing';
    }
  }
}

/** @returns what is to be called with each new state: shows on `guide` what follows from it */
export function signs(guide: Guide): (state: State) => void {
  let shown: Sign = 'nothing';
  let was: State | undefined;
  return (now) => {
    shown = signAfter(shown, was, now);
    was = now;
    guide.show(shown);
  };
}
