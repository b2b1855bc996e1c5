/** The events of all doors of a home in one order. */
import type { Clock } from './clock.ts';
import type { DoorEvent, DoorEventBody } from './door/events.ts';

/** Kept in memory; the oldest give way, the numbering goes on. */
const maxKept = 10_000;

export class EventLog {
  readonly #clock: Clock;
  readonly #kept: DoorEvent[] = [];
  readonly #listeners = new Set<(event: DoorEvent) => void>();
  #n = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(door: string, body: DoorEventBody): void {
    this.#n += 1;
    const event: DoorEvent = { ...body, door, n: this.#n, at: this.#clock.now(), atMs: this.#clock.monotonic() };
    this.#kept.push(event);
    if (this.#kept.length > maxKept) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** @param n  only events with a greater number; 0 for all that are kept */
  after(n: number): DoorEvent[] {
    return this.#kept.filter((event) => event.n > n);
  }

  /** @returns unsubscribe */
  onEvent(listener: (event: DoorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
