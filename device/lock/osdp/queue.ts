/** Commands that wait for the line to one peripheral, each until its expiry. */
import { type FaultCode, type FaultDetail, refuse, type Verdict } from '../../../wire/faults.ts';
import type { Command, Reply } from './codec.ts';

export interface Job {
  readonly command: Command;
  /** Monotonic time after which it is not sent any more, in ms. */
  readonly notAfterMs: number;
  /** Called exactly once. */
  readonly done: (outcome: Verdict<Reply>) => void;
}

export class CommandQueue {
  readonly #jobs: Job[] = [];

  add(job: Job): void {
    this.#jobs.push(job);
  }

  get isEmpty(): boolean {
    return this.#jobs.length === 0;
  }

  /** @returns the oldest job that may still be sent; those before it that may not are refused */
  take(nowMs: number): Job | undefined {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      if (nowMs <= job.notAfterMs) return job;
      job.done(refuse('LOCK_COMMAND_EXPIRED'));
    }
    return undefined;
  }

  /** Refuses `job` if it still waits; a job that was taken is left to its exchange. */
  expire(job: Job): void {
    const index = this.#jobs.indexOf(job);
    if (index === -1) return;
    this.#jobs.splice(index, 1);
    job.done(refuse('LOCK_COMMAND_EXPIRED'));
  }

  refuseAll(code: FaultCode, detail: FaultDetail): void {
    for (const job of this.#jobs.splice(0)) job.done(refuse(code, detail));
  }
}
