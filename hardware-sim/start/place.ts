/** A door of the street as a courier comes to it: how it is opened and shut by hand, and who sees it. */
import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../../wire/faults.ts';
import { lookAtDoor, moveDoor, pushOpen } from './door.ts';
import type { Street } from './street.ts';

export type DoorName = 'front' | 'garage';

export interface Place {
  /** As the hub names it. */
  readonly id: string;
  readonly says: string;
  readonly isFilmed: boolean;
  /** Resolves when it stands open, or begins to. @throws Fault LOCK_REFUSED when it stays shut */
  open(): Promise<void>;
  /** Begins to shut it. */
  shut(): Promise<void>;
  /** Moves the people before its camera; nothing where there is none. */
  film(scene: object): Promise<void>;
}

const lookEveryMs = 50;
/** From the pulse to the first movement. */
const startsWithinMs = 10_000;

export function placeOf({ settings, paths }: Pick<Street, 'settings' | 'paths'>, door: DoorName): Place {
  const { simSocket } = paths;
  if (door === 'front') {
    const isFilmed = settings.camera;
    return {
      id: settings.door,
      says: 'front door',
      isFilmed,
      open: () => pushOpen(simSocket, 'front'),
      shut: async () => void (await moveDoor(simSocket, '/doors/front/close-leaf')),
      film: async (scene) => {
        if (isFilmed) await moveDoor(simSocket, '/cameras/front/scene', scene);
      },
    };
  }
  const rises = async (isThere: (height: number, moves: unknown) => boolean): Promise<void> => {
    for (const end = performance.now() + startsWithinMs; performance.now() < end; await wait(lookEveryMs)) {
      const { height, moves } = await lookAtDoor(simSocket, '/barriers/garage');
      if (isThere(Number(height), moves)) return;
    }
    throw new Fault('LOCK_REFUSED', { door });
  };
  return {
    id: settings.garage,
    says: 'garage',
    isFilmed: false,
    open: () => rises((height) => height > 0),
    // Whoever presses while it goes up stops it.
    shut: async () => {
      await rises((height, moves) => height === 1 && moves === 'no');
      await moveDoor(simSocket, '/barriers/garage/press');
    },
    film: async () => undefined,
  };
}
