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

/** What may wait: it goes in place of a poll, so that it never stands before an output or a question about the door. */
const isSpare = ({ command }: Job): boolean => command.is === 'led' || command.is === 'buzzer';

export class CommandQueue {
  readonly #jobs: Job[] = [];

  add(job: Job): void {
    this.#jobs.push(job);
  }

  /** Something waits that goes before the polls of the line. */
  get isUrgent(): boolean {
    return this.#jobs.some((job) => !isSpare(job));
  }

  /**
   * @param hasTime  nothing else is to be asked now: what is for the visitor's eyes and ears may go
   * @returns the oldest urgent job that may still be sent, else the oldest spare one; those before it that may not are refused
   */
  take(nowMs: number, hasTime: boolean): Job | undefined {
    for (;;) {
      const job = this.#jobs.find((one) => !isSpare(one)) ?? (hasTime ? this.#jobs[0] : undefined);
      if (job === undefined) return undefined;
      this.#jobs.splice(this.#jobs.indexOf(job), 1);
      if (nowMs <= job.notAfterMs) return job;
      job.done(refuse('LOCK_COMMAND_EXPIRED'));
    }
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
