/** A door with a lock in memory: leaf, contact, bolt or strike, and what can be wrong with them. The far end of `Lock` for these tests. */
import type {
  BoltState,
  ContactState,
  DoorReport,
  Lock,
  LockCapabilities,
  LockHealth,
} from '../../../device/lock/lock.ts';
import { Fault, type FaultCode } from '../../../wire/faults.ts';
import type { WoundClock } from './wound-clock.ts';

export class ScriptedDoor implements Lock {
  readonly capabilities: LockCapabilities;
  /** Every command that reached the lock. */
  readonly commands: ('lock' | 'unlock' | 'open')[] = [];
  /** The bolt does not follow commands. */
  isStuck = false;
  /** Reports `jammed` when it is told to lock. */
  isJammed = false;
  /** The contact shows this whatever the leaf does. */
  contactShows: ContactState | undefined;
  /** Nothing is answered: commands and looks fail with this, or hang. */
  trouble: FaultCode | 'hangs' | undefined;
  /** Commands are carried out, and their answers are lost. */
  dropsAcks = false;
  bolt: BoltState = 'locked';
  isLeafOpen = false;
  #seq = 0;
  #last: DoorReport | undefined;
  readonly #listeners = new Set<(report: DoorReport) => void>();
  readonly #clock: WoundClock;
  #endPulse: () => void = () => undefined;

  constructor(clock: WoundClock, kind: 'latch' | 'bolt' = 'latch', sees: { bolt?: boolean; door?: boolean } = {}) {
    this.#clock = clock;
    const isLatch = kind === 'latch';
    const { bolt = true, door = true } = sees;
    this.capabilities = {
      kind,
      lock: true,
      unlock: !isLatch,
      open: isLatch,
      seesBolt: bolt,
      seesDoor: door,
      battery: false,
    };
  }

  async start(): Promise<void> {}
  async close(): Promise<void> {}

  async lock(): Promise<void> {
    await this.#reach('lock');
    if (this.isJammed) {
      this.#move('jammed');
      throw new Fault('LOCK_JAMMED');
    }
    this.#endPulse();
    this.#move('locked');
    this.#answer();
  }

  async unlock(_options: { readonly expiresInMs: number }): Promise<void> {
    await this.#reach('unlock');
    this.#move('unlocked');
    this.#answer();
  }

  async open({ forMs }: { readonly forMs: number; readonly expiresInMs: number }): Promise<void> {
    await this.#reach('open');
    this.#move('unlocked');
    this.#endPulse = this.#clock.after(forMs, () => this.#move('locked'));
    this.#answer();
  }

  async state(): Promise<DoorReport> {
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    return this.#report(true);
  }

  last(): DoorReport | undefined {
    return this.#last;
  }

  onReport(listener: (report: DoorReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  health(): LockHealth {
    return { reachable: this.trouble === undefined };
  }

  /** Somebody moves the leaf. */
  leaf(isOpen: boolean): void {
    this.isLeafOpen = isOpen;
    this.#report(false);
  }

  /** Somebody moves the bolt by hand. */
  turn(bolt: BoltState): void {
    this.bolt = bolt;
    this.#report(false);
  }

  /** The line is cut, or whole again. */
  cut(trouble: FaultCode | 'hangs' | undefined): void {
    this.trouble = trouble;
    this.#report(false);
  }

  async #reach(command: 'lock' | 'unlock' | 'open'): Promise<void> {
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    if (this.trouble !== undefined) throw new Fault(this.trouble);
    this.commands.push(command);
  }

  #answer(): void {
    if (this.dropsAcks) throw new Fault('LOCK_SILENT');
  }

  #move(bolt: BoltState): void {
    if (!this.isStuck) this.bolt = bolt;
    this.#report(false);
  }

  #report(always: boolean): DoorReport {
    const away = this.trouble !== undefined;
    const { seesBolt, seesDoor } = this.capabilities;
    const contact = this.contactShows ?? (this.isLeafOpen ? 'open' : 'closed');
    const now = {
      bolt: away ? 'unavailable' : seesBolt || this.bolt === 'jammed' ? this.bolt : 'unknown',
      contact: away ? 'unavailable' : seesDoor ? contact : 'unknown',
    } as const;
    const isNew = this.#last?.bolt !== now.bolt || this.#last.contact !== now.contact;
    if (!always && !isNew) return this.#last!;
    const report = { ...now, seq: this.#seq++, atMs: 0 };
    this.#last = report;
    for (const listener of this.#listeners) listener(report);
    return report;
  }
}
