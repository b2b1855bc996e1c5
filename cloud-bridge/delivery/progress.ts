/** How a delivery stands, as a pure function of what the hub's journal says. */
import type { Entry } from '../../wire/journal.ts';

export const deliveryStates = [
  'announced',
  'assigned',
  'waiting-for-owner',
  'granted',
  'at-door',
  'in-progress',
  'delivered',
  'failed',
  'cancelled',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What an entry makes of a delivery. */
export interface Progress {
  readonly state: DeliveryState;
  readonly outcome?: string;
  readonly proof?: string;
  /** Signed by the hub. */
  readonly receipt?: string;
}

/** How the door was left when a delivery counts as made (R6). */
export const goodProofs: ReadonlySet<unknown> = new Set(['secured', 'closed', 'locked']);

/** No more visits, no new task link. */
export const isOver = (state: string): boolean => state === 'delivered' || state === 'failed' || state === 'cancelled';

function endOf(body: Entry['body']): Progress {
  const text = (x: unknown): string | undefined => (typeof x === 'string' ? x : undefined);
  const [outcome, proof, receipt] = [text(body.outcome), text(body.proof), text(body.receipt)];
  return {
    state: outcome === 'completed' && goodProofs.has(proof) ? 'delivered' : 'failed',
    ...(outcome === undefined ? {} : { outcome }),
    ...(proof === undefined ? {} : { proof }),
    ...(receipt === undefined ? {} : { receipt }),
  };
}

/**
 * @param state  how the delivery stands
 * @param entry  an entry of a visit of this delivery
 * @returns how it stands then, or undefined when the entry changes nothing. `delivered` is final; `cancelled` gives way only to
 *   evidence that the parcel was brought in after all
 */
export function progress(state: string, entry: Pick<Entry, 'kind' | 'body'>): Progress | undefined {
  if (state === 'delivered') return undefined;
  if (entry.kind === 'visit.ended') {
    const end = endOf(entry.body);
    return state === 'cancelled' && end.state !== 'delivered' ? undefined : end;
  }
  if (state === 'cancelled') return undefined;
  if (entry.kind === 'visit.arrived' && state !== 'at-door' && state !== 'in-progress') return { state: 'at-door' };
  if (entry.kind === 'visit.unlock' && state !== 'in-progress') return { state: 'in-progress' };
  return undefined;
}
