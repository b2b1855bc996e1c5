/** What a command is: a name, its flags as data, and what it does. */
import type { Jack } from 'jackspeak';

export interface CommandContext {
  readonly flags: Readonly<Record<string, unknown>>;
  /** True with `--json`: one JSON object a line on stdout. */
  readonly json: boolean;
  /** The answer: on stdout, as text or as JSON. */
  answer(text: string, json: object): void;
  /** All else: on stderr. */
  say(text: string): void;
}

export interface Command {
  readonly name: string;
  readonly says: string;
  /** Adds the flags of this command to those that all have. */
  flags(jack: Jack): Jack;
  /** @throws Fault: its exit code and text come from the fault table */
  run(context: CommandContext): Promise<void>;
}

export const textFlag = ({ flags }: CommandContext, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

export const numberFlag = ({ flags }: CommandContext, name: string): number | undefined => {
  const value = flags[name];
  return typeof value === 'number' ? value : undefined;
};

export const listFlag = ({ flags }: CommandContext, name: string): string[] => {
  const value = flags[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
};
