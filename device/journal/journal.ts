/** What the hub keeps on disk: the journal, the counts of what was used, the documents that it trusts. */
import type { ChainHead, Entry, EntryBody, EntryKind } from '../../wire/journal.ts';

/** An entry before it has its place in the chain. `Recorder` seals what is the household's own; `Journal` writes what it is given. */
export interface Draft {
  /** System time, ms. */
  readonly at: number;
  readonly door?: string;
  readonly visit?: string;
  readonly kind: EntryKind;
  readonly body: EntryBody;
  /** Of what is sealed: only for the devices with these seal keys (thumbprints). All unless said. */
  readonly to?: readonly string[];
}

/** One use of a grant, counted in the same commit as the entry that says so (R7). */
export interface Use {
  readonly grant: string;
  /** The grant's `exp`, seconds: after it the count may be forgotten. */
  readonly grantExp: number;
  readonly rule: string;
  /** True for the first entry of a visit: it counts as a visit of the rule. */
  readonly firstOfVisit: boolean;
  /** The assignment that the grant rests on, counted too: a new grant does not make it good for more (R3). `exp` in seconds. */
  readonly assignment?: { readonly id: string; readonly exp: number };
}

export interface Journal {
  /**
   * The last entry; `seq` 0 and the genesis hash when there is none. Known without the disk once the file was open.
   * @throws Fault JOURNAL_UNAVAILABLE, JOURNAL_CORRUPT while it never was
   */
  head(): ChainHead;
  /**
   * Makes entries durable: one transaction, synchronous=FULL, with the use and the number if there are any. All or nothing.
   * @returns the entries with their places and hashes
   * @throws Fault JOURNAL_UNAVAILABLE (disk full, disk gone), JOURNAL_CORRUPT; MESSAGE_MALFORMED or MESSAGE_TOO_BIG for a
   * draft that nobody could read back
   */
  append(drafts: readonly Draft[], use?: Use, number?: NumberKept): readonly Written[];
  /** Entry texts from `seq` on, in order, at most `limit` and at most `maxBytes` in all (but at least one). */
  read(seq: number, limit: number, maxBytes?: number): readonly string[];
  /** Hash of one entry, undefined when there is none (`0`: the genesis hash). */
  hashAt(seq: number): string | undefined;
  /** The newest entries of one visit or door, newest first. */
  recent(
    filter: { readonly door?: string; readonly visit?: string; readonly kinds?: readonly EntryKind[] },
    limit: number,
  ): readonly Entry[];
  /** Calls back after each commit. @returns unsubscribe */
  onAppended(listener: (written: readonly Written[]) => void): () => void;
}

export interface Written {
  readonly entry: Entry;
  readonly text: string;
  readonly hash: string;
}

/** A number that is kept in the same commit as the entries that led to it: after a crash either both are there or neither. */
export interface NumberKept {
  readonly name: KeptNumber;
  readonly value: number;
}

/** What can end for good. `order`: an owner's order to a lock that was taken, so that it is never taken again. `recovery`: vetoed or done. */
export type EndKind = 'grant' | 'guest' | 'rule' | 'visit' | 'recovery' | 'order';

/** What was used and what was ended. Reads are cheap; every write is durable before it returns. */
export interface GrantStore {
  /** Uses of a grant, or of an assignment, by its `jti`. */
  usesOf(id: string): number;
  visitsOf(rule: string): number;
  isEnded(kind: EndKind, id: string): boolean;
  /** Remembers an end. Twice is as once. `until` (seconds): may be forgotten after; what has none, never. */
  end(kind: EndKind, id: string, until?: number): void;
  /** Forgets counts and ends of grants that could not be valid any more at `nowS`. */
  prune(nowS: number): void;
}

/** `recoveryPin`: signed by the hub itself; `recovery`: the one that waits, empty when none does; `duress:<door>`: its codes for those who are forced, JSON. */
export type KeptDocument =
  | 'rootSet'
  | 'issuerSet'
  | 'ruleBook'
  | 'ownerList'
  | 'witness'
  | 'retention'
  | 'recoveryPin'
  | 'recovery'
  | 'stop-listening'
  | `duress:${string}`;
/**
 * `lock-log:<door>`: how far the lock's own log is in the journal. `recovery-waited`: ms that the recovery has waited,
 * `recovery-vetoes`: how often one with the code in force was vetoed.
 */
export type KeptNumber = 'epoch' | 'mark' | 'acked' | `lock-log:${string}` | 'recovery-waited' | 'recovery-vetoes';

/** The documents in force as their signed texts (verified again when read), and a few numbers. */
export interface TrustStore {
  document(name: KeptDocument): string | undefined;
  keepDocument(name: KeptDocument, text: string): void;
  /** 0 when never kept. `mark`: highest trusted time, ms. */
  number(name: KeptNumber): number;
  keepNumber(name: KeptNumber, value: number): void;
}

/** Forgets old entries, and nothing that the cloud has not acknowledged. */
export interface Retention {
  /**
   * Notes how far `acked` has come at `nowMs`, then lets go of the entries that were acknowledged `keepMs` ago or longer.
   * The hash of the last one that went is kept, so that the chain can be followed from there. For every hour or so.
   * @returns how many entries went
   */
  prune(nowMs: number, keepMs: number): number;
}

/** One row of the journal as it lies on disk. */
export interface StoredRow {
  readonly seq: number;
  readonly text: string;
  readonly hash: string;
}

/** The rows themselves, for those who check them. */
export interface Rows {
  /** The entry before the first kept one: `seq` 0 with the genesis hash until something was pruned. */
  floor(): ChainHead;
  /** Rows from `seq` on in the order of their own numbers, whatever their texts say; at most `limit`. */
  from(seq: number, limit: number): readonly StoredRow[];
}

export interface HubStore {
  readonly hubId: string;
  readonly journal: Journal;
  readonly grants: GrantStore;
  readonly trust: TrustStore;
  readonly retention: Retention;
  readonly rows: Rows;
  close(): void;
}
