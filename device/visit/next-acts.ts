/** What the visitor may do now. */
import type { Act } from '../../wire/knock.ts';
import type { DoorProfile } from './profile.ts';
import type { State } from './state.ts';

/** The acts that the machine would take from the visitor under way, `arrive` in `idle`. */
export function nextActs(s: State, { entry }: Pick<DoorProfile, 'entry'>): readonly Act[] {
  switch (s.at) {
    case 'idle':
      return ['arrive'];
    case 'preparing':
      return ['abort'];
    case 'ready':
      return [entry, 'abort'];
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
