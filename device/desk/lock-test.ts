/** The installer's test of one lock: a visit of its own, through the same machine, with the installer at the door. */
import type { TestStep } from '../../wire/commissioning.ts';
import { accept, Fault } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { Outcome, Proof } from '../../wire/receipt.ts';
import type { Clock } from '../clock/clock.ts';
import { admits } from '../visit/admit.ts';
import type { VisitEnd } from '../visit/run.ts';
import type { State } from '../visit/state.ts';
import type { Entrance } from './entrance.ts';

export interface SeenStep {
  readonly step: TestStep;
  /** After the test began, ms. */
  readonly afterMs: number;
}

/** How a test stands, for whoever watches it. */
export interface TestView {
  readonly door: string;
  readonly visit: string;
  /** As of now, ms after it began. */
  readonly afterMs: number;
  readonly at: State['at'];
  /** The first time that each was seen. */
  readonly steps: readonly SeenStep[];
  /** How long the lock stays released when nobody opens, and how long the door may stand open, ms. */
  readonly unlockForMs: number;
  readonly openLimitMs: number;
  readonly end?: TestEnd;
}

export interface TestEnd {
  readonly outcome: Outcome;
  readonly proof: Proof;
}

export interface RunningTest {
  view(): TestView;
  readonly ended: Promise<TestEnd>;
  /** Ends it as soon as the door can be locked; does nothing to one that has ended. */
  abort(): void;
}

export interface LockTestParts {
  /** Thumbprint of the hub's own key: nobody else asks for this visit. */
  readonly jkt: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Resolves when that visit has ended. */
  readonly ended: (visit: string) => Promise<VisitEnd>;
}

/** How long the counted use of a test is remembered, seconds. */
const rememberForS = 3600;

const stepAt: Partial<Record<State['at'], TestStep>> = {
  unlocked: 'released',
  open: 'opened',
  closed: 'closed',
  locking: 'locking',
};

/**
 * Releases the lock and watches until the door is proven locked, or an alarm says that it is not.
 * @returns at once
 * @throws Fault DOOR_OPEN, DOOR_UNSECURED, DOOR_BUSY, DOOR_UNPROVABLE; BARRIER_NOT_PROVEN, BARRIER_SPENT for now, and nothing has begun
 */
export function beginLockTest(entrance: Entrance, { jkt, clock, ended }: LockTestParts): RunningTest {
  const { runner, profile, hasCamera } = entrance;
  const admitted = admits(runner.state(), profile, { partyKind: 'guest', camera: 'off', hasCamera });
  if (!admitted.ok) throw new Fault(admitted.code, admitted.detail ?? {});
  const tries = entrance.mover.mayOpen?.() ?? accept({});
  if (!tries.ok) throw new Fault(tries.code, tries.detail ?? {});
  const [visit, grant] = [newId(), newId()];
  const nowMs = clock.now();
  const beganMs = clock.monotonic();
  const afterMs = (): number => Math.max(0, Math.round(clock.monotonic() - beganMs));
  const steps: SeenStep[] = [{ step: 'asked', afterMs: 0 }];
  const see = (step: TestStep): void => {
    if (!steps.some((one) => one.step === step)) steps.push({ step, afterMs: afterMs() });
  };
  const unwatch = entrance.watch(({ at }) => {
    const step = stepAt[at];
    if (step !== undefined) see(step);
  });
  let end: TestEnd | undefined;
  const done = ended(visit).then(({ outcome, proof }) => {
    unwatch();
    if (proof !== 'unsecured') see('proven');
    end = { outcome, proof };
    return end;
  });
  const use = { grant, grantExp: Math.floor(nowMs / 1000) + rememberForS, rule: 'installer-test', firstOfVisit: true };
  void runner
    .send({ on: 'visit.arrived', visit: { id: visit, grant, rule: use.rule, jkt, camera: 'off', arrivedAt: nowMs } })
    .then(() => runner.send({ on: 'unlock.asked', visit, use }));
  return {
    ended: done,
    abort: () => void runner.send({ on: 'abort.asked', visit }),
    view: () => ({
      ...{ door: entrance.name, visit, afterMs: afterMs(), at: runner.state().at, steps: [...steps] },
      ...{ unlockForMs: profile.unlockForMs, openLimitMs: profile.openLimitMs },
      ...(end === undefined ? {} : { end }),
    }),
  };
}
