/** The installer at the hub itself: tests a lock by a visit of its own, gives a peripheral a fresh key. */
import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
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
  /** @throws Fault DOOR_UNKNOWN, LOCK_REFUSED, LOCK_SILENT, LOCK_COMMAND_EXPIRED */
  pairLock(name: string): Promise<object>;
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
    pairLock: async (name) => {
      const entrance = byName(name);
      await entrance.pair();
      note('lock.paired', {}, entrance.id);
      return { door: name };
    },
    ended: (end) => ends.get(end.visit.id)?.(end),
  };
}
