/** A garage door with its operator: one push-button input that toggles, travel that takes its time, an edge that feels what is below it. */
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { type Reading, Sensor } from './sensor.ts';

const active = v.optional(v.boolean(), true);

/** Faults of a barrier. `active: false` mends it. */
export const barrierFaultSchema = v.variant('fault', [
  /** Something stands below it: coming down it stops half-way, and goes up again where the edge feels it. */
  v.strictObject({ fault: v.literal('obstructed'), active }),
  /** It stops half-way, in either direction, and stays there. */
  v.strictObject({ fault: v.literal('halts'), active }),
  /** The operator has no power: pulses do nothing. */
  v.strictObject({ fault: v.literal('dead'), active }),
  /** It begins to move `ms` after the pulse. */
  v.strictObject({
    fault: v.literal('slow-start'),
    active,
    ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60_000)), 5_000),
  }),
  v.strictObject({
    fault: v.literal('contact-stuck'),
    active,
    at: v.optional(v.picklist(['closed', 'open']), 'closed'),
  }),
  v.strictObject({ fault: v.literal('contact-cut'), active }),
]);
export type BarrierFault = v.InferOutput<typeof barrierFaultSchema>;
/** As asked for: what has a default may be left out. */
export type BarrierFaultAsked = v.InferInput<typeof barrierFaultSchema>;

export interface BarrierTruth {
  /** 0 closed .. 1 open. */
  readonly height: number;
  readonly moves: 'up' | 'down' | 'no';
  /** Pulses of the push-button input since the start; those of the close input. */
  readonly pulses: number;
  readonly closes: number;
  /** How often it came down on something that stood below it. */
  readonly hits: number;
  /** What the contact says: `yes` is closed. */
  readonly contact: Reading;
}

export interface BarrierTimes {
  /** From closed to open, ms. */
  readonly travelMs: number;
  /** The edge feels an obstruction and sends it up again. */
  readonly feels: boolean;
}

type Way = 'up' | 'down';
const halfWay = 0.5;

export class Barrier {
  readonly id: string;
  readonly #clock: Clock;
  readonly #times: BarrierTimes;
  readonly #contact: Sensor;
  readonly #sensed = new Set<() => void>();
  readonly #faults = new Map<BarrierFault['fault'], BarrierFault>();
  #from = 0;
  #sinceMs = 0;
  #way: Way | undefined;
  #lastWay: Way = 'down';
  #cancel: () => void = () => undefined;
  #pulses = 0;
  #closes = 0;
  #hits = 0;

  constructor(id: string, clock: Clock, times: BarrierTimes) {
    this.id = id;
    this.#clock = clock;
    this.#times = times;
    this.#contact = new Sensor(
      clock,
      () => this.#height() === 0,
      () => this.#changed(),
    );
  }

  truth(): BarrierTruth {
    return {
      height: this.#height(),
      moves: this.#way ?? 'no',
      pulses: this.#pulses,
      closes: this.#closes,
      hits: this.#hits,
      contact: this.#contact.read(),
    };
  }

  /** Called whenever its contact may read otherwise. @returns unsubscribe */
  onSensed(listener: () => void): () => void {
    this.#sensed.add(listener);
    return () => this.#sensed.delete(listener);
  }

  /** The push-button terminals close: opens what is closed, closes what is open, stops what moves, and goes back from where it was stopped. */
  pulse(): void {
    this.#pulses += 1;
    this.#toggle();
  }

  /** Somebody of the household presses the button on the wall, or a hand-held remote. */
  press(): void {
    this.#toggle();
  }

  /** The close input: down from wherever it is. */
  close(): void {
    this.#closes += 1;
    if (this.#height() > 0 && !this.#faults.has('dead')) this.#go('down');
  }

  /** Sets or mends a fault of `barrierFaultSchema`. */
  fault(fault: BarrierFault): void {
    if (fault.active) this.#faults.set(fault.fault, fault);
    else this.#faults.delete(fault.fault);
    const stuck = this.#faults.get('contact-stuck');
    if (this.#faults.has('contact-cut')) this.#contact.set({ is: 'wire-cut' });
    else if (stuck?.fault === 'contact-stuck')
      this.#contact.set({ is: 'stuck', reading: stuck.at === 'closed' ? 'yes' : 'no' });
    else this.#contact.set(undefined);
  }

  #toggle(): void {
    if (this.#faults.has('dead')) return;
    const slow = this.#faults.get('slow-start');
    if (slow?.fault === 'slow-start') this.#clock.after(slow.ms, () => this.#begin());
    else this.#begin();
  }

  #begin(): void {
    const height = this.#height();
    if (this.#way !== undefined) this.#halt();
    else if (height === 0) this.#go('up');
    else if (height === 1) this.#go('down');
    else this.#go(this.#lastWay === 'up' ? 'down' : 'up');
  }

  #go(way: Way): void {
    const from = this.#height();
    this.#cancel();
    this.#from = from;
    this.#sinceMs = this.#clock.monotonic();
    this.#way = way;
    this.#lastWay = way;
    const target = this.#target(from, way);
    this.#cancel = this.#clock.after(Math.abs(target - from) * this.#times.travelMs, () => this.#arrive(target, way));
    this.#changed();
  }

  /** Where this travel ends. */
  #target(from: number, way: Way): number {
    const isStopped = way === 'down' ? from > halfWay && this.#faults.has('obstructed') : false;
    const crosses = way === 'down' ? from > halfWay : from < halfWay;
    if (isStopped || (crosses && this.#faults.has('halts'))) return halfWay;
    return way === 'up' ? 1 : 0;
  }

  #arrive(at: number, way: Way): void {
    this.#from = at;
    this.#way = undefined;
    if (at === halfWay && way === 'down' && this.#faults.has('obstructed')) {
      this.#hits += 1;
      if (this.#times.feels) this.#go('up');
    }
    this.#changed();
  }

  #halt(): void {
    this.#from = this.#height();
    this.#cancel();
    this.#way = undefined;
    this.#changed();
  }

  #height(): number {
    if (this.#way === undefined) return this.#from;
    const gone = (this.#clock.monotonic() - this.#sinceMs) / this.#times.travelMs;
    return this.#way === 'up' ? Math.min(1, this.#from + gone) : Math.max(0, this.#from - gone);
  }

  #changed(): void {
    for (const listener of this.#sensed) listener();
  }
}
