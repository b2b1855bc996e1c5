/** How something that may fail ended, as a word to compare. */
import { Fault } from '../../wire/faults.ts';

/** @returns `done`; the code of the fault that it failed with; what it failed with, as text, where that is no fault */
export const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'done',
    (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
  );
