/** What must not stand in a process list comes from a file, or from the standard input. */
import { readFileSync } from 'node:fs';
import { Fault } from '../../wire/faults.ts';
import { type CommandContext, textFlag } from './command.ts';

/**
 * Reads the first line of the file that a flag names, `-` for the standard input.
 * @returns undefined when the flag was not given
 * @throws Fault USAGE when it cannot be read, or is empty
 */
export function lineFrom(context: CommandContext, flag: string): string | undefined {
  const path = textFlag(context, flag);
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw new Fault('USAGE', { why: `--${flag}: ${path} cannot be read` }, { cause });
  }
  const line = text.split('\n', 1)[0]!.trim();
  if (line === '') throw new Fault('USAGE', { why: `--${flag}: its first line is empty` });
  return line;
}
