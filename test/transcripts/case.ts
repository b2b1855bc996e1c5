/** One failure of `doorward doctor`, and what else every chapter needs. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Case {
  readonly title: string;
  /** What was done, in a sentence. */
  readonly done: string;
  /** The command line, where it is another. */
  readonly command?: string;
  /** Whose terminal, where it is not that of the hub's user. */
  readonly as?: 'stranger';
  /** @returns what makes it well again */
  spoil(): Promise<Mend>;
}

export type Mend = () => Promise<void> | void;

/** What nothing has to be done to. */
export const asItIs = async (): Promise<Mend> => () => undefined;

/** @returns what writes it as it was */
export function rewrite(path: string, change: (text: string) => string): Mend {
  const before = readFileSync(path);
  writeFileSync(path, change(before.toString('utf8')));
  return () => writeFileSync(path, before);
}

type Json = Record<string, unknown>;

/** @param change  what is otherwise; `undefined` leaves a key out */
export const rewriteJson = (path: string, change: (all: Json) => Json): Mend =>
  rewrite(path, (text) => {
    const all = JSON.parse(text) as Json;
    return JSON.stringify({ ...all, ...change(all) });
  });

/** The doors of a configuration, changed by name. */
export const rewriteDoors = (path: string, change: (doors: Record<string, Json>) => Json[]): Mend =>
  rewriteJson(path, (all) => {
    const doors = all.doors as (Json & { name: string })[];
    return { doors: change(Object.fromEntries(doors.map((door) => [door.name, door]))) };
  });
