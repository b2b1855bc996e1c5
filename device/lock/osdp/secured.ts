/** What is said in one secure session: proof first, then commands from the queue, questions, polls. No line, no timer. */
import { refuse } from '../../../wire/faults.ts';
import { type Command, encodeCommand } from './codec.ts';
import type { KeyCandidate } from './keys.ts';
import type { CommandQueue, Job } from './queue.ts';
import type { SecureChannel } from './secure.ts';

export interface SecuredOptions {
  readonly channel: SecureChannel;
  readonly candidate: KeyCandidate;
  /** 0..7E. */
  readonly address: number;
  readonly queue: CommandQueue;
}

/** A frame that waits for its reply. */
export interface Pending {
  readonly bytes: Uint8Array;
  readonly sequence: number;
  readonly command?: Command;
  readonly job?: Job;
  /** How often it has been sent. */
  sent: number;
}

/** So many exchanges in a row that needed a resend end a session: the line, or someone on it, keeps replies back. */
const strainLimit = 3;
const snapshot: readonly Command[] = [
  { is: 'inputs' },
  { is: 'localStatus' },
  { is: 'outputs' },
  { is: 'id' },
  { is: 'capabilities' },
];

export class Secured {
  readonly channel: SecureChannel;
  readonly candidate: KeyCandidate;
  /** Has answered at least once. */
  proven = false;
  /** Monotonic ms from which the inputs are asked for again. */
  inputsDueMs: number;
  readonly #options: SecuredOptions;
  /** SCRYPT went with sequence 1. */
  #sequence = 1;
  /** Exchanges in a row that needed a resend. */
  #strain = 0;
  #questions = snapshot;

  constructor(options: SecuredOptions, nowMs: number) {
    this.#options = options;
    this.channel = options.channel;
    this.candidate = options.candidate;
    this.inputsDueMs = nowMs;
  }

  /** There are questions of the beginning that were not asked yet. */
  get hasQuestions(): boolean {
    return this.#questions.length > 0;
  }

  /** Too many exchanges in a row came through only with resends. */
  get isStrained(): boolean {
    return this.#strain >= strainLimit;
  }

  /** An exchange is over. @param sent  how often its frame went out */
  exchanged(sent: number): void {
    this.#strain = sent > 1 ? this.#strain + 1 : 0;
  }

  /** @returns the next frame, sealed; not sent yet */
  next(nowMs: number): Pending {
    // The first POLL proves the session before anything that matters is sent in it.
    const job = this.proven ? this.#takeJob(nowMs) : undefined;
    const command = job?.command ?? this.#question(nowMs);
    this.#sequence = this.#sequence === 3 ? 1 : this.#sequence + 1;
    const sequence = this.#sequence;
    const bytes = this.channel.seal({ address: this.#options.address, sequence, ...encodeCommand(command) });
    return { bytes, sequence, command, ...(job === undefined ? {} : { job }), sent: 0 };
  }

  /** Under the default key anyone could be the peripheral: only a new key is sent to it. */
  #takeJob(nowMs: number): Job | undefined {
    const hasTime = !this.hasQuestions && nowMs < this.inputsDueMs;
    for (;;) {
      const job = this.#options.queue.take(nowMs, hasTime);
      if (job === undefined || job.command.is === 'keyset' || this.candidate.which !== 'default') return job;
      job.done(refuse('LOCK_UNAVAILABLE', { why: 'OSDP_KEY_MISSING' }));
    }
  }

  #question(nowMs: number): Command {
    if (!this.proven) return { is: 'poll' };
    const [question, ...rest] = this.#questions;
    this.#questions = rest;
    return question ?? (nowMs < this.inputsDueMs ? { is: 'poll' } : { is: 'inputs' });
  }
}
