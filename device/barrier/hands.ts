/** A barrier in the words of the visit machine: its contact is all there is to see, its pulse all there is to do. */
import { Fault } from '../../wire/faults.ts';
import type { DoorReport } from '../lock/lock.ts';
import type { Hands } from '../visit/hands.ts';
import type { Barrier, BarrierPosition, BarrierReport } from './barrier.ts';

const contacts = {
  closed: 'closed',
  'not-closed': 'open',
  unknown: 'unknown',
  unavailable: 'unavailable',
} as const satisfies Record<BarrierPosition, DoorReport['contact']>;

const toLook = ({ seq, atMs, position }: BarrierReport): DoorReport => ({
  seq,
  atMs,
  bolt: position === 'unavailable' ? 'unavailable' : 'unknown',
  contact: contacts[position],
});

/** For a door whose profile is of the kind `barrier`. There is nothing to lock or to unlock: both throw LOCK_CAPABILITY_MISSING. */
export const barrierHands = (barrier: Barrier): Hands => ({
  open: ({ expiresInMs }) => barrier.openPulse({ expiresInMs }),
  lock: async () => {
    throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'lock' });
  },
  unlock: async () => {
    throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'unlock' });
  },
  state: async () => toLook(await barrier.state()),
  onReport: (listener) => barrier.onReport((report) => listener(toLook(report))),
});
