/** The hub's disk in a rig: the real store, behind a switch that makes it fail as disks do, and a log of its commits. */

import type { Draft, HubStore } from '../../device/journal/journal.ts';
import { openHubStore } from '../../device/journal/sqlite.ts';
import { Fault } from '../../wire/faults.ts';
import type { EntryKind } from '../../wire/journal.ts';

/** `full`: reads work, writes do not. `dead`: neither does. */
export type DiskFailure = 'full' | 'dead';

export interface Commit {
  readonly kinds: readonly EntryKind[];
  /** When the append had returned: CLOCK_MONOTONIC in ms, as the simulator dates bytes on a line. */
  readonly atMs: number;
}

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export class RigDisk {
  /** Every append that succeeded. */
  readonly commits: Commit[] = [];
  /** How many writes it has refused. */
  refused = 0;
  #failure: DiskFailure | undefined;
  #when: ((drafts: readonly Draft[]) => boolean) | undefined;

  fail(how: DiskFailure): void {
    this.#failure = how;
  }

  /** Fails as `full` from the first append on that `when` picks. */
  failFrom(when: (drafts: readonly Draft[]) => boolean): void {
    this.#when = when;
  }

  mend(): void {
    this.#failure = undefined;
    this.#when = undefined;
  }

  /** Takes the place of `openHubStore`. */
  readonly open: typeof openHubStore = (path, hubId, options) => {
    const real = openHubStore(path, hubId, options);
    const read = <A extends readonly unknown[], R>(call: (...args: A) => R) => this.#guarded(call, ['dead']);
    const write = <A extends readonly unknown[], R>(call: (...args: A) => R) => this.#guarded(call, ['dead', 'full']);
    const { journal, grants, trust, retention, rows } = real;
    const append = write(journal.append.bind(journal));
    const store: HubStore = {
      hubId,
      journal: {
        // known without the disk, like the real one's
        head: () => journal.head(),
        append: (drafts, ...more) => {
          if (this.#when?.(drafts)) this.#failure = 'full';
          const written = append(drafts, ...more);
          this.commits.push({ kinds: drafts.map(({ kind }) => kind), atMs: monotonicMs() });
          return written;
        },
        read: read(journal.read.bind(journal)),
        hashAt: read(journal.hashAt.bind(journal)),
        recent: read(journal.recent.bind(journal)),
        onAppended: (listener) => journal.onAppended(listener),
      },
      grants: {
        usesOf: read(grants.usesOf),
        visitsOf: read(grants.visitsOf),
        isEnded: read(grants.isEnded),
        end: write(grants.end),
        prune: write(grants.prune),
      },
      trust: {
        document: read(trust.document),
        keepDocument: write(trust.keepDocument),
        number: read(trust.number),
        keepNumber: write(trust.keepNumber),
      },
      retention: { prune: write(retention.prune) },
      rows: { floor: read(rows.floor), from: read(rows.from) },
      close: () => real.close(),
    };
    return store;
  };

  #guarded<A extends readonly unknown[], R>(call: (...args: A) => R, by: readonly DiskFailure[]): (...args: A) => R {
    return (...args) => {
      if (this.#failure !== undefined && by.includes(this.#failure)) {
        this.refused += 1;
        throw new Fault('JOURNAL_UNAVAILABLE', {
          sqlite: this.#failure === 'full' ? 'SQLITE_FULL' : 'SQLITE_IOERR_READ',
        });
      }
      return call(...args);
    };
  }
}
