/** The motor of a Nuki: it turns the bolt, pulls the latch, and knows what hands did meanwhile (reference 6 D, 8). */
import type { Clock } from '../clock.ts';
import type { BoltAt } from '../door/bolt.ts';
import type { Door } from '../door/door.ts';
import { actions, completions, errors, lockStates, triggers } from './codes.ts';
import type { FaultBoard } from './fault-board.ts';
import type { AdvancedSettings } from './settings.ts';

/** Who wants something. */
export interface Who {
  readonly trigger: number;
  readonly authorizationId?: number;
  readonly name?: string;
  readonly flags?: number;
}

/** What an action tells the one who asked: at most once each, `done` last. */
export interface Progress {
  accepted(): void;
  /** @param error  why it did not come about */
  done(error?: number): void;
}

/** An action that has ended, for the log. */
export interface Ended extends Who {
  readonly action: number;
  readonly completion: number;
}

export interface MotorOptions {
  readonly door: Door;
  readonly clock: Clock;
  readonly boltMs: number;
  readonly latchMs: number;
  readonly advanced: AdvancedSettings;
  readonly faults: FaultBoard;
  /** Something of `state`, `trigger`, `last` or `lockNGoTimerS` may be another. */
  readonly onChange: () => void;
  readonly onEnded: (ended: Ended) => void;
}

/** How long a lock says that its motor was blocked (reference 15, 4: seconds). */
const blockedMs = 3_000;
const calibrationMs = 4_000;
const silentProgress: Progress = { accepted: () => undefined, done: () => undefined };

const boltStates: Record<BoltAt, number> = {
  thrown: lockStates.locked,
  drawing: lockStates.unlocking,
  drawn: lockStates.unlocked,
  throwing: lockStates.locking,
};

const completionOf: Record<number, number> = {
  [errors.motorBlocked]: completions.motorBlocked,
  [errors.canceled]: completions.canceled,
  [errors.busy]: completions.busy,
  73: completions.lowVoltage,
};

export class Motor {
  readonly #options: MotorOptions;
  #overlay: number | undefined;
  #moving = false;
  #motions = 0;
  #trigger: number = triggers.system;
  #last: { readonly action: number; readonly trigger: number; readonly completion: number };
  #boltWas: BoltAt;
  #cancelNext: (() => void) | undefined;
  #lockNGoEndsMs: number | undefined;

