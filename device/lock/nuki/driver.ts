/** A Nuki smart lock as a `Lock`: woken only when there is a reason. */

import { Fault } from '../../../wire/faults.ts';
import type { LockAdministration } from '../administration.ts';
import type { DoorReport, Lock, LockCapabilities, LockHealth } from '../lock.ts';
import { act } from './act.ts';
import { administer } from './administer.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type Action, action, command } from './command.ts';
import { ClockDrift } from './drift.ts';
import { given } from './fields.ts';
import { Guarded } from './guarded.ts';
import { LogReader } from './log-reader.ts';
import type { NukiEvent, NukiLockOptions } from './options.ts';
import { Pin } from './pin.ts';
import { Profile } from './profile.ts';
import { ReportBook } from './report-book.ts';
import { NukiSession } from './session.ts';
import { boltOf, contactOf, isMoving, type States } from './states.ts';
import { defaultTiming, type NukiTiming } from './timing.ts';
import { type Unpaired, unpair } from './unpair.ts';
import { eventsBetween, isNews, vitalsOf } from './vitals.ts';
import { Wake } from './wake.ts';
import { Watch } from './watch.ts';

const longestWaitMs = 10_000;

class NukiDriver implements Lock {
  readonly capabilities: LockCapabilities;
  readonly administration: LockAdministration;
  readonly #options: NukiLockOptions;
  readonly #timing: NukiTiming;
  readonly #session: NukiSession;
  readonly #guarded: Guarded;
  readonly #book: ReportBook;
  readonly #wake: Wake;
  readonly #watch: Watch;
  readonly #drift: ClockDrift;
  readonly #profile: Profile;
  readonly #log: LogReader | undefined;
  #states: States | undefined;
  #isRunning = false;
  #isTending = false;

