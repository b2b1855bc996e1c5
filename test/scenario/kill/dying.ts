/** Starts hubs that will die, from the outside: warmed up ahead, then told when. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault } from '../../../wire/faults.ts';
import { typescript } from '../../support/node.ts';
import { type Ledger, readLedger } from './reaper.ts';

/** A hub that runs until it reaches its point. */
export interface Dying {
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  isGone(): boolean;
  /** Ends it in peace, if its point was never reached. */
  stop(): Promise<void>;
  /** Everything up to now. */
  ledger(): Ledger;
}

/** A process that has loaded everything and waits to become a hub. */
export interface Warm {
  /** @throws Fault DAEMON_UNREACHABLE when it ends before it runs, unless it was to die at its start */
  begin(order: { readonly target?: string; readonly begins?: string }): Promise<Dying>;
  discard(): Promise<void>;
}

const entry = join(import.meta.dirname, 'dying-hub.ts');
let ledgers = 0;

/** @param folder  for its ledger and its log */
async function warmUp(hubConfig: string, folder: string): Promise<Warm> {
  ledgers += 1;
  const path = join(folder, `ledger-${process.pid}-${ledgers}.jsonl`);
  const args = [typescript, entry, '--config', hubConfig, '--ledger', path];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(join(folder, 'dying-hub.log'), { flags: 'a', mode: 0o600 }));
  const lines = createInterface({ input: child.stdout });
  // what it is told may meet a process that is gone
  child.stdin.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const next = (): Promise<boolean> =>
    Promise.race([new Promise<boolean>((resolve) => lines.once('line', () => resolve(true))), gone.then(() => false)]);
  if (!(await next())) throw new Fault('DAEMON_UNREACHABLE', { program: 'dying-hub', log: folder });
  return {
    begin: async (order) => {
      const ready = next();
      child.stdin.write(`${JSON.stringify({ target: order.target ?? null, begins: order.begins ?? null })}\n`);
      if (!(await ready) && readLedger(path).died === undefined) {
        throw new Fault('DAEMON_UNREACHABLE', { program: 'dying-hub', log: folder });
      }
      return { gone, isGone, stop: () => stop(child, gone), ledger: () => readLedger(path) };
    },
    discard: () => stop(child, gone),
  };
}

/** Keeps one process warm, so that nobody waits for it. */
export class Standby {
  readonly #warmUp: () => Promise<Warm>;
  #warm: Promise<Warm> | undefined;

  constructor(hubConfig: string, folder: string) {
    this.#warmUp = () => warmUp(hubConfig, folder);
  }

  /** Begins to warm one up, unless one is warm. */
  prepare(): void {
    this.#warm ??= this.#warmUp();
    this.#warm.catch(() => undefined);
  }

  take(): Promise<Warm> {
    const warm = this.#warm ?? this.#warmUp();
    this.#warm = undefined;
    return warm;
  }

  async discard(): Promise<void> {
    await (await this.#warm)?.discard();
    this.#warm = undefined;
  }
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
}
