/** What a person does to open and shut a door of a rig, whatever moves it. */
import type { Barrier } from '../../hardware-sim/door/barrier.ts';
import type { Door } from '../../hardware-sim/door/door.ts';

export interface Leaf {
  /** Tries; a barrier goes up by itself. @returns whether it gives way */
  open(): boolean;
  isOpen(): boolean;
  shut(): void;
  isShut(): boolean;
}

export const leafOf = (door: Door): Leaf => ({
  open: () => door.openLeaf().moved,
  isOpen: () => door.truth().leaf === 'open',
  shut: () => void door.closeLeaf(),
  isShut: () => door.truth().leaf === 'closed',
});

/** The visitor shuts it with the button on the wall. */
export const barrierLeaf = (barrier: Barrier): Leaf => ({
  open: () => barrier.truth().height > 0,
  // Whoever presses while it moves stops it.
  isOpen: () => barrier.truth().height === 1 && barrier.truth().moves === 'no',
  shut: () => barrier.press(),
  isShut: () => barrier.truth().height === 0,
});