  constructor(options: NukiLockOptions) {
    this.#options = options;
    const { adapter, address, credentials, clock, randomBytes, now, log: taker } = options;
    const onEvent = (event: NukiEvent): void => {
      if (this.#isRunning) options.onEvent(event);
    };
    const timing = { ...defaultTiming, ...options.timing };
    this.#timing = timing;
    this.capabilities = capabilitiesOf(options);
    const session = new NukiSession({
      ...{ link: adapter.link(address), credentials, clock, randomBytes, timing },
      onStates: (states) => this.#onStates(states),
      onDropped: (code) => onEvent({ on: 'frame.dropped', code }),
    });
    const wake = new Wake({ clock, lingerMs: timing.lingerMs, rest: () => session.rest() });
    const pin = new Pin(credentials, (code) => onEvent({ on: 'pin.refused', code }));
    const guarded = new Guarded({ session, clock, timing, pin, awake: (run) => wake.run(run) });
    const profile = new Profile({ guarded, clock, timing });
    this.#drift = new ClockDrift({
      ...{ guarded, pin, clock, now },
      onDrift: (driftMs, corrected) => onEvent({ on: 'clock.drifted', corrected, ...given('driftMs', driftMs) }),
    });
    this.#log = taker && new LogReader({ guarded, pin, taker, onEvent });
    this.administration = administer({
      ...{ guarded, pin, randomBytes, authorizationId: credentials.authorizationId },
      hasKeypad: () => profile.hasKeypad(),
    });
    this.#book = new ReportBook(() => clock.monotonic());
    this.#watch = new Watch({
      ...{ adapter, address, clock, timing, isBusy: () => wake.isBusy },
      ask: () => wake.run(() => session.exchange('question', () => session.request(command.states))).then(() => {}),
      onFlag: () => this.#log?.want(),
      onAway: (code, isNews) => {
        if (isNews) onEvent({ on: 'offline', code });
        this.#book.write('unavailable', 'unavailable', false);
      },
      onBack: () => onEvent({ on: 'online' }),
    });
    this.#session = session;
    this.#guarded = guarded;
    this.#wake = wake;
    this.#profile = profile;
  }

  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#book.open(true);
    this.#wake.start();
    this.#watch.start();
  }

  async close(): Promise<void> {
    this.#isRunning = false;
    this.#book.open(false);
    this.#watch.stop();
    this.#wake.stop();
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
      this.#watch.ask().then((answered) => {
        cancel();
        resolve(answered);
      });
    });
    const { last } = this.#book;
    if (isFresh && last !== undefined) return this.#book.write(last.bolt, last.contact, true);
    return this.#book.write('unavailable', 'unavailable', true);
  }

  last(): DoorReport | undefined {
    return this.#book.last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
    return this.#book.onReport(listener);
  }

  health(): LockHealth {
    const { fault } = this.#watch;
    return {
      reachable: fault === undefined,
      ...given('fault', fault),
      ...(this.#states && vitalsOf(this.#states)),
      ...given('identity', this.#profile.identity(this.#states)),
    };
  }

  unpair(): Promise<Unpaired> {
    return unpair(this.#guarded, this.#options.credentials);
  }

  async #drive(wanted: Action, expiresInMs: number, how: { looksFirst: boolean; mayRepeat: boolean }): Promise<void> {
    const { clock, credentials } = this.#options;
    const notAfterMs = clock.monotonic() + expiresInMs;
    const one = { session: this.#session, clock, timing: this.#timing, appId: credentials.appId };
    await this.#wake.run(() => act({ ...one, action: wanted, notAfterMs, ...how }));
  }

  #onStates(states: States): void {
    if (!this.#isRunning) return;
    const before = this.#states;
    this.#states = states;
    const { onEvent, doorSensor } = this.#options;
    this.#watch.heard(states);
    for (const event of eventsBetween(before, states, doorSensor)) onEvent(event);
    this.#book.write(boltOf(states), doorSensor ? contactOf(states) : 'unknown', false);
    if (isNews(before, states)) this.#log?.want();
    if (!isMoving(states)) void this.#tend(states);
  }

  /** What can wait, while the lock is awake anyhow: its clock, its configuration, its log. */
  async #tend(states: States): Promise<void> {
    if (this.#isTending) return;
    this.#isTending = true;
    try {
      await this.#drift.check(states.time);
      await this.#profile.refresh(states);
      await this.#log?.read();
    } finally {
      this.#isTending = false;
    }
  }
}

function checked(expiresInMs: number): number {
  if (!(expiresInMs <= longestWaitMs)) throw new Fault('LOCK_REFUSED', { expiresInMs });
  if (expiresInMs < 1) throw new Fault('LOCK_COMMAND_EXPIRED');
  return expiresInMs;
}

/** One lock, and what an owner may have done at it. */
export interface NukiLock {
  /**
   * Of kind `bolt` over Bluetooth LE: connects when there is something to ask or to do, and lets go of the lock a little later.
   *
   * - `lock` looks first and leaves a locked bolt alone; it is sent once more only when the lock says, at rest, that it is not locked.
   * - `unlock` and `open` are sent once. When the answer is lost the lock is asked what became of it; LOCK_SILENT when that proves nothing.
   * - Commands resolve at the end of the motion, proven by a report: allow 20 s. How long `open` holds the latch is a setting of the lock.
   * - A bolt that moves, or was locked without its handle lifted, is `unknown`; a blocked one `jammed`; a sensor taken off `unknown`.
   */
  readonly lock: Lock;
  /** While `lock` is started. A command of `lock` waits for one exchange of it at most, never for a whole list. */
  readonly administration: LockAdministration;
  /** As `unpair` of this folder, over the driver's own conversation; the lock is to be closed afterwards. */
  unpair(): Promise<Unpaired>;
}

/** Both speak over one connection, one exchange at a time; a PIN that the lock refuses is not said again by either. */
export function nukiLock(options: NukiLockOptions): NukiLock {
  const driver = new NukiDriver(options);
  return { lock: driver, administration: driver.administration, unpair: () => driver.unpair() };
}
