/** What a command is: a noun, a verb, its flags as data, and what it does. */
import type { Jack } from 'jackspeak';

export interface CommandContext {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  /** True with `--json`: one JSON object or one a line on stdout. */
  readonly json: boolean;
  /** The answer: on stdout, as text or as JSON. */
  answer(text: string, json: object): void;
  /** All else: on stderr. */
  say(text: string): void;
  /** What goes on, on stderr: a line that the next one takes the place of. Without a terminal each `what` is said once. @param more  what changes by the second */
  progress(what: string, more?: string): void;
  /** Somebody is there to answer: a terminal, and no `--json`. */
  readonly isAttended: boolean;
  /**
   * Asks on the terminal for what was not given. Without one, or with `--json`, the fallback is taken.
   * @param instead  what to give in the command line
   * @param refuses  why a reply will not do; then it is asked again
   * @throws Fault USAGE where there is no fallback; NOT_CONFIRMED when the question is left
   */
  ask(question: string, instead: string, fallback?: string, refuses?: Refuses): Promise<string>;
  /** The same, and what is typed is not shown. */
  askSecret(question: string, instead: string, refuses?: Refuses, fallback?: string): Promise<string>;
  /** Asks on the terminal. Without one, or with `--json`, nothing is confirmed. @throws Fault NOT_CONFIRMED */
  confirm(question: string): Promise<void>;
}

/** @returns why a reply will not do, or undefined when it will */
export type Refuses = (reply: string) => string | undefined;

export interface Command {
  readonly noun: string;
  /** Empty for a command of one word. */
  readonly verb: string;
  readonly says: string;
  /** Names of the positional arguments, `?` after an optional one. */
  readonly args: readonly string[];
  /** Adds the flags of this command to those that all have. */
  flags(jack: Jack): Jack;
  /** @throws Fault: its exit code and text come from the fault table */
  run(context: CommandContext): Promise<void>;
}

/** Reads a text flag that has a value. */
export const textFlag = (context: CommandContext, name: string): string | undefined => {
  const value = context.flags[name];
  return typeof value === 'string' ? value : undefined;
};
