/** A door: a leaf that swings, a latch held by a strike, a contact at the frame, a monitor in the strike; a bolt on some. */
import type { Clock } from '../clock.ts';
import type { DoorFault } from '../faults.ts';
import { Bolt, type BoltAt, type BoltMover } from './bolt.ts';
import type { Mover, Tell } from './events.ts';
import { Latch, type LatchAt } from './latch.ts';
import { type Reading, Sensor } from './sensor.ts';

export type LeafAt = 'closed' | 'opening' | 'open' | 'closing';

/** How a door is built: travel times in ms, and what is on it. */
export interface DoorMake {
  readonly leafMs: number;
  readonly latchMs: number;
  /** Given: the door has a bolt, driven by a motor lock. */
  readonly boltMs?: number;
  /** Where the bolt is at first; thrown when nothing is said. */
  readonly boltAt?: 'thrown' | 'drawn';
  /** A handle outside: whoever pushes it down pulls the latch, and only the bolt holds the door. Otherwise there is a knob. */
  readonly handle?: boolean;
}

/** What a person at the door got: it moves, or why it does not. */
export type Moved =
  | { readonly moved: true }
  | { readonly moved: false; readonly because: 'latched' | 'bolted' | 'already-there' };

/** One look at everything that is true at the door, and at what its two sensors say. */
export interface DoorTruth {
  readonly leaf: LeafAt;
  readonly latch: LatchAt;
  readonly energised: boolean;
  /** How often the strike has been energised since the start. */
  readonly strikes: number;
  /** What the contact says: `yes` is closed. */
  readonly contact: Reading;
  /** What the latch monitor says: `yes` is secured. */
  readonly monitor: Reading;
  /** On a door with a bolt; its monitor is secured only while the bolt is thrown. */
  readonly bolt?: BoltAt;
}

export class Door {
  readonly id: string;
  readonly #clock: Clock;
  readonly #make: DoorMake;
  readonly #tell: Tell;
  readonly #latch: Latch;
  readonly #bolt: Bolt | undefined;
  readonly #contact: Sensor;
  readonly #monitor: Sensor;
  readonly #sensed = new Set<() => void>();
  #leaf: LeafAt = 'closed';
  #energised = false;
  #strikes = 0;
  #cancelLeaf: (() => void) | undefined;

