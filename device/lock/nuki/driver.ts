/** A Nuki smart lock as a `Lock`: woken only when there is a reason. */
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { BoltState, ContactState, DoorReport, Lock, LockCapabilities, LockHealth } from '../lock.ts';
import { act } from './act.ts';
import { asked, nothingAsked, readAdvert, whetherToAsk } from './advert.ts';
import { type Action, action, command } from './command.ts';
import { ClockDrift } from './drift.ts';
import { meaningOf } from './error-report.ts';
import type { NukiLockOptions } from './options.ts';
import { NukiSession, Reported } from './session.ts';
import { boltOf, contactOf, isMoving, type States } from './states.ts';
import { defaultTiming, type NukiTiming } from './timing.ts';

const longestWaitMs = 10_000;
/** Looks in a row at a motor that does not come to rest. */
const mostFollowUps = 5;
/** Questions in vain before the lock counts as away. */
const mostInVain = 2;

class NukiLock implements Lock {
  readonly capabilities: LockCapabilities;
  readonly #options: NukiLockOptions;
  readonly #timing: NukiTiming;
  readonly #session: NukiSession;
  readonly #listeners = new Set<(report: DoorReport) => void>();
  #last: DoorReport | undefined;
  #states: States | undefined;
  #fault: FaultCode | undefined = 'LOCK_UNAVAILABLE';
  #isRunning = false;
  #stops: (() => void)[] = [];
  #cancelTick: () => void = () => undefined;
  #cancelLinger: () => void = () => undefined;
  #cancelFollowUp: () => void = () => undefined;
  #memory = nothingAsked;
  #heardAtMs = 0;
  #asking: Promise<boolean> | undefined;
  #inVain = 0;
  #retryAtMs = 0;
  #followUps = 0;
  #busy = 0;
  readonly #drift: ClockDrift;

