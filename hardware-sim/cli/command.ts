/** What a command of `doorward-sim` is. */
import type { Jack } from 'jackspeak';

/** Flags every command has. */
export interface Flags {
  readonly config: string | undefined;
  readonly json: boolean;
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
  /** Resolves when the command has ended. @throws Fault */
  readonly run: (flags: Flags, surroundings: Surroundings) => Promise<void>;
}

/** The flags as data; help is generated from them. */
export const withFlags = (jack: Jack) =>
  jack.opt({ config: { short: 'c', hint: 'file', description: 'Configuration of the simulated home, JSON.' } }).flag({
    json: { description: 'One JSON object a line: ready, then every event at a door, then stopped.' },
    help: { short: 'h', description: 'Show this help.' },
  });
