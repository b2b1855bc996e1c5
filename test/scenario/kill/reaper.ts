/** Counts what a hub does, writes it down outside of the hub's own store, and kills the process at one of these points. */
import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Written } from '../../../device/journal/journal.ts';
import type { EntryKind } from '../../../wire/journal.ts';

/** An entry that the journal said it had made durable. */
export interface Committed {
  readonly seq: number;
  readonly hash: string;
  readonly kind: EntryKind;
  readonly visit?: string;
}

/** What one run of a hub left in its ledger. */
export interface Ledger {
  /** Every point that was passed once the counting had begun, in order, each with its number: `after OUT left #2`. */
  readonly points: readonly string[];
  readonly committed: readonly Committed[];
  /** The point at which the process killed itself. */
  readonly died?: string;
}

type Line = { readonly point: string } | { readonly committed: Committed } | { readonly died: string };

export class Reaper {
  readonly #file: number;
  readonly #target: string | undefined;
  readonly #seen = new Map<string, number>();
  #isCounting = false;

  /**
   * @param path    of the ledger, a file that is added to
   * @param target  name of the point to die at; without it the run only counts
   */
  constructor(path: string, target: string | undefined) {
    this.#file = openSync(path, 'a', 0o600);
    this.#target = target;
  }

  /** From here on points count; what the hub does before is not part of what is watched. */
  begin(): void {
    this.#isCounting = true;
  }

  /** The process is at this point; if it is the one, this call never returns. */
  reach(what: string): void {
    if (!this.#isCounting) return;
    const often = (this.#seen.get(what) ?? 0) + 1;
    this.#seen.set(what, often);
    const point = `${what} #${often}`;
    this.#write({ point });
    if (point !== this.#target) return;
    this.#write({ died: point });
    process.kill(process.pid, 'SIGKILL');
  }

  /** The journal has said that these are on disk. Written down before anything else happens. */
  committed(written: readonly Written[]): void {
    for (const { entry, hash } of written) {
      const { seq, kind, visit } = entry;
      this.#write({ committed: { seq, hash, kind, ...(visit === undefined ? {} : { visit }) } });
    }
  }

  #write(line: Line): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** Reads what a run left. */
export function readLedger(path: string): Ledger {
  const points: string[] = [];
  const committed: Committed[] = [];
  let died: string | undefined;
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Line;
    if ('point' in line) points.push(line.point);
    else if ('committed' in line) committed.push(line.committed);
    else died = line.died;
  }
  return { points, committed, ...(died === undefined ? {} : { died }) };
}
