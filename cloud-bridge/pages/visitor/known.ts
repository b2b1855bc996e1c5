/** What a phone knows of its task: all that the screens are made of. */
import * as v from 'valibot';
import type { FaultCode } from '../../../wire/faults.ts';
import { Seconds } from '../../../wire/shapes.ts';
import type { VisitView } from '../../../wire/visit-view.ts';

/** What anybody sees who holds the link. */
export const Preview = v.object({
  state: v.picklist(['open', 'claimed', 'over']),
  carrier: v.string(),
  parcels: v.number(),
  from: Seconds,
  until: Seconds,
  camera: v.picklist(['recorded', 'watched', 'off']),
});
export type Preview = v.InferOutput<typeof Preview>;

/** All that the screens are made of. */
export interface Known {
  /** `new`: nobody has pressed. `taken`: pressed here, not all have signed. `visit`: the hub knows. `over`: nothing more can come of it. */
  readonly at: 'loading' | 'new' | 'taken' | 'visit' | 'over';
  readonly preview?: Preview;
  /** What the dispatch compares. */
  readonly check?: string;
  readonly hasAgreed?: boolean;
  readonly view?: VisitView;
  /** What was pressed and has no answer yet. */
  readonly doing?: Press | undefined;
  /** Why the last press, or the task, came to nothing. */
  readonly refusal?: FaultCode | undefined;
  /** Nothing comes through at present. */
  readonly isOffline?: boolean;
  readonly receipt?: string;
}

/** What a visitor does with a deliberate press. */
export type Press = 'take' | 'agree' | 'arrive' | 'enter' | 'finish' | 'abort';
