/** `doorward` as a process of its own: as a script runs it, and with somebody at a terminal. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { Fault } from '../../wire/faults.ts';
import { typescript } from './node.ts';
import { until } from './until.ts';

const entry = resolve(import.meta.dirname, '../../device/cli/main.ts');

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly said: string;
}

/** Runs it as a script does, with nobody to answer. @param input  what stands on its standard input */
export const scripted = (args: readonly string[], input = ''): Promise<Ran> =>
  new Promise((done) => {
    const child = execFile(process.execPath, [typescript, entry, ...args], (error, out, said) =>
      done({ exit: error === null ? 0 : Number(error.code), out, said }),
    );
    child.stdin?.end(input);
  });

export interface Sitting {
  readonly pid: number;
  /** All that came on the screen so far. */
  screen(): string;
  /** Waits until this is on the screen, after what was waited for before. */
  sees(what: RegExp): Promise<void>;
  types(text: string): void;
  /** Ctrl-C. */
  interrupts(): void;
  /** Waits for the end. @returns the exit code */
  ends(): Promise<number>;
  /** Ends it at once, as a power cut does. */
  kill(): void;
}

/** Runs it with somebody at a terminal. */
export function sitting(args: readonly string[]): Sitting {
  const child = spawn(process.execPath, [typescript, entry, ...args], { cols: 200, rows: 60 });
  let screen = '';
  let exit: number | undefined;
  let from = 0;
  child.onData((chunk) => {
    screen += chunk;
  });
  child.onExit(({ exitCode, signal }) => {
    exit = signal === undefined || signal === 0 ? exitCode : 128 + signal;
  });
  return {
    pid: child.pid,
    screen: () => screen,
    sees: async (what) => {
      await until(`${what}`, () => {
        const found = what.exec(screen.slice(from));
        if (found === null) return false;
        from += found.index + found[0].length;
        return true;
      }).catch((cause: unknown) => {
        throw new Fault('INTERNAL', { waitedInVain: `${what}`, screen }, { cause });
      });
    },
    types: (text) => child.write(`${text}\r`),
    interrupts: () => child.write('\x03'),
    ends: async () => {
      await until('the end', () => exit !== undefined);
      return exit!;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Types the answers as each question comes. @returns what stood on the screen, and the exit code */
export async function typed(
  args: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
): Promise<{ screen: string; exit: number }> {
  const one = sitting(args);
  for (const [question, answer] of answers) {
    await one.sees(question);
    one.types(answer);
  }
  return { exit: await one.ends(), screen: one.screen() };
}
