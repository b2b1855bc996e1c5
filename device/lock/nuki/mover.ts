/** The lock of one door, whether or not it is paired: a driver of its own for each pairing, and one row of reports. */
import { Fault } from '../../../wire/faults.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LockAdministration } from '../administration.ts';
import type { Mover } from '../installed.ts';
import type { DoorReport, Lock, LockCapabilities, LockHealth } from '../lock.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Credentials } from './credentials.ts';
import type { NukiLock } from './driver.ts';

export interface NukiMoverOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  readonly doorSensor: boolean;
  readonly pullsLatch: boolean;
  /** A driver, not started. */
  readonly make: (credentials: Credentials) => NukiLock;
}

/** A command waits for the motion: see the driver. A connection that has to be made first takes up to 5 s. */
const patience = { expiresInMs: 8_000, driveMs: 35_000, lookMs: 8_000 };

/** Between two questions while somebody is at the door: shorter than the driver keeps a connection. */
const attendMs = 2_500;

const away = { bolt: 'unavailable', contact: 'unavailable' } as const;

export class NukiMover implements Mover {
  readonly capabilities: LockCapabilities;
  readonly patience = patience;
  readonly #options: NukiMoverOptions;
  readonly #listeners = new Set<(report: DoorReport) => void>();
  #driver: NukiLock | undefined;
  #unlisten: () => void = () => undefined;
  #last: DoorReport | undefined;
  #isRunning = false;
  #driving = 0;
  /** How many attend, and what ends their questions. */
  #attending = 0;
  #cancelQuestion: () => void = () => undefined;

  constructor(options: NukiMoverOptions) {
    this.#options = options;
    this.capabilities = capabilitiesOf(options);
  }

  /** Ends the driver of before, and begins one with these credentials; without any the lock is out of reach. */
  async use(credentials: Credentials | undefined): Promise<void> {
    this.#unlisten();
    await this.#lock?.close();
    this.#driver = credentials && this.#options.make(credentials);
    this.#unlisten = this.#lock?.onReport((report) => this.#report(report)) ?? (() => undefined);
    if (!this.#isRunning) return;
    if (this.#lock === undefined) this.#report(away);
    await this.#lock?.start();
  }

  async start(): Promise<void> {
    this.#isRunning = true;
    await this.#lock?.start();
  }

  async close(): Promise<void> {
    this.#isRunning = false;
    this.#cancelQuestion();
    this.#unlisten();
    await this.#lock?.close();
  }

  lock(): Promise<void> {
    return this.#paired((lock) => lock.lock());
  }

  unlock(options: Parameters<Lock['unlock']>[0]): Promise<void> {
    return this.#paired((lock) => lock.unlock(options));
  }

  open(options: Parameters<Lock['open']>[0]): Promise<void> {
    return this.#paired((lock) => lock.open(options));
  }

  async state(): Promise<DoorReport> {
    const lock = this.#lock;
    const before = this.#last;
    await lock?.state();
    // Its report has come through the listener, unless it is this lock no more.
    const isTold = lock !== undefined && lock === this.#lock && this.#last !== before;
    return isTold && this.#last !== undefined ? this.#last : this.#report(away);
  }

  last(): DoorReport | undefined {
    return this.#last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks so often that the connection stays: what changes is told at once, and a loss is noticed. */
  attend(): () => void {
    this.#attending += 1;
    if (this.#attending === 1) this.#question();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#attending -= 1;
      if (this.#attending === 0) this.#cancelQuestion();
    };
  }

  health(): LockHealth {
    return this.#lock?.health() ?? { reachable: false, fault: 'NUKI_NOT_PAIRED' };
  }

  /** What the owner may have done there, whichever driver runs. Its methods throw NUKI_NOT_PAIRED while none does. */
  readonly administration: LockAdministration = {
    codes: async () => this.#administered().codes(),
    addCode: async (asked) => this.#administered().addCode(asked),
    removeCode: async (id) => this.#administered().removeCode(id),
    users: async () => this.#administered().users(),
    addUser: async (asked) => this.#administered().addUser(asked),
    removeUser: async (id) => this.#administered().removeUser(id),
  };

  /** Removes the hub from the lock, where that can be done. */
  async unpair(): Promise<'removed' | 'left-in-lock'> {
    return (await this.#driver?.unpair()) ?? 'left-in-lock';
  }

  get #lock(): Lock | undefined {
    return this.#driver?.lock;
  }

  #administered(): LockAdministration {
    if (this.#driver === undefined) throw new Fault('NUKI_NOT_PAIRED');
    return this.#driver.administration;
  }

  async #paired(act: (lock: Lock) => Promise<void>): Promise<void> {
    if (this.#lock === undefined) throw new Fault('NUKI_NOT_PAIRED');
    this.#driving += 1;
    try {
      await act(this.#lock);
    } finally {
      this.#driving -= 1;
    }
  }

  #question(): void {
    // A question behind a motion would wait for its end, and count as unanswered.
    if (this.#driving === 0 && this.#isRunning) void this.#lock?.state();
    this.#cancelQuestion = this.#options.clock.after(attendMs, () => this.#question());
  }

  /** Numbered anew: drivers come and go, the row of reports goes on. */
  #report({ bolt, contact }: Pick<DoorReport, 'bolt' | 'contact'>): DoorReport {
    const seq = (this.#last?.seq ?? 0) + 1;
    const report = { seq, atMs: this.#options.clock.monotonic(), bolt, contact };
    this.#last = report;
    for (const listener of this.#listeners) listener(report);
    return report;
  }
}