  constructor(options: MotorOptions) {
    this.#options = options;
    this.#last = { action: actions.lock, trigger: triggers.system, completion: completions.success };
    this.#boltWas = this.#bolt();
    options.door.onSensed(() => this.#sense());
  }

  /** lockState. */
  get state(): number {
    return (
      this.#overlay ?? (this.#options.faults.get('uncalibrated') ? lockStates.uncalibrated : boltStates[this.#bolt()])
    );
  }

  get trigger(): number {
    return this.#trigger;
  }

  get last() {
    return this.#last;
  }

  /** How often it was set going: a command that is repeated shows here. */
  get motions(): number {
    return this.#motions;
  }

  /** Whole seconds until lock'n'go locks, 0 where it does not run. */
  get lockNGoTimerS(): number {
    if (this.#lockNGoEndsMs === undefined) return 0;
    return Math.max(0, Math.ceil((this.#lockNGoEndsMs - this.#options.clock.monotonic()) / 1000));
  }

  /** Runs an action of `codes.ts`, or refuses it. Locking what is locked turns once more, as a cylinder of two turns does. */
  act(action: number, who: Who, progress: Progress = silentProgress) {
    const refused = this.#refusal();
    if (refused !== undefined) return progress.done(refused);
    if (action === actions.unlock && this.#bolt() === 'drawn' && this.#lockNGoEndsMs === undefined)
      return progress.done();
    this.#begin(who);
    progress.accepted();
    const end = (error?: number, completion?: number): void => this.#end(action, who, progress, error, completion);
    const { faults, clock, boltMs } = this.#options;
    const isLocking = action === actions.lock || action === actions.fullLock;
    const fails = faults.take('action-fails');
    if (fails || (isLocking && faults.get('handle-not-lifted'))) {
      this.#show(isLocking ? lockStates.locking : lockStates.unlocking);
      clock.after(boltMs, () => {
        this.#overlay = undefined;
        if (fails) end(fails.code);
        else end(undefined, completions.handleNotLifted);
      });
    } else if (isLocking) this.#turn('thrown', end);
    else if (action === actions.unlock) this.#turn('drawn', end);
    else if (action === actions.lockNGo) this.#turn('drawn', (error) => this.#lockSoon(who, end, error));
    else if (action === actions.unlatch) this.#unlatch(end);
    else this.#unlatch((error) => this.#lockSoon(who, end, error));
  }

  /** Turns both ways and knows again where it is. */
  calibrate(who: Who, progress: Progress) {
    if (this.#moving) return progress.done(errors.busy);
    this.#begin(who);
    progress.accepted();
    this.#show(lockStates.calibration);
    this.#options.clock.after(calibrationMs, () => {
      this.#overlay = undefined;
      this.#moving = false;
      this.#options.faults.set({ fault: 'uncalibrated', active: false });
      this.#options.onChange();
      progress.done();
    });
  }

  #refusal(): number | undefined {
    const { faults } = this.#options;
    const isTurned = this.#bolt() === 'throwing' || this.#bolt() === 'drawing';
    if (this.#moving || isTurned || faults.take('busy')) return errors.busy;
    return faults.get('uncalibrated') ? errors.notCalibrated : undefined;
  }

  #begin(who: Who): void {
    this.#cancelNext?.();
    this.#lockNGoEndsMs = undefined;
    this.#overlay = undefined;
    this.#moving = true;
    this.#motions += 1;
    this.#trigger = who.trigger;
  }

  #turn(to: 'thrown' | 'drawn', done: (error?: number) => void): void {
    if (this.#bolt() === to) this.#show(to === 'thrown' ? lockStates.locking : lockStates.unlocking);
    this.#options.door.driveBolt(to, 'motor', (isThere) => {
      this.#overlay = undefined;
      done(isThere ? undefined : errors.motorBlocked);
    });
  }

  #unlatch(done: (error?: number) => void) {
    const { door, clock, latchMs, advanced } = this.#options;
    this.#show(lockStates.unlatching);
    const pull = (): void => {
      door.pullLatch(true);
      clock.after(latchMs, () => {
        this.#show(lockStates.unlatched);
        clock.after(advanced.unlatchMs, () => {
          door.pullLatch(false);
          this.#overlay = undefined;
          done();
        });
      });
    };
    if (this.#bolt() === 'drawn') return pull();
    door.driveBolt('drawn', 'motor', (isThere) => {
      if (isThere) return pull();
      this.#overlay = undefined;
      done(errors.motorBlocked);
    });
  }

  #lockSoon(who: Who, end: (error?: number) => void, error?: number): void {
    const { clock, advanced } = this.#options;
    if (error === undefined) {
      this.#overlay = lockStates.unlockedLockNGo;
      this.#lockNGoEndsMs = clock.monotonic() + advanced.lockNGoMs;
    }
    end(error);
    if (error !== undefined) return;
    this.#cancelNext?.();
    this.#cancelNext = clock.after(advanced.lockNGoMs, () => this.act(actions.lock, who));
  }

  #end(action: number, who: Who, progress: Progress, error: number | undefined, completion?: number): void {
    const { clock, onChange, onEnded } = this.#options;
    const result =
      completion ?? (error === undefined ? completions.success : (completionOf[error] ?? completions.other));
    this.#moving = false;
    this.#boltWas = this.#bolt();
    this.#last = { action, trigger: who.trigger, completion: result };
    if (error === errors.motorBlocked) {
      this.#overlay = lockStates.motorBlocked;
      this.#cancelNext = clock.after(blockedMs, () => {
        this.#overlay = undefined;
        onChange();
      });
    }
    onEnded({ ...who, action, completion: result });
    this.#autoLock();
    onChange();
    progress.done(error);
  }

  /** A hand at key or knob shows in the bolt. While the motor runs, its own end tells. */
  #sense(): void {
    const at = this.#bolt();
    if (this.#moving) {
      if (at === 'throwing' || at === 'drawing') this.#options.onChange();
      return;
    }
    if (at !== this.#boltWas) {
      this.#boltWas = at;
      this.#cancelNext?.();
      this.#lockNGoEndsMs = undefined;
      this.#overlay = undefined;
      this.#trigger = triggers.manual;
      if (at === 'thrown' || at === 'drawn') {
        const action = at === 'thrown' ? actions.lock : actions.unlock;
        this.#last = { action, trigger: triggers.manual, completion: completions.success };
        this.#options.onEnded({ trigger: triggers.manual, action, completion: completions.success });
        this.#autoLock();
      }
    }
    this.#options.onChange();
  }

  #autoLock(): void {
    const { clock, advanced } = this.#options;
    if (this.#bolt() !== 'drawn' || this.#overlay !== undefined || advanced.autoLockMs === undefined) return;
    this.#cancelNext = clock.after(advanced.autoLockMs, () => this.act(actions.lock, { trigger: triggers.autoLock }));
  }

  #show(state: number): void {
    this.#overlay = state;
    this.#options.onChange();
  }

  #bolt(): BoltAt {
    return this.#options.door.truth().bolt ?? 'drawn';
  }
}
