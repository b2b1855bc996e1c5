/** Starts the other programs of Doorward as processes of their own, and ends the ones that it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault } from '../../wire/faults.ts';

/** Name of a program -> its entry file, from the folder that holds all parts (compiled or not). */
const entries = {
  doorward: 'device/cli/main',
  'doorward-broker': 'broker/cli/main',
  'doorward-cloud': 'cloud-bridge/cli/main',
  'doorward-release': 'cloud-bridge/release/main',
  'doorward-sim': 'hardware-sim/cli/main',
} as const;
export type Program = keyof typeof entries;

/** A program that stays. */
export interface Running {
  readonly pid: number;
  /** The first line of JSON that it printed. */
  readonly ready: Record<string, unknown>;
  /** Ends it: SIGTERM, then SIGKILL after 5 s. */
  stop(): Promise<void>;
  /** As a power cut would: SIGKILL. */
  kill(): Promise<void>;
  onExit(listener: (code: number | null) => void): void;
}

const root = resolve(import.meta.dirname, '..', '..');
const ending = import.meta.filename.endsWith('.ts') ? '.ts' : '.js';

/** Where the built page lies; it is built from sources, too. */
export const builtPages = join(root, ending === '.ts' ? 'dist' : '.', 'cloud-bridge/pages');
/** The page of the street, likewise. */
export const builtStreet = join(root, ending === '.ts' ? 'dist' : '.', 'hardware-sim/street/page');

/** How a program is started: program and first arguments. From sources, with the loader that was given last here. */
export function commandOf(program: Program): [string, ...string[]] {
  const given = process.execArgv.findLast((arg) => arg.startsWith('--import=')) ?? '--import=tsx';
  const loader = ending === '.ts' ? [given] : [];
  return [process.execPath, ...loader, join(root, `${entries[program]}${ending}`)];
}

function launch(program: Program, args: readonly string[], logFile: string): ChildProcess {
  const [node, ...first] = commandOf(program);
  const child = spawn(node, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  child.stderr?.pipe(log);
  return child;
}

const gone = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((done) => child.once('exit', (code) => done(code)));

/**
 * Starts a program that stays and waits until it says that it is ready.
 * @param logFile  its stderr is added there
 * @throws Fault DAEMON_UNREACHABLE when it ends instead, or is not ready in 30 s
 */
export async function start(program: Program, args: readonly string[], logFile: string): Promise<Running> {
  const child = launch(program, args, logFile);
  const lines = createInterface({ input: child.stdout! });
  const ready = await new Promise<Record<string, unknown>>((done, fail) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(new Fault('DAEMON_UNREACHABLE', { program, log: logFile, why: 'not ready in 30 s' }));
    }, 30_000);
    lines.once('line', (line) => {
      clearTimeout(timer);
      try {
        done(JSON.parse(line) as Record<string, unknown>);
      } catch {
        done({ line });
      }
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Fault('DAEMON_UNREACHABLE', { program, log: logFile, exit: code }));
    });
  });
  lines.on('line', () => undefined);
  return {
    pid: child.pid!,
    ready,
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      child.kill('SIGTERM');
      await gone(child);
      clearTimeout(timer);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone(child);
    },
    onExit: (listener) => void child.on('exit', listener),
  };
}

/**
 * Runs a command to its end.
 * @returns the JSON that it answered
 * @throws Fault DAEMON_UNREACHABLE with its exit code, and its own fault code when it named one
 */
export async function run(
  program: Program,
  args: readonly string[],
  logFile: string,
): Promise<Record<string, unknown>> {
  const child = launch(program, args, logFile);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await gone(child);
  const text = Buffer.concat(chunks).toString('utf8').trim();
  let answer: Record<string, unknown> = {};
  try {
    answer = JSON.parse(text.split('\n').at(-1) ?? '') as Record<string, unknown>;
  } catch {
    answer = { text: text.slice(0, 200) };
  }
  if (code !== 0) {
    const named = typeof answer.code === 'string' ? { code: answer.code } : {};
    throw new Fault('DAEMON_UNREACHABLE', {
      program,
      command: args.slice(0, 2).join(' '),
      exit: code,
      log: logFile,
      ...named,
    });
  }
  return answer;
}
