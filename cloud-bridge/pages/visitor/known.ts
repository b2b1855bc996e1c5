/** What a phone knows of its task or invitation: all that the screens are made of. */
import * as v from 'valibot';
import type { HintView } from '../../../wire/door-hint.ts';
import type { FaultCode } from '../../../wire/faults.ts';
import type { GuestDoor } from '../../../wire/guest.ts';
import { Seconds } from '../../../wire/shapes.ts';
import type { VisitView } from '../../../wire/visit-view.ts';
import type { StopKnown } from './stop/way.ts';

/** What anybody sees who holds a task link. */
export const TaskPreview = v.object({
  state: v.picklist(['open', 'claimed', 'over']),
  carrier: v.string(),
  /** 0: somebody of a service company comes to work. */
  parcels: v.number(),
  from: Seconds,
  until: Seconds,
  camera: v.picklist(['recorded', 'watched', 'off']),
  /** It has a stop: more can be done with it than opening one door. */
  stop: v.optional(v.boolean()),
});
export type TaskPreview = v.InferOutput<typeof TaskPreview>;

export const isStaff = (preview: TaskPreview | undefined): boolean => preview?.parcels === 0;

/** How to find the door. It is on no disk of the phone, and forgotten with the visit. */
export interface Hint extends HintView {
  /** Of the photo, once it is here. */
  readonly photo?: string;
}

/** All that the screens are made of. */
export interface Known {
  /**
   * `new`: nobody has pressed. `taken`: pressed here, not all have signed. `doors`: a guest chooses. `asked`: a guest has. `visit`: the
   * hub knows. `stop`: the courier is on the way to it, or there. `over`: nothing more can come of it.
   */
  readonly at: 'loading' | 'new' | 'taken' | 'doors' | 'asked' | 'visit' | 'stop' | 'over';
  readonly isGuest?: boolean;
  /** Of a task. */
  readonly preview?: TaskPreview;
  /** What the dispatch, or the owner, compares. */
  readonly check?: string;
  /** A guest's. */
  readonly doors?: readonly GuestDoor[];
  readonly hasAgreed?: boolean;
  readonly view?: VisitView | undefined;
  /** null: there is none. Absent: nobody has asked yet. */
  readonly hint?: Hint | null | undefined;
  /** What was pressed and has no answer yet. */
  readonly doing?: Press | undefined;
  /** Why the last press, or the task, came to nothing. */
  readonly refusal?: FaultCode | undefined;
  /** Nothing comes through at present. */
  readonly isOffline?: boolean;
  readonly receipt?: string | undefined;
  readonly stop?: StopKnown;
}

/** What a visitor does with a deliberate press. `ask`: a guest, at one of the doors. `back`: to the doors. */
export type Press = 'stop' | 'take' | 'found' | 'agree' | 'arrive' | 'enter' | 'finish' | 'abort' | 'ask' | 'back';
