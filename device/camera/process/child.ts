/** One run of a camera's program: started without a shell, read all the time, ended with all that it started itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../../clock/clock.ts';
import { LastWords } from './last-words.ts';

export type ChildEnd =
  /** It could not be started. */
  | { readonly how: 'unstarted'; readonly reason: 'missing' | 'permission' | 'failed' }
  /** It ended, by itself or because it was told to; -1 for a signal. */
  | { readonly how: 'ended'; readonly exit: number; readonly signal: string };

export interface ChildOptions {
  readonly command: readonly [string, ...string[]];
  readonly hasRaw: boolean;
  readonly clock: Clock;
  /** Its standard output: 1 to 65,536 bytes, as one read brought them. */
  readonly onOut: (chunk: Uint8Array) => void;
  /** Its descriptor 3. */
  readonly onRaw: (chunk: Uint8Array) => void;
  /** Once, and nothing after it. */
  readonly onEnd: (end: ChildEnd) => void;
}

/** How long a program may take to end by itself, and then the system to end it. */
const termMs = 2000;
const killMs = 3000;
/** How long after its end its pipes are read, at most. */
const drainMs = 500;

const reasons: Readonly<Record<string, 'missing' | 'permission'>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'permission',
};

export class Child {
  readonly #options: ChildOptions;
  readonly #process: ChildProcess | undefined;
  readonly #words = new LastWords();
  readonly #ended: Promise<void>;
  #isOver = false;
  #isQuiet = false;

  constructor(options: ChildOptions) {
    this.#options = options;
    const [program, ...args] = options.command;
    let finish = (): void => undefined;
    this.#ended = new Promise((resolve) => {
      finish = resolve;
    });
    const end = (how: ChildEnd): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      for (const stream of this.#process?.stdio ?? []) stream?.destroy();
      if (!this.#isQuiet) options.onEnd(how);
      finish();
    };
    try {
      // A group of its own: a pipeline ends as one.
      this.#process = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe', options.hasRaw ? 'pipe' : 'ignore'],
        detached: true,
      });
    } catch {
      // An argument that no system takes, such as one with a zero byte in it.
      queueMicrotask(() => end({ how: 'unstarted', reason: 'failed' }));
      return;
    }
    this.#process.on('error', (cause: NodeJS.ErrnoException) => {
      // Also told when a signal could not be sent: then it runs still.
      if (this.#process?.pid === undefined) end({ how: 'unstarted', reason: reasons[cause.code ?? ''] ?? 'failed' });
    });
    this.#process.on('exit', (exit, signal) => {
      // What it started itself ends too, and then nobody holds its pipes open: what it said last can be read to the end.
      this.#endGroup('SIGKILL');
      const how: ChildEnd = { how: 'ended', exit: exit ?? -1, signal: signal ?? '' };
      const cancel = options.clock.after(drainMs, () => end(how));
      this.#process?.once('close', () => {
        cancel();
        end(how);
      });
    });
    this.#read(this.#process.stdout, options.onOut);
    this.#read(this.#process.stderr, (chunk) => this.#words.push(chunk));
    this.#read(this.#process.stdio[3] as Readable | null, options.onRaw);
  }

  /** What it said last on its standard error. */
  get lastWords(): string {
    return this.#words.text;
  }

  /**
   * Ends it: SIGTERM, and SIGKILL after 2 s. Nothing is told any more. Resolves when it is gone, or 3 s after the SIGKILL: a program
   * that waits for a dead device is ended by the system only when that answers.
   */
  async stop(): Promise<void> {
    this.#isQuiet = true;
    if (this.#isOver) return;
    const { clock } = this.#options;
    this.#endGroup('SIGTERM');
    let cancel = (): void => undefined;
    const givenUp = new Promise<void>((resolve) => {
      cancel = clock.after(termMs, () => {
        this.#endGroup('SIGKILL');
        cancel = clock.after(killMs, resolve);
      });
    });
    await Promise.race([this.#ended, givenUp]);
    cancel();
  }

  /** Always read, so that it never waits for us; what nobody listens to is dropped, never kept. */
  #read(stream: Readable | null, take: (chunk: Uint8Array) => void): void {
    stream?.on('data', (chunk: Uint8Array) => {
      if (!this.#isOver && !this.#isQuiet) take(chunk);
    });
    // A pipe that breaks is followed by the end of the program.
    stream?.on('error', () => undefined);
  }

  #endGroup(signal: 'SIGTERM' | 'SIGKILL'): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It is gone already.
    }
  }
}
