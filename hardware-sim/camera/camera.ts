/** A camera of a home: what stands before it, what is wrong with it. The picture itself is drawn where it is wanted. */
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { Door } from '../door/door.ts';
import type { Light } from '../door/light.ts';
import type { EventLog } from '../event-log.ts';
import type { CameraFault } from '../faults.ts';
import { type CourierAt, leafOpen, type ParcelAt, type Told, walkMs } from './view.ts';

/** Moves people: whoever is told `coming` is `here` after the walk, whoever is `leaving` is `away`. */
export const sceneSchema = v.strictObject({
  courier: v.optional(v.picklist(['away', 'coming', 'here', 'leaving'])),
  /** `true`: put down, in the hall where the door is open, else on the mat. `false`: taken away. */
  parcel: v.optional(v.boolean()),
});
export type SceneAsked = v.InferInput<typeof sceneSchema>;

export interface CameraOptions {
  readonly id: string;
  readonly door: Door;
  /** Beside the door; without one the strike lights by itself. */
  readonly light?: Light;
  readonly leafMs: number;
  readonly startMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly events: EventLog;
}

export class SimCamera {
  readonly id: string;
  readonly #options: CameraOptions;
  readonly #faults = new Map<CameraFault['fault'], CameraFault>();
  readonly #listeners = new Set<() => void>();
  #leaf: { at: Told['leaf']['at']; from: number; sinceMs: number };
  #courier: { at: CourierAt; sinceMs: number };
  #parcel: { at: ParcelAt; sinceMs: number };
  #cancelWalk: (() => void) | undefined;

  constructor(options: CameraOptions) {
    this.id = options.id;
    this.#options = options;
    const sinceMs = options.clock.monotonic();
    this.#leaf = { at: options.door.truth().leaf, from: 0, sinceMs };
    this.#courier = { at: 'away', sinceMs };
    this.#parcel = { at: 'none', sinceMs };
    options.events.onEvent((event) => {
      if (event.door === options.door.id) this.#doorMoved();
    });
    options.light?.onLight(() => this.#changed());
  }

  /** How things are now. */
  told(): Told {
    const { id, door, startMs, seed } = this.#options;
    return {
      id,
      door: door.id,
      seed,
      startMs,
      leaf: this.#leafNow(),
      led: this.#led(),
      courier: { at: this.#courier.at, forMs: this.#since(this.#courier.sinceMs) },
      parcel: { at: this.#parcel.at, forMs: this.#since(this.#parcel.sinceMs) },
      faults: [...this.#faults.values()],
    };
  }

  /** Called whenever `told` would say something that time alone does not explain. @returns unsubscribe */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  move({ courier, parcel }: SceneAsked): void {
    const sinceMs = this.#options.clock.monotonic();
    if (parcel !== undefined) {
      const where = this.#options.door.truth().leaf === 'closed' ? 'mat' : 'inside';
      this.#parcel = { at: parcel ? where : 'none', sinceMs };
    }
    if (courier !== undefined) this.#walk(courier);
    this.#changed();
  }

  /** Sets or mends a fault of `faults.ts`. */
  fault(fault: CameraFault): void {
    if (fault.active) this.#faults.set(fault.fault, fault);
    else this.#faults.delete(fault.fault);
    this.#changed();
  }

  #walk(at: CourierAt): void {
    this.#cancelWalk?.();
    this.#courier = { at, sinceMs: this.#options.clock.monotonic() };
    if (at !== 'coming' && at !== 'leaving') return;
    this.#cancelWalk = this.#options.clock.after(walkMs, () => {
      this.#walk(at === 'coming' ? 'here' : 'away');
      this.#changed();
    });
  }

  #doorMoved(): void {
    const { at } = this.#leaf;
    const next = this.#options.door.truth().leaf;
    if (next !== at) {
      const from = leafOpen(this.#leafNow(), 0);
      this.#leaf = { at: next, from, sinceMs: this.#options.clock.monotonic() };
    }
    this.#changed();
  }

  #leafNow(): Told['leaf'] {
    const { at, from, sinceMs } = this.#leaf;
    return { at, from, forMs: this.#since(sinceMs), travelMs: this.#options.leafMs };
  }

  #led(): Told['led'] {
    if (this.#options.light !== undefined) return this.#options.light.shown();
    const { leaf, latch, energised } = this.#options.door.truth();
    if (leaf !== 'closed') return 'open';
    return energised || latch !== 'home' ? 'released' : 'locked';
  }

  #since(ms: number): number {
    return this.#options.clock.monotonic() - ms;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
