/** The installer at the hub itself: tests a lock by a visit of its own, gives a peripheral a fresh key. */
import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { Paired, PairingAsked } from '../lock/installed.ts';
import type { Notes } from '../notes.ts';
import type { VisitEnd } from '../visit/run.ts';
import type { Entrance } from './entrance.ts';
import { type LockTest, testLock } from './lock-test.ts';

export interface InstallerParts {
  readonly entrances: ReadonlyMap<string, Entrance>;
  /** Thumbprint of the hub's key: it visits as itself. */
  readonly hubKey: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly note: Notes['note'];
}

export interface InstallerDesk {
  /** @param name  of the door @throws Fault DOOR_UNKNOWN, DOOR_OPEN, DOOR_UNSECURED, DOOR_BUSY */
  testLock(name: string): Promise<LockTest>;
  /** @throws Fault DOOR_UNKNOWN, and as `InstalledDoor.pair` */
  pairLock(name: string, asked: PairingAsked): Promise<{ readonly door: string } & Paired>;
  /** @throws Fault DOOR_UNKNOWN, DOOR_BUSY while somebody visits, and as `InstalledDoor.unpair` */
  unpairLock(name: string): Promise<{ readonly door: string; readonly left: 'removed' | 'left-in-lock' }>;
  /** A visit has ended; perhaps it was a test. */
  ended(end: VisitEnd): void;
}

export function installerDesk({ entrances, hubKey, clock, note }: InstallerParts): InstallerDesk {
  const ends = new Map<string, (end: VisitEnd) => void>();
  const byName = (name: string): Entrance => {
    const found = [...entrances.values()].find((one) => one.name === name);
    if (found === undefined) throw new Fault('DOOR_UNKNOWN', { door: name });
    return found;
  };
  return {
    testLock: async (name) => {
      const entrance = byName(name);
      const ended = (visit: string): Promise<VisitEnd> => new Promise((resolve) => void ends.set(visit, resolve));
      const done = await testLock(entrance, hubKey, clock.now(), ended);
      ends.delete(done.visit);
      note('lock.tested', { outcome: done.outcome, proof: done.proof }, entrance.id);
      return done;
    },
    pairLock: async (name, asked) => {
      const { id, installed } = byName(name);
      const paired = await installed.pair(asked);
      note('lock.paired', { isOld: paired.isOld }, id);
      return { door: name, ...paired };
    },
    unpairLock: async (name) => {
      const { id, installed, runner } = byName(name);
      const { at } = runner.state();
      if (at !== 'idle' && at !== 'unsecured') throw new Fault('DOOR_BUSY');
      const left = await installed.unpair();
      note('lock.unpaired', { left }, id);
      return { door: name, left };
    },
    ended: (end) => ends.get(end.visit.id)?.(end),
  };
}
