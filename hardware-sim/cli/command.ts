/** What a command of `doorward-sim` is. */
import type { Jack } from 'jackspeak';

/** Flags of all commands, as they were given. */
export interface Flags {
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly control?: string | undefined;
  readonly camera?: string | undefined;
  readonly codec?: string | undefined;
  readonly fps?: number | undefined;
  readonly raw?: boolean | undefined;
}

/** Where a command writes and what stops it. */
export interface Surroundings {
  /** The answer, one line at a time, on standard output. */
  readonly say: (line: string) => void;
  /** Calls back once when the process is asked to end. */
  readonly onStop: (stop: () => void) => void;
}

export interface Command {
  readonly name: string;
  readonly says: string;
  /** Adds the command's own flags; help is generated from them. */
  readonly flags: (jack: Jack) => Jack;
  /** Resolves when the command has ended. @throws Fault */
  readonly run: (flags: Flags, surroundings: Surroundings) => Promise<void>;
}
