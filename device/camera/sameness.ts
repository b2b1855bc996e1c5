/**
 * Whether a camera's picture lives: 'fresh', 'frozen' (the same raw frame again and again) or 'looped' (frames that were seen before,
 * in the order in which they were seen). Pure: time is an argument.
 *
 * What it rests on: a sensor never sees the same twice. Noise changes some of the 19,200 pixels of a raw frame each time, so that two
 * frames with the same hash are two copies of one. A scene at rest is therefore no repeat, and a repeat is no scene at rest.
 *
 * - **Frozen**: one raw in a row for 1 s and at least 4 times. 4 frames at 5 a second take 0.8 s, so it is noticed after 1.0 to 1.2 s.
 * - **Looped**: within the last 1.6 s, 60 % of the steps from one raw to the next were seen before, within the last 75 s, and at least 5
 *   of them over at least 1 s. It is noticed about 1 s into the second pass, for loops of up to 73 s, forwards or backwards.
 *
 * Against false alarms, with a sensor so quiet that single raws coincide:
 * - Raws in a row that are the same count as one: a program that fills up a slow camera's rate repeats frames.
 * - Steps are compared, not raws: that two raws that stood side by side coincide, and stand side by side again, needs two chances at
 *   once. A raw that comes up again and again between others makes no repeated step. Steps over one raw count too, so that a loop in
 *   which frames are dropped is still told; the way back from a raw just come to does not count.
 * - It takes more than half of the steps of 1.6 s.
 * With a sensor of no noise at all - a picture drawn by a computer, or one denoised before the raw output is taken - nothing can be
 * told: it counts as frozen, and the door stays locked.
 *
 * It holds at most 16,384 steps, two for a raw: 75 s at 54 different raws/s; of a faster camera it remembers less.
 */

export type Sameness =
  /** Not enough was seen yet. */
  'unknown' | 'fresh' | 'frozen' | 'looped';

const frozenForMs = 1000;
const frozenRaws = 4;

const windowMs = 1600;
const minSpanMs = 1000;
const minRepeats = 5;
const loopedShare = 0.6;

const rememberMs = 75_000;
const maxSteps = 16_384;

/** A step that was first made so recently is the way back, no repeat. */
const wayBackMs = 500;

/** Different raws before anything is said. */
const enoughRaws = 3;
/** It counts as fresh again after so long, and so many different raws, without a sign of a repeat. */
const recoverMs = 2000;
const recoverRaws = 5;
/** While it recovers, so many repeated steps are a sign. */
const suspectShare = 0.25;

interface Step {
  readonly atMs: number;
  readonly isRepeat: boolean;
}

interface Trouble {
  readonly is: 'frozen' | 'looped';
  /** The last sign of it, and how many different raws had come by then. */
  readonly lastMs: number;
  readonly different: number;
}

export class SamenessJudge {
  /** Step -> when it was first and last made, the longest ago first. */
  readonly #seen = new Map<string, { readonly firstMs: number; readonly lastMs: number }>();
  #window: Step[] = [];
  /** The last different raws, newest last. */
  #recent: string[] = [];
  #run = { count: 0, sinceMs: 0 };
  #different = 0;
  #trouble: Trouble | undefined;

  /**
   * Takes the next raw.
   * @param hash  the same for the same bytes only
   * @param atMs  when it came, by a clock that never goes back
   * @returns how the picture stands with it
   */
  take(hash: string, atMs: number): Sameness {
    if (hash === this.#recent.at(-1)) this.#run.count += 1;
    else this.#change(hash, atMs);

    const isFrozen = this.#run.count >= frozenRaws && atMs - this.#run.sinceMs >= frozenForMs;
    const share = this.#repeatedShare(atMs);
    if (isFrozen || share >= loopedShare) {
      this.#trouble = { is: isFrozen ? 'frozen' : 'looped', lastMs: atMs, different: this.#different };
    } else if (this.#trouble !== undefined) this.#recover(this.#trouble, share, atMs);
    if (this.#trouble !== undefined) return this.#trouble.is;
    return this.#different < enoughRaws ? 'unknown' : 'fresh';
  }

  /** The raw differs from the one before. */
  #change(hash: string, atMs: number): void {
    this.#run = { count: 1, sinceMs: atMs };
    this.#different += 1;
    const last = this.#recent.at(-1);
    if (last !== undefined) {
      // Over one raw, and not back to the same.
      const over = this.#recent.at(-2);
      const steps = [last, ...(over === undefined || over === hash ? [] : [over])].map((from) => stepOf(from, hash));
      const isRepeat = steps.some((step) => atMs - (this.#seen.get(step)?.firstMs ?? atMs) > wayBackMs);
      this.#window.push({ atMs, isRepeat });
      this.#forget(atMs);
      for (const step of steps) {
        const firstMs = this.#seen.get(step)?.firstMs ?? atMs;
        this.#seen.delete(step);
        this.#seen.set(step, { firstMs, lastMs: atMs });
      }
    }
    this.#recent = last === undefined ? [hash] : [last, hash];
  }

  /** @returns 0..1; 0 while too little repeats to say anything */
  #repeatedShare(atMs: number): number {
    this.#window = this.#window.filter((step) => atMs - step.atMs <= windowMs);
    const repeats = this.#window.filter(({ isRepeat }) => isRepeat);
    if (repeats.length < minRepeats || repeats.at(-1)!.atMs - repeats[0]!.atMs < minSpanMs) return 0;
    return repeats.length / this.#window.length;
  }

  #recover(trouble: Trouble, share: number, atMs: number): void {
    const isSign = this.#run.count >= frozenRaws || share >= suspectShare;
    if (isSign) this.#trouble = { ...trouble, lastMs: atMs, different: this.#different };
    else if (atMs - trouble.lastMs >= recoverMs && this.#different - trouble.different >= recoverRaws) {
      this.#trouble = undefined;
    }
  }

  #forget(atMs: number): void {
    for (const [step, { lastMs }] of this.#seen) {
      if (atMs - lastMs <= rememberMs && this.#seen.size <= maxSteps) return;
      this.#seen.delete(step);
    }
  }
}

/** Two raws side by side, in either order: a loop may run backwards. */
const stepOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