  constructor(id: string, clock: Clock, make: DoorMake, tell: Tell) {
    this.id = id;
    this.#clock = clock;
    this.#make = make;
    this.#tell = tell;
    const changed = (): void => this.#changed();
    this.#latch = new Latch(clock, make.latchMs, (at) => {
      tell(id, { on: at === 'home' ? 'latch.home' : 'latch.free' });
      changed();
    });
    if (make.boltMs !== undefined) {
      const moved = (at: BoltAt | 'blocked', by: BoltMover): void => {
        tell(id, { on: `bolt.${at}`, by });
        changed();
      };
      this.#bolt = new Bolt(clock, make.boltMs, moved, make.boltAt);
    }
    this.#contact = new Sensor(clock, () => this.#leaf === 'closed', changed);
    this.#monitor = new Sensor(clock, () => this.#isSecured(), changed);
  }

  truth(): DoorTruth {
    return {
      leaf: this.#leaf,
      latch: this.#latch.at,
      energised: this.#energised,
      strikes: this.#strikes,
      contact: this.#contact.read(),
      monitor: this.#monitor.read(),
      ...(this.#bolt ? { bolt: this.#bolt.at } : {}),
    };
  }

  /** Called whenever a sensor may read otherwise. @returns unsubscribe */
  onSensed(listener: () => void): () => void {
    this.#sensed.add(listener);
    return () => this.#sensed.delete(listener);
  }

  /** The coil of the strike, driven by an output of the peripheral. */
  energise(on: boolean): void {
    if (this.#energised === on) return;
    this.#energised = on;
    if (on) this.#strikes += 1;
    this.#tell(this.id, { on: on ? 'strike.energised' : 'strike.released' });
    this.#latch.pull(on);
    this.#changed();
  }

  /** A motor lock pulls the latch, or lets it return. */
  pullLatch(on: boolean): void {
    this.#latch.pull(on);
    this.#changed();
  }

  /**
   * Drives the bolt, as `Bolt` says.
   * @param done  told once, when it stands still again @returns false when it is moving, or the door has none
   */
  driveBolt(to: 'thrown' | 'drawn', by: BoltMover, done?: (isThere: boolean) => void): boolean {
    return this.#bolt?.drive(to, by, done) ?? false;
  }

  /**
   * Someone pulls. A `hand` opens only what bolt and latch have let go, or with a handle the bolt alone; `key` and `force` open
   * always, a key by drawing the bolt.
   */
  openLeaf(by: Mover = 'hand'): Moved {
    if (this.#leaf === 'open' || this.#leaf === 'opening') return { moved: false, because: 'already-there' };
    if (by === 'hand' && this.#leaf === 'closed') {
      if (this.#isBolted()) return { moved: false, because: 'bolted' };
      if (!this.#make.handle && this.#latch.at !== 'free') return { moved: false, because: 'latched' };
    }
    if (by === 'key' && this.#isBolted()) this.driveBolt('drawn', 'hand');
    this.#swing('opening', by);
    return { moved: true };
  }

  closeLeaf(): Moved {
    if (this.#leaf === 'closed' || this.#leaf === 'closing') return { moved: false, because: 'already-there' };
    if (this.#isBolted()) return { moved: false, because: 'bolted' };
    this.#swing('closing', 'hand');
    return { moved: true };
  }

  /** Pushes the latch back without any command, for `forMs`; the leaf stays where it is. */
  slipLatch(forMs: number): void {
    this.#tell(this.id, { on: 'latch.slipped' });
    this.#latch.slip(true);
    this.#changed();
    this.#clock.after(forMs, () => {
      this.#latch.slip(false);
      this.#changed();
    });
  }

  /** Sets or mends a fault of `faults.ts`. */
  fault(fault: DoorFault): void {
    this.#tell(this.id, { on: fault.active ? 'fault.set' : 'fault.mended', fault: fault.fault });
    switch (fault.fault) {
      case 'jam':
        this.#latch.jam(fault.active ? fault.at : undefined);
        return;
      case 'bolt-jam':
        this.#bolt?.block(fault.active);
        return;
      case 'contact-stuck':
        this.#contact.set(fault.active ? { is: 'stuck', reading: yesNo(fault.at === 'closed') } : undefined);
        return;
      case 'contact-flapping':
        this.#contact.set(fault.active ? { is: 'flapping', everyMs: fault.everyMs } : undefined);
        return;
      case 'contact-cut':
        this.#contact.set(fault.active ? { is: 'wire-cut' } : undefined);
        return;
      case 'monitor-stuck':
        this.#monitor.set(fault.active ? { is: 'stuck', reading: yesNo(fault.at === 'secured') } : undefined);
        return;
      case 'monitor-cut':
        this.#monitor.set(fault.active ? { is: 'wire-cut' } : undefined);
        return;
    }
  }

  #isBolted(): boolean {
    return this.#bolt !== undefined && this.#bolt.at !== 'drawn';
  }

  #isSecured(): boolean {
    const isThrown = this.#bolt === undefined || this.#bolt.at === 'thrown';
    return this.#leaf === 'closed' && this.#latch.at === 'home' && isThrown;
  }

  #swing(way: 'opening' | 'closing', by: Mover): void {
    this.#cancelLeaf?.();
    this.#leaf = way;
    this.#tell(this.id, { on: `leaf.${way}`, by });
    this.#cancelLeaf = this.#clock.after(this.#make.leafMs, () => {
      this.#cancelLeaf = undefined;
      this.#leaf = way === 'opening' ? 'open' : 'closed';
      this.#tell(this.id, { on: `leaf.${this.#leaf}`, by });
      this.#changed();
    });
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#sensed) listener();
  }
}

const yesNo = (is: boolean): 'yes' | 'no' => (is ? 'yes' : 'no');
