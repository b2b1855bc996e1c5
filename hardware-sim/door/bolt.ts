/** The bolt of a motor lock: driven both ways by its motor, or turned by hand; what blocks it sends it back. */
import type { Clock } from '../clock.ts';

export type BoltAt = 'thrown' | 'drawing' | 'drawn' | 'throwing';
/** Who moves a bolt. `hand`: a key, or the knob inside. */
export type BoltMover = 'motor' | 'hand';

export class Bolt {
  readonly #clock: Clock;
  readonly #travelMs: number;
  readonly #onMove: (at: BoltAt | 'blocked', by: BoltMover) => void;
  #at: BoltAt;
  #blocked = false;

  /**
   * @param onMove  told where it is whenever that changes, and when it hit something
   * @param at  where it is at first
   */
  constructor(
    clock: Clock,
    travelMs: number,
    onMove: (at: BoltAt | 'blocked', by: BoltMover) => void,
    at: 'thrown' | 'drawn' = 'thrown',
  ) {
    this.#clock = clock;
    this.#travelMs = travelMs;
    this.#onMove = onMove;
    this.#at = at;
  }

  get at(): BoltAt {
    return this.#at;
  }

  /** Something is in its way, or no more. */
  block(blocked: boolean): void {
    this.#blocked = blocked;
  }

  /**
   * Starts to move. A bolt that is there already turns once more and stays; a blocked one comes half-way, and goes back.
   * @param done  told once, when it stands still again
   * @returns false when it is moving
   */
  drive(to: 'thrown' | 'drawn', by: BoltMover, done: (isThere: boolean) => void = () => undefined): boolean {
    if (this.#at === 'throwing' || this.#at === 'drawing') return false;
    const from = this.#at;
    if (from !== to) this.#set(to === 'thrown' ? 'throwing' : 'drawing', by);
    this.#clock.after(this.#travelMs, () => {
      const isThere = from === to || !this.#blocked;
      if (!isThere) this.#onMove('blocked', by);
      if (from !== to) this.#set(isThere ? to : from, by);
      done(isThere);
    });
    return true;
  }

  #set(at: BoltAt, by: BoltMover): void {
    this.#at = at;
    this.#onMove(at, by);
  }
}
