/** How a delivery stands, as a row of steps. Pure. */
import type { Delivery } from '../home/known.ts';

export type Step = 'announced' | 'way' | 'door' | 'end';
/** What the last step is called: what it was, or what it is to be. */
export type End = 'delivered' | 'collectable' | 'failed' | 'cancelled' | 'blocked' | 'worked' | 'not-worked';

export interface Standing {
  /** What was, and, while it goes on, what is to come. */
  readonly steps: readonly Step[];
  /** The furthest step that was reached. */
  readonly at: Step;
  readonly end: End;
  readonly isOver: boolean;
}

const atDoor: ReadonlySet<string> = new Set(['at-door', 'in-progress']);

type Stands = Pick<Delivery, 'state' | 'outcome' | 'onTheWay'> & Partial<Pick<Delivery, 'parcels'>>;

export function standingOf({ state, outcome, onTheWay, parcels }: Stands): Standing {
  // A service visit is a delivery without parcels.
  const [good, bad] = parcels === 0 ? (['worked', 'not-worked'] as const) : (['delivered', 'failed'] as const);
  const way: readonly Step[] = onTheWay === undefined ? [] : ['way'];
  if (state === 'delivered' || state === 'failed') {
    return {
      steps: ['announced', ...way, 'door', 'end'],
      at: 'end',
      end: state === 'delivered' ? good : outcome === 'picked-up-later' ? 'collectable' : bad,
      isOver: true,
    };
  }
  if (state === 'cancelled') {
    const end = outcome === 'not-mine' ? 'blocked' : 'cancelled';
    return { steps: ['announced', ...way, 'end'], at: 'end', end, isOver: true };
  }
  const at = atDoor.has(state) ? 'door' : onTheWay === undefined ? 'announced' : 'way';
  return { steps: ['announced', 'way', 'door', 'end'], at, end: good, isOver: false };
}
