/**
 * Trusted time (DESIGN 3): the system's clock, once it agreed with the cloud's signed answer to this hub's nonce, as long as it runs
 * evenly and stands not behind the highest time that was ever trusted (T26, T27). No trusted time: nothing limited in time is allowed.
 */
import { accept, Fault, type FaultCode, refuse, type Verdict } from '../../wire/faults.ts';
import type { IssuerKeys } from '../../wire/issuer-set.ts';
import { newId } from '../../wire/jws.ts';
import { verifyTime } from '../../wire/witness.ts';
import type { TrustStore } from '../journal/journal.ts';
import type { Clock } from './clock.ts';
import { agree, type Look, look, reset, type TimeState, unset } from './time-state.ts';

/** An answer has to come this soon after the question, ms. */
export const answerWithinMs = 10_000;
/** The mark is written down at most this often, ms. */
export const markEveryMs = 60_000;

export interface TrustedClockParts {
  readonly clock: Clock;
  readonly store: TrustStore;
  readonly hubId: string;
  /** Called when trust is won (undefined) or lost (why); never twice for the same. */
  readonly onTurn?: (why: FaultCode | undefined) => void;
}

export class TrustedClock {
  readonly #parts: TrustedClockParts;
  #state: TimeState = unset;
  #markRead = false;
  #question: { readonly nonce: string; readonly askedMs: number } | undefined;
  #resetNonce = newId();
  #keptAtMs = Number.NEGATIVE_INFINITY;
  #told: FaultCode | undefined = 'CLOCK_UNSET';

  constructor(parts: TrustedClockParts) {
    this.#parts = parts;
    this.#readMark();
  }

  /** @returns trusted time, ms since the epoch; or CLOCK_UNSET, CLOCK_DISAGREES, CLOCK_JUMPED, CLOCK_BEHIND */
  trustedNow(): Verdict<number> {
    if (!this.#readMark()) return refuse('CLOCK_UNSET', { why: 'the mark cannot be read' });
    const { state, answer } = look(this.#state, this.#look());
    this.#state = state;
    this.#tell(answer.ok ? undefined : answer.code);
    if (answer.ok) this.#keepSometimes();
    return answer;
  }

  /** @returns a fresh nonce for the cloud to sign its time over; the one before it is dead */
  ask(): string {
    const nonce = newId();
    this.#question = { nonce, askedMs: this.#look()?.monoMs ?? Number.NaN };
    return nonce;
  }

  /**
   * Takes the cloud's signed time. An answer counts once.
   * @returns trusted time now; or TIME_… when the answer is refused, CLOCK_… when it does not lead to trusted time
   */
  async takeAnswer(jws: string, issuers: IssuerKeys): Promise<Verdict<number>> {
    const got = this.#look();
    const question = this.#question;
    const verified = await verifyTime(jws, issuers, { hubId: this.#parts.hubId, nonce: question?.nonce });
    if (!verified.ok) return verified;
    if (question === undefined || question !== this.#question) return refuse('TIME_NONCE_UNKNOWN');
    this.#question = undefined;
    if (got === undefined) return this.trustedNow();
    const tookMs = got.monoMs - question.askedMs;
    if (!(tookMs >= 0 && tookMs <= answerWithinMs)) return refuse('TIME_LATE', { tookMs: Math.round(tookMs) || 0 });
    this.#state = agree(this.#state, got, { cloudMs: verified.value.now, tookMs });
    return this.trustedNow();
  }

  /** The nonce that an owner's clock reset has to answer. */
  resetNonce(): string {
    return this.#resetNonce;
  }

  /**
   * Sets the mark where an owner's device signed it to be, once. Agreement with the cloud is needed as before.
   * @returns CLOCK_RESET_NONCE_UNKNOWN when that nonce was used meanwhile
   * @throws Fault JOURNAL_UNAVAILABLE when the mark cannot be written; nothing has changed then
   */
  reset(nonce: string, markS: number): Verdict<void> {
    if (nonce !== this.#resetNonce) return refuse('CLOCK_RESET_NONCE_UNKNOWN');
    this.#parts.store.keepNumber('mark', markS * 1000);
    this.#resetNonce = newId();
    this.#markRead = true;
    this.#state = reset(this.#state, markS * 1000);
    return accept(undefined);
  }

  /** Writes the mark down: at shutdown, and by itself about once a minute. @throws Fault JOURNAL_UNAVAILABLE */
  keep(): void {
    if (!this.#markRead) return;
    const markMs = Math.floor(this.#state.markMs);
    if (this.#parts.store.number('mark') < markMs) this.#parts.store.keepNumber('mark', markMs);
  }

  /** A mark that cannot be read might be any: no trusted time without it. */
  #readMark(): boolean {
    if (this.#markRead) return true;
    try {
      this.#state = reset(this.#state, this.#parts.store.number('mark'));
      this.#markRead = true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
    return this.#markRead;
  }

  #look(): Look | undefined {
    try {
      const [wallMs, monoMs] = [this.#parts.clock.now(), this.#parts.clock.monotonic()];
      return Number.isFinite(wallMs) && Number.isFinite(monoMs) ? { wallMs, monoMs } : undefined;
    } catch {
      return undefined;
    }
  }

  /** A disk that refuses the mark is the journal's alarm; the mark in memory stands. */
  #keepSometimes(): void {
    const monoMs = this.#look()?.monoMs;
    if (monoMs === undefined || monoMs - this.#keptAtMs < markEveryMs) return;
    this.#keptAtMs = monoMs;
    try {
      this.keep();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  #tell(why: FaultCode | undefined): void {
    if (why === this.#told) return;
    this.#told = why;
    this.#parts.onTurn?.(why);
  }
}
