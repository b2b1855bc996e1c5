/** A barrier in the words of the visit machine: its contact is all there is to see, its pulse all there is to do. */
import { Fault } from '../../wire/faults.ts';
import type { Mover } from '../lock/installed.ts';
import type { DoorReport } from '../lock/lock.ts';
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

const missing = (capability: 'lock' | 'unlock') => async (): Promise<never> => {
  throw new Fault('LOCK_CAPABILITY_MISSING', { capability });
};

/** For a door whose profile is of the kind `barrier`. There is nothing to lock or to unlock: both throw LOCK_CAPABILITY_MISSING. */
export function barrierMover(barrier: Barrier): Mover {
  return {
    capabilities: {
      kind: 'barrier',
      lock: false,
      unlock: false,
      open: true,
      seesBolt: false,
      seesDoor: barrier.capabilities.seesClosed,
      battery: false,
    },
    start: () => barrier.start(),
    close: () => barrier.end(),
    open: ({ expiresInMs }) => barrier.openPulse({ expiresInMs }),
    mayOpen: () => barrier.mayPulse(),
    lock: missing('lock'),
    unlock: missing('unlock'),
    state: async () => toLook(await barrier.state()),
    last: () => {
      const last = barrier.last();
      return last && toLook(last);
    },
    onReport: (listener) => barrier.onReport((report) => listener(toLook(report))),
    health: () => barrier.health(),
  };
}
