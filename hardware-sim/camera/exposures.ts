/** Which sight the sensor gives at each tick: the live one, or what a fault makes of it. No clock, no drawing. */
import type { CameraFault } from '../faults.ts';
import type { Sight } from './scene.ts';

/** The longest loop, ms. */
const keptMs = 60_000;

/** One tick of the sensor. */
export interface Tick {
  readonly of: Sight['of'];
  readonly faults: readonly CameraFault[];
  /** Monotonic, ms. */
  readonly nowMs: number;
  /** Time of day, ms since 1970. */
  readonly timeMs: number;
}

interface Dated {
  readonly sight: Sight;
  readonly atMs: number;
}

type Of<F extends CameraFault['fault']> = Extract<CameraFault, { fault: F }>;

export const standing = <F extends CameraFault['fault']>(faults: readonly CameraFault[], name: F): Of<F> | undefined =>
  faults.find((one): one is Of<F> => one.fault === name);

export class Exposures {
  #grain = 0;
  /** Live sights, oldest first. */
  readonly #seen: Dated[] = [];
  #loop: { readonly ms: number; readonly sights: readonly Sight[]; next: number } | undefined;
  readonly #late: { readonly sight: Sight; readonly dueMs: number }[] = [];
  #takenMs = Number.NEGATIVE_INFINITY;

  /** @returns what the frame of this tick is drawn from, the same object for the same frame; undefined: no frame now */
  tick(tick: Tick): Sight | undefined {
    const slow = standing(tick.faults, 'slow');
    if (slow && tick.nowMs - this.#takenMs < slow.everyMs) return this.#due(tick.nowMs);
    this.#takenMs = tick.nowMs;
    const sight = this.#take(tick);
    if (!slow || slow.lateMs === 0) {
      this.#late.length = 0;
      return sight;
    }
    this.#late.push({ sight, dueMs: tick.nowMs + slow.lateMs });
    return this.#due(tick.nowMs);
  }

  #due(nowMs: number): Sight | undefined {
    const [first] = this.#late;
    if (!first || first.dueMs > nowMs) return undefined;
    this.#late.shift();
    return first.sight;
  }

  #take(tick: Tick): Sight {
    const last = this.#seen.at(-1);
    if (standing(tick.faults, 'freeze') && last) return last.sight;
    return this.#looped(tick) ?? this.#live(tick);
  }

  #looped({ faults, nowMs }: Tick): Sight | undefined {
    const fault = standing(faults, 'loop');
    if (!fault) {
      // What was seen before and after a loop has a hole between: no loop is made of both.
      if (this.#loop) this.#seen.length = 0;
      this.#loop = undefined;
      return undefined;
    }
    if (this.#loop?.ms !== fault.ms) {
      const [oldest] = this.#seen;
      if (!oldest || oldest.atMs > nowMs - fault.ms) return undefined;
      const sights = this.#seen.filter(({ atMs }) => atMs > nowMs - fault.ms - 1).map(({ sight }) => sight);
      if (sights.length === 0) return undefined;
      this.#loop = { ms: fault.ms, sights, next: 0 };
    }
    const { sights, next } = this.#loop;
    this.#loop.next = (next + 1) % sights.length;
    return sights[next];
  }

  #live({ of, faults, nowMs, timeMs }: Tick): Sight {
    const isCovered = standing(faults, 'blackout') !== undefined;
    const sight: Sight = { timeMs, grain: this.#grain, of: isCovered ? 'covered' : of };
    this.#grain += 1;
    this.#seen.push({ sight, atMs: nowMs });
    while (this.#seen[0]!.atMs < nowMs - keptMs) this.#seen.shift();
    return sight;
  }
}