  constructor(options: NukiLockOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.capabilities = {
      kind: 'bolt',
      lock: true,
      unlock: true,
      open: options.pullsLatch,
      seesBolt: true,
      seesDoor: options.doorSensor,
      battery: true,
    };
    const { adapter, address, credentials, clock, randomBytes } = options;
    const link = adapter.link(address);
    this.#session = new NukiSession({
      ...{ link, credentials, clock, randomBytes, timing: this.#timing },
      onStates: (states) => this.#onStates(states),
      onDropped: (code) => options.onEvent({ on: 'frame.dropped', code }),
    });
    const { now, onEvent } = options;
    this.#drift = new ClockDrift({
      ...{ session: this.#session, clock, credentials, now },
      onDrift: (driftMs, corrected) =>
        onEvent({ on: 'clock.drifted', corrected, ...(driftMs === undefined ? {} : { driftMs }) }),
    });
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { adapter, address, clock } = this.#options;
    this.#heardAtMs = clock.monotonic();
    const unlisten = adapter.listen((advert) => {
      if (advert.address.toLowerCase() === address.toLowerCase()) this.#onAdvert(advert);
    });
    const unstate = adapter.onState((state) => {
      if (state !== 'ready') this.#away(state);
      else this.#askSoon();
    });
    this.#stops = [unlisten, unstate];
    this.#tick();
    this.#askSoon();
  }

  async close(): Promise<void> {
    this.#isRunning = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#cancelTick();
    this.#cancelLinger();
    this.#cancelFollowUp();
    await this.#session.close();
  }

  async lock(): Promise<void> {
    const { lockMs } = this.#timing;
    await this.#drive(action.lock, lockMs, { looksFirst: true, mayRepeat: true });
  }

  async unlock({ expiresInMs }: { readonly expiresInMs: number }): Promise<void> {
    await this.#drive(action.unlock, checked(expiresInMs), { looksFirst: false, mayRepeat: false });
  }

  async open({ forMs, expiresInMs }: { readonly forMs: number; readonly expiresInMs: number }): Promise<void> {
    if (!this.capabilities.open) throw new Fault('LOCK_CAPABILITY_MISSING', { capability: 'open' });
    if (!(forMs > 0 && Number.isFinite(forMs))) throw new Fault('LOCK_REFUSED', { forMs });
    await this.#drive(action.unlatch, checked(expiresInMs), { looksFirst: false, mayRepeat: false });
  }

  async state(): Promise<DoorReport> {
    const { clock } = this.#options;
    const isFresh = await new Promise<boolean>((resolve) => {
      if (!this.#isRunning) return resolve(false);
      const cancel = clock.after(this.#timing.stateMs, () => resolve(false));
      this.#ask().then((answered) => {
        cancel();
        resolve(answered);
      });
    });
    const last = this.#last;
    if (isFresh && last !== undefined) return this.#report(last.bolt, last.contact, true);
    return this.#report('unavailable', 'unavailable', true);
  }

  last(): DoorReport | undefined {
    return this.#last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): LockHealth {
    const states = this.#states;
    return {
      reachable: this.#fault === undefined,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
      ...(states === undefined ? {} : { batteryPercent: states.battery.percent }),
      ...(states?.sensor === undefined ? {} : { tampered: states.sensor === 'tampered' }),
    };
  }

  async #drive(wanted: Action, expiresInMs: number, how: { looksFirst: boolean; mayRepeat: boolean }): Promise<void> {
    if (!this.#isRunning) throw new Fault('LOCK_UNAVAILABLE');
    const { clock, credentials } = this.#options;
    const notAfterMs = clock.monotonic() + expiresInMs;
    const one = { session: this.#session, clock, timing: this.#timing, appId: credentials.appId };
    await this.#awake(() => act({ ...one, action: wanted, notAfterMs, ...how }));
  }

  /** Keeps the connection while `run` runs, and for a while after the last. */
  async #awake<T>(run: () => Promise<T>): Promise<T> {
    this.#cancelLinger();
    this.#busy += 1;
    try {
      return await run();
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0 && this.#isRunning) {
        const rest = (): void => void this.#session.rest();
        this.#cancelLinger = this.#options.clock.after(this.#timing.lingerMs, rest);
      }
    }
  }

  /** Asks for the states. @returns whether they came */
  async #ask(): Promise<boolean> {
    const { clock } = this.#options;
    this.#memory = asked(this.#memory, clock.monotonic());
    try {
      await this.#awake(() => this.#session.exchange(() => this.#session.request(command.states)));
      this.#inVain = 0;
      return true;
    } catch (cause) {
      this.#inVain += 1;
      const restMs = Math.min(this.#timing.pollMs, this.#timing.retryMs * 2 ** (this.#inVain - 1));
      this.#retryAtMs = clock.monotonic() + restMs;
      if (this.#inVain >= mostInVain) this.#away(codeOf(cause));
      return false;
    }
  }

  /** Unless a question is out. */
  #askSoon(): void {
    if (!this.#isRunning || this.#asking !== undefined) return;
    this.#asking = this.#ask().finally(() => {
      this.#asking = undefined;
    });
    void this.#asking.then(async (answered) => {
      if (answered && this.#states !== undefined) await this.#drift.check(this.#states.time);
    });
  }

  #onAdvert(advert: Parameters<typeof readAdvert>[0]): void {
    const said = readAdvert(advert);
    if (said === undefined) return;
    const nowMs = this.#options.clock.monotonic();
    this.#heardAtMs = nowMs;
    const { ask, memory } = whetherToAsk(said, this.#memory, nowMs, this.#timing);
    this.#memory = memory;
    const isBack = this.#fault !== undefined && nowMs >= this.#retryAtMs;
    if (ask || isBack) this.#askSoon();
  }

  #tick(): void {
    const { clock } = this.#options;
    const { awayMs, pollMs } = this.#timing;
    this.#cancelTick = clock.after(Math.min(1_000, awayMs / 4), () => {
      const nowMs = clock.monotonic();
      const silentMs = nowMs - Math.max(this.#heardAtMs, this.#last?.atMs ?? 0);
      if (this.#fault === undefined && this.#busy === 0 && silentMs >= awayMs) this.#away('LOCK_UNAVAILABLE');
      const isDue = nowMs - (this.#memory.askedAtMs ?? 0) >= pollMs || (this.#inVain > 0 && nowMs >= this.#retryAtMs);
      if (isDue) this.#askSoon();
      this.#tick();
    });
  }

  #onStates(states: States): void {
    if (!this.#isRunning) return;
    const before = this.#states;
    this.#states = states;
    const { onEvent } = this.#options;
    if (this.#fault !== undefined) onEvent({ on: 'online' });
    this.#fault = undefined;
    const isTampered = states.sensor === 'tampered';
    if (isTampered !== (before?.sensor === 'tampered')) onEvent({ on: 'tamper', tampered: isTampered });
    this.#report(boltOf(states), this.#options.doorSensor ? contactOf(states) : 'unknown', false);
    this.#followUp(states);
  }

  /** What does not last is looked at again: such states stick where nobody asks. */
  #followUp(states: States): void {
    this.#cancelFollowUp();
    const isPassing = isMoving(states) || states.motor === 'blocked' || states.motor === 'unlocked-lock-and-go';
    this.#followUps = isPassing ? this.#followUps + 1 : 0;
    if (!isPassing || this.#followUps > mostFollowUps) return;
    const waitMs = states.motor === 'unlocked-lock-and-go' ? states.lockAndGoS * 1_000 : 0;
    this.#cancelFollowUp = this.#options.clock.after(this.#timing.againMs + waitMs, () => this.#askSoon());
  }

  #away(code: FaultCode): void {
    if (this.#fault === undefined) this.#options.onEvent({ on: 'offline', code });
    this.#fault = code;
    if (this.#isRunning) this.#report('unavailable', 'unavailable', false);
  }

  #report(bolt: BoltState, contact: ContactState, always: boolean): DoorReport {
    const before = this.#last;
    const report = { seq: (before?.seq ?? 0) + 1, atMs: this.#options.clock.monotonic(), bolt, contact };
    if (this.#isRunning) this.#last = report;
    if (always || before?.bolt !== bolt || before.contact !== contact)
      for (const listener of this.#isRunning ? this.#listeners : []) listener(report);
    return report;
  }
}

function checked(expiresInMs: number): number {
  if (!(expiresInMs <= longestWaitMs)) throw new Fault('LOCK_REFUSED', { expiresInMs });
  if (expiresInMs < 1) throw new Fault('LOCK_COMMAND_EXPIRED');
  return expiresInMs;
}

function codeOf(cause: unknown): FaultCode {
  if (cause instanceof Reported) return meaningOf(cause.report.error).code;
  return cause instanceof Fault ? cause.code : 'INTERNAL';
}

/**
 * A `Lock` of kind `bolt` over Bluetooth LE: connects when there is something to ask or to do, and lets go of the lock a little later.
 *
 * - `lock` looks first and leaves a locked bolt alone; it is sent once more only when the lock says, at rest, that it is not locked.
 * - `unlock` and `open` are sent once. When the answer is lost the lock is asked what became of it; LOCK_SILENT when that proves nothing.
 * - Commands resolve at the end of the motion, proven by a report: allow 20 s. How long `open` holds the latch is a setting of the lock.
 * - A bolt that moves, or was locked without its handle lifted, is `unknown`; a blocked one `jammed`; a sensor taken off `unknown`.
 */
export const nukiLock = (options: NukiLockOptions): Lock => new NukiLock(options);
