/** One door as the desks see it, and how a visit ended there. */
import type { Holder } from '../../wire/commissioning.ts';
import type { CameraHealth } from '../camera/camera.ts';
import type { InstalledDoor, Mover } from '../lock/installed.ts';
import type { DoorProfile } from '../visit/profile.ts';
import type { VisitRunner } from '../visit/run.ts';
import type { State } from '../visit/state.ts';

export interface Entrance {
  readonly id: string;
  readonly name: string;
  readonly heldBy: Holder;
  readonly mover: Mover;
  /** What only installer and owner do with it, and keypad and bell beside it. */
  readonly installed: Pick<InstalledDoor, 'pair' | 'unpair' | 'administration' | 'keypad' | 'bell'>;
  readonly profile: DoorProfile;
  readonly runner: VisitRunner;
  /** Calls back on each new state of its visit machine. @returns unsubscribe */
  readonly watch: (listener: (state: State) => void) => () => void;
  /** Its live picture can be told from a repeated one: what a rule that demands a picture needs (R5). */
  readonly hasCamera: boolean;
  /** A camera of its doorstep is set up. */
  readonly hasDoorstep: boolean;
  /** How its camera is; absent at a door without one. */
  readonly cameraHealth?: () => CameraHealth;
  /** Is the picture of this visit live at this very moment? Asked when somebody knocks. */
  readonly mayOpen: (visit: string, watched: boolean) => boolean;
}

export interface Ended {
  readonly outcome: string;
  readonly proof: string;
  /** Signed by the hub. */
  readonly receipt?: string;
}
