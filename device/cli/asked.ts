/** What a flag says, else what is answered on the terminal, else its default. */
import type { CommandContext, Refuses } from './command.ts';

/** @param fallback  without a terminal, and for an empty answer; none: there has to be one */
export async function asked(
  context: CommandContext,
  flag: string,
  question: string,
  fallback?: string,
): Promise<string> {
  const value = context.flags[flag];
  return value === undefined ? context.ask(question, `--${flag}`, fallback) : String(value);
}

const yes: readonly string[] = ['yes', 'y'];
const yesOrNo: Refuses = (text) => ([...yes, 'no', 'n'].includes(text.toLowerCase()) ? undefined : 'Type yes or no.');

/** No, unless it is said otherwise. */
export async function askedYes(context: CommandContext, flag: string, question: string): Promise<boolean> {
  const value = context.flags[flag];
  if (typeof value === 'boolean') return value;
  return yes.includes((await context.ask(question, `--${flag}`, 'no', yesOrNo)).toLowerCase());
}
