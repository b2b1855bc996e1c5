/** A street where nothing is going on. */
import type { StreetTold } from '../../../hardware-sim/street/told.ts';

export const closedDoor = {
  leaf: 'closed' as 'closed' | 'opening' | 'open' | 'closing',
  latch: 'home' as const,
  contact: 'yes' as 'yes' | 'no' | 'wire-cut',
  bolt: 'thrown' as 'thrown' | 'drawing' | 'drawn' | 'throwing',
  light: 'black' as const,
  sounds: false,
};

/** @param more  what is otherwise; without a `home` there is no simulator */
export const told = (more: Partial<StreetTold>): StreetTold => ({
  run: 'one',
  at: 'up',
  setup: [],
  parts: {},
  hasGarage: false,
  hasCamera: true,
  inGarage: false,
  isPlaying: false,
  courier: { at: 'none', door: 'front' },
  owner: { isOnline: true, doors: [], waiting: [], alarms: [] },
  tricks: [],
  switches: [],
  film: { n: 0, isLive: false },
  journal: { lines: [], signedTo: 0, breaks: [] },
  can: [],
  doing: [],
  said: {},
  answers: [],
  ...more,
});
