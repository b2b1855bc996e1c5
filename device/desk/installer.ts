/** The installer at the hub itself: tests a lock by a visit of its own, pairs it, gives it up. */
import { Fault } from '../../wire/faults.ts';
import { hashOf, type SignKey } from '../../wire/jws.ts';
import type { Clock } from '../clock/clock.ts';
import type { Paired, PairingAsked, PairingStage } from '../lock/installed.ts';
import type { Notes } from '../notes.ts';
import type { VisitEnd } from '../visit/run.ts';
import { signReport } from './commissioning.ts';
import type { Entrance } from './entrance.ts';
import { beginLockTest, type RunningTest, type SeenStep, type TestEnd, type TestView } from './lock-test.ts';

export interface InstallerParts {
  readonly hubId: string;
  readonly entrances: ReadonlyMap<string, Entrance>;
  /** It visits as itself, and signs its reports. */
  readonly hubKey: SignKey;
  readonly clock: Clock;
  readonly note: Notes['note'];
  /** Keeps a signed report. @param name  of its file, without an ending @returns its path @throws where the disk refuses it */
  readonly keepReport: (name: string, report: string) => Promise<string>;
}

/** How a test ended. */
export interface LockTest extends TestEnd {
  readonly visit: string;
  readonly steps: readonly SeenStep[];
  /** Path of the signed report; absent where the disk refused it. */
  readonly report?: string;
}

/** A test as it is seen; `done` once its report is written. */
export type LockTestView = Omit<TestView, 'end'> & { readonly done?: LockTest };

/** What the installer gives; how it goes on is for the desk. */
type PairingGiven = Omit<PairingAsked, 'onStage' | 'signal'>;

export interface InstallerDesk {
  /**
   * Begins a test at the door of this name. @param installer  whose name goes into the report, and nowhere else
   * @throws Fault DOOR_UNKNOWN, DOOR_OPEN, DOOR_UNSECURED, DOOR_BUSY, DOOR_UNPROVABLE
   */
  beginTest(name: string, installer?: string): LockTestView;
  /** The test that runs at this door, or ran last. @throws Fault DOOR_UNKNOWN, VISIT_UNKNOWN when there was none */
  test(name: string): LockTestView;
  /** Ends it as soon as the door can be locked. @throws as `test` */
  abortTest(name: string): LockTestView;
  /** @throws Fault DOOR_UNKNOWN, DOOR_BUSY while somebody visits or pairs, and as `InstalledDoor.pair` */
  pairLock(name: string, asked: PairingGiven): Promise<{ readonly door: string } & Paired>;
  /** How the pairing stands that runs at this door; nothing where none does. @throws Fault DOOR_UNKNOWN */
  pairing(name: string): { readonly stage?: PairingStage };
  /** Ends its wait for the button. @throws Fault DOOR_UNKNOWN */
  endPairing(name: string): object;
  /** @throws Fault DOOR_UNKNOWN, DOOR_BUSY while somebody visits or pairs, and as `InstalledDoor.unpair` */
  unpairLock(name: string): Promise<{ readonly door: string; readonly left: 'removed' | 'left-in-lock' }>;
  /** A visit has ended; perhaps it was a test. */
  ended(end: VisitEnd): void;
}

interface Trial {
  readonly running: RunningTest;
  done?: LockTest;
}

interface RunningPairing {
  stage?: PairingStage;
  readonly ending: AbortController;
}

export function installerDesk(parts: InstallerParts): InstallerDesk {
  const { entrances, hubKey, clock, note } = parts;
  const ends = new Map<string, (end: VisitEnd) => void>();
  const trials = new Map<string, Trial>();
  const pairings = new Map<string, RunningPairing>();
  const byName = (name: string): Entrance => {
    const found = [...entrances.values()].find((one) => one.name === name);
    if (found === undefined) throw new Fault('DOOR_UNKNOWN', { door: name });
    return found;
  };
  const byNameAtRest = (name: string): Entrance => {
    const entrance = byName(name);
    const { at } = entrance.runner.state();
    if ((at !== 'idle' && at !== 'unsecured') || pairings.has(entrance.id)) throw new Fault('DOOR_BUSY');
    return entrance;
  };
  const trialAt = (name: string): Trial => {
    const trial = trials.get(byName(name).id);
    if (trial === undefined) throw new Fault('VISIT_UNKNOWN', { door: name });
    return trial;
  };
  const viewOf = ({ running, done }: Trial): LockTestView => {
    const { end: _unwritten, ...view } = running.view();
    return { ...view, ...(done === undefined ? {} : { done }) };
  };

  /** Signs and keeps the report. A disk that refuses it changes nothing about the door. */
  const conclude = async (entrance: Entrance, trial: Trial, startedAt: number, installer?: string): Promise<void> => {
    const { outcome, proof } = await trial.running.ended;
    const { visit, steps } = trial.running.view();
    ends.delete(visit);
    const facts = { entrance, visit, steps, outcome, proof, startedAt, endedAt: clock.now() };
    const named = installer === undefined ? {} : { installer };
    let kept: { report: string; hash: string } | undefined;
    try {
      const jws = await signReport(parts.hubId, hubKey, { ...facts, ...named });
      const at = new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '');
      kept = { report: await parts.keepReport(`${entrance.name}-${at}`, jws), hash: hashOf(jws) };
    } catch {
      kept = undefined;
    }
    note('lock.tested', { outcome, proof, ...(kept === undefined ? {} : { report: kept.hash }) }, entrance.id);
    trial.done = { visit, outcome, proof, steps, ...(kept === undefined ? {} : { report: kept.report }) };
  };

  return {
    beginTest: (name, installer) => {
      const entrance = byNameAtRest(name);
      const ended = (visit: string): Promise<VisitEnd> => new Promise((resolve) => void ends.set(visit, resolve));
      const startedAt = clock.now();
      const trial: Trial = { running: beginLockTest(entrance, { jkt: hubKey.kid, clock, ended }) };
      trials.set(entrance.id, trial);
      void conclude(entrance, trial, startedAt, installer);
      return viewOf(trial);
    },
    test: (name) => viewOf(trialAt(name)),
    abortTest: (name) => {
      const trial = trialAt(name);
      trial.running.abort();
      return viewOf(trial);
    },
    pairLock: async (name, asked) => {
      const { id, installed } = byNameAtRest(name);
      const pairing: RunningPairing = { ending: new AbortController() };
      pairings.set(id, pairing);
      try {
        const onStage = (stage: PairingStage): void => {
          pairing.stage = stage;
        };
        const paired = await installed.pair({ ...asked, onStage, signal: pairing.ending.signal });
        note('lock.paired', { isOld: paired.isOld }, id);
        return { door: name, ...paired };
      } finally {
        pairings.delete(id);
      }
    },
    pairing: (name) => {
      const stage = pairings.get(byName(name).id)?.stage;
      return stage === undefined ? {} : { stage };
    },
    endPairing: (name) => {
      pairings.get(byName(name).id)?.ending.abort();
      return {};
    },
    unpairLock: async (name) => {
      const { id, installed } = byNameAtRest(name);
      const left = await installed.unpair();
      note('lock.unpaired', { left }, id);
      return { door: name, left };
    },
    ended: (end) => ends.get(end.visit.id)?.(end),
  };
}
