/** Our commands as processes of their own, as an installer runs them. */

import { type ChildProcess, execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { typescript } from './node.ts';

/** How a run of `doorward` ended. */
export interface Ran {
  readonly exit: number;
  /** The answer. */
  readonly out: string;
  /** All else. */
  readonly said: string;
}

/** Arguments of `node` that make it `doorward`. */
export const doorwardArgs = [typescript, resolve(import.meta.dirname, '../../device/cli/main.ts')] as const;

/** Runs `doorward` to its end. */
export const doorward = (...args: readonly string[]): Promise<Ran> =>
  new Promise((done) => {
    execFile(process.execPath, [...doorwardArgs, ...args], (error, out, said) =>
      done({ exit: error === null ? 0 : Number(error.code), out, said }),
    );
  });

/** Gathers what a process writes. @returns when it has ended; `code` null when a signal ended it */
export function endOf(child: ChildProcess): Promise<{ readonly code: number | null; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, out: out.join(''), err: err.join('') })));
}
