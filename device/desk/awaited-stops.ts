/** The stops that the hub listens for, kept on disk: a hub that was restarted goes on where it was (S061). */
import * as v from 'valibot';
import { Fault } from '../../wire/faults.ts';
import { Count, DoorId, Id, Millis } from '../../wire/shapes.ts';
import type { Clock } from '../clock/clock.ts';
import type { TrustStore } from '../journal/journal.ts';

const Kept = v.strictObject({
  delivery: Id,
  attempt: Count,
  door: DoorId,
  /** What the courier's device alone is shown, to be typed at the keypad. */
  number: v.optional(v.string()),
  /** ms */
  until: Millis,
  /** Keys that are still compared: guessing ends here. */
  keysLeft: Count,
  /** What was told of it already. */
  told: v.picklist(['nothing', 'someone', 'felt', 'heard']),
});
type Kept = v.InferOutput<typeof Kept>;

/** One stop that is listened for. */
export interface AwaitedStop extends Kept {
  /** How many digits of the number the last keys were, for each place in them where it may have begun. */
  begun: readonly number[];
  lastMs: number;
}

export interface AwaitedParts {
  readonly clock: Clock;
  readonly store: Pick<TrustStore, 'document' | 'keepDocument'>;
}

const longestMs = 15 * 60_000;
const maxAtDoor = 8;
/** About ten times the number. */
const maxKeys = 40;
/** After a pause of this length the number begins anew, ms. */
const pauseMs = 10_000;

const nameOf = ({ delivery, attempt }: Pick<Kept, 'delivery' | 'attempt'>): string => `${delivery}/${attempt}`;

/** The disk may fail: then it is forgotten with the next restart, and whoever writes the journal raises the alarm. */
export class AwaitedStops {
  readonly #parts: AwaitedParts;
  readonly #onChange: () => void;
  /** As it was written down last. */
  #written: string | undefined;
  /** In the order in which they were asked for. */
  readonly #stops = new Map<string, { readonly stop: AwaitedStop; readonly cancel: () => void }>();

  /** Takes up what was kept and is not over yet. @param onChange  called when any came, went or was told of */
  constructor(parts: AwaitedParts, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
    for (const kept of this.#read()) this.#await(kept);
  }

  atDoor(door: string): AwaitedStop[] {
    return [...this.#stops.values()].flatMap(({ stop }) => (stop.door === door ? [stop] : []));
  }

  /** In place of what was expected of the same attempt before; the oldest of too many at a door is forgotten. `keep` comes after it. @returns whether it is not over yet */
  expect(expected: Pick<Kept, 'delivery' | 'attempt' | 'door' | 'number' | 'until'>): boolean {
    const before = this.#stops.get(nameOf(expected));
    const told = before?.stop.told ?? 'nothing';
    this.#drop(expected);
    const [oldest, ...others] = this.atDoor(expected.door);
    if (oldest !== undefined && others.length + 1 >= maxAtDoor) this.#drop(oldest);
    return this.#await({ ...expected, keysLeft: maxKeys, told });
  }

  forget(stop: Pick<Kept, 'delivery' | 'attempt'>): void {
    if (this.#drop(stop)) this.keep();
  }

  /** Writes down how they stand, where that has changed: what a restart must not undo. */
  keep(): void {
    const stops = [...this.#stops.values()].map(({ stop: { begun: _, lastMs: _last, ...kept } }): Kept => kept);
    const text = JSON.stringify(stops);
    try {
      if (text !== this.#written) this.#parts.store.keepDocument('stop-listening', text);
      this.#written = text;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
    this.#onChange();
  }

  /** Listens no more; what is kept stays for the next start. */
  close(): void {
    for (const { cancel } of this.#stops.values()) cancel();
    this.#stops.clear();
  }

  #await(kept: Kept): boolean {
    const { clock } = this.#parts;
    const forMs = Math.min(kept.until - clock.now(), longestMs);
    if (forMs <= 0) return false;
    const cancel = clock.after(forMs, () => this.forget(kept));
    this.#stops.set(nameOf(kept), { stop: { ...kept, begun: [], lastMs: clock.monotonic() }, cancel });
    return true;
  }

  #drop(stop: Pick<Kept, 'delivery' | 'attempt'>): boolean {
    this.#stops.get(nameOf(stop))?.cancel();
    return this.#stops.delete(nameOf(stop));
  }

  #read(): readonly Kept[] {
    try {
      const read = v.safeParse(v.array(Kept), JSON.parse(this.#parts.store.document('stop-listening') ?? '[]'));
      return read.success ? read.output : [];
    } catch {
      return [];
    }
  }
}

/** Goes on from the keys before, wherever in them the number began. @returns whether it is there now; used-up keys are compared no more */
export function isNumberIn(stop: AwaitedStop, keys: string, nowMs: number): boolean {
  if (nowMs - stop.lastMs > pauseMs) stop.begun = [];
  stop.lastMs = nowMs;
  const { number } = stop;
  for (const key of number === undefined ? '' : keys) {
    if (stop.keysLeft === 0) return false;
    stop.keysLeft -= 1;
    stop.begun = [...stop.begun, 0].filter((count) => number?.[count] === key).map((count) => count + 1);
    if (number !== undefined && stop.begun.includes(number.length)) return true;
  }
  return false;
}
