/** What the visitor may do now. */
import type { Act } from '../../wire/knock.ts';
import type { State } from './state.ts';

/**
 * The acts that the machine would take from the visitor under way, `arrive` in `idle`.
 * `open` and `unlock` come together: which of the two a lock can do is in its capabilities.
 */
export function nextActs(s: State): readonly Act[] {
  switch (s.at) {
    case 'idle':
      return ['arrive'];
    case 'preparing':
      return ['abort'];
    case 'ready':
      return ['open', 'unlock', 'abort'];
    case 'unlocking':
      return s.visit.said === 'abort' ? [] : ['abort'];
    case 'unlocked':
    case 'open':
    case 'closed':
    case 'locking':
      return s.visit.said === 'nothing' ? ['finish', 'abort'] : [];
    case 'unsecured':
      return [];
  }
}
