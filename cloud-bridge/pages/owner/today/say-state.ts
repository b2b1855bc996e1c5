/** How a delivery or a service visit stands, in a word or two. Pure. */
import type { Delivery } from '../home/known.ts';
import type { todayWords } from './words.ts';

type Says = (typeof todayWords)['en'];

/** Somebody comes to work, and brings nothing. */
export const isService = ({ parcels }: Pick<Delivery, 'parcels'>): boolean => parcels === 0;

/** What became of it: by the end of its stop, or of its visit. */
function sayDelivered(says: Says, outcome: string | undefined): string {
  if (outcome === 'handed-over') return says.handed;
  return outcome === 'put' ? says.put : says.delivered;
}

/** @returns the state itself, where it has no word */
export function sayState(says: Says, delivery: Pick<Delivery, 'state' | 'outcome' | 'parcels'>): string {
  const { state, outcome } = delivery;
  const service: Readonly<Record<string, string>> = {
    assigned: says.sent,
    'in-progress': says.atWork,
    delivered: says.worked,
    failed: says.notWorked,
  };
  if (isService(delivery) && service[state] !== undefined) return service[state];
  if (state === 'delivered') return sayDelivered(says, outcome);
  const words: Readonly<Record<string, string>> = {
    ...{ announced: says.announced, assigned: says.assigned, 'waiting-for-owner': says['waiting-for-owner'] },
    ...{ granted: says.granted, 'at-door': says['at-door'], 'in-progress': says['in-progress'] },
    ...{ failed: says.failedState, cancelled: says.cancelled },
  };
  return words[state] ?? state;
}
