/** The inputs of one OSDP peripheral as reports of what hangs on them: a door, or a barrier. */
import type { Clock } from '../../clock/clock.ts';
import type { LockHealth } from '../lock.ts';
import { ReportBook, type Reported } from '../report-book.ts';
import type { InputLevel } from './codec.ts';
import type { Peripheral } from './peripheral.ts';
import type { News } from './presence.ts';

export interface InputReportsOptions<Look extends object> {
  readonly peripheral: Peripheral;
  readonly clock: Clock;
  /** What is reported when the peripheral cannot be reached. */
  readonly away: Look;
  /** @param levels  of the inputs, from 0, as an authentic reply named them */
  readonly look: (levels: readonly InputLevel[]) => Look;
  /** Called with every look, also one like the last, before anybody is told. */
  readonly onLook?: (look: Look, atMs: number) => void;
}

/** How long a question, or a command that is as quick, may wait for its answer, ms. */
export const askWithinMs = 2000;

/** Runs from `start` to `end`; keeps the bus running for as long. */
export class InputReports<Look extends object> {
  readonly #options: InputReportsOptions<Look>;
  readonly #book = new ReportBook<Look>();
  #stop: (() => Promise<void>) | undefined;

  constructor(options: InputReportsOptions<Look>) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#stop !== undefined;
  }

  get last(): Reported<Look> | undefined {
    return this.#book.last;
  }

  /** Does nothing while it runs already. */
  start(): void {
    if (this.#stop !== undefined) return;
    const { peripheral } = this.#options;
    const unsubscribe = peripheral.onNews((news) => this.#onNews(news));
    const release = peripheral.hold();
    this.#stop = () => {
      unsubscribe();
      return release();
    };
  }

  async end(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  /** Asks the peripheral now. Resolves with a fresh report; `away` when it does not answer within 2 s. Never throws. */
  async state(): Promise<Reported<Look>> {
    const { away } = this.#options;
    if (!(await this.#ask())) this.#report(away);
    const report = this.#book.last ?? this.#report(away);
    this.#book.tell();
    return report;
  }

  /** Calls back on every report that differs from the one before it, and on each `state()`. @returns unsubscribe */
  onReport(listener: (report: Reported<Look>) => void): () => void {
    return this.#book.onReport(listener);
  }

  /** @returns whether a fresh report has come, within 2 s */
  #ask(): Promise<boolean> {
    const { peripheral, clock } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.after(askWithinMs, () => resolve(false));
      const end = (isFresh: boolean): void => {
        cancel();
        resolve(isFresh);
      };
      peripheral.send({ is: 'inputs' }, { expiresInMs: askWithinMs }).then(
        (reply) => end(reply.is === 'inputs' && this.#book.last !== undefined),
        () => end(false),
      );
    });
  }

  #onNews(news: News): void {
    const { away, look } = this.#options;
    if (news.is === 'offline') this.#report(away);
    if (news.is === 'reply' && news.reply.is === 'inputs') this.#report(look(news.reply.levels));
  }

  #report(look: Look): Reported<Look> {
    const atMs = this.#options.clock.monotonic();
    this.#options.onLook?.(look, atMs);
    return this.#book.add(look, atMs);
  }
}

/** @returns the level of that input; `unknown` where there is none, or the peripheral has none of that number */
export const levelOf = (levels: readonly InputLevel[], input: number | undefined): InputLevel =>
  (input === undefined ? undefined : levels[input]) ?? 'unknown';

/** How the peripheral itself is, whatever hangs on its inputs. */
export function healthOf({ status }: Peripheral): LockHealth {
  const { state, fault, identity, tampered } = status;
  return {
    reachable: state === 'online',
    ...(state === 'online' ? {} : { fault }),
    ...(identity === undefined ? {} : { identity }),
    ...(tampered === undefined ? {} : { tampered }),
  };
}
