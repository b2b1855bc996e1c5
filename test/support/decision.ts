/** A hub's view in which all is well: what decisions read, in plain values that a test changes one at a time. */
import type { DecisionContext } from '../../device/grant/decide.ts';
import type { EndKind, GrantReads } from '../../device/grant/ends.ts';
import type { InForce } from '../../device/grant/in-force.ts';
import { loadTrust } from '../../device/grant/load-trust.ts';
import type { KeptDocument, KeptNumber, TrustStore } from '../../device/journal/journal.ts';
import { accept } from '../../wire/faults.ts';
import { type Cast, issuerSetOf, ownerListOf, rootSetOf, ruleBookOf } from './keys.ts';

/** Counts and ends as plain values. */
export class Counts implements GrantReads {
  readonly uses = new Map<string, number>();
  readonly visits = new Map<string, number>();
  readonly ended = new Set<string>();

  usesOf(grant: string): number {
    return this.uses.get(grant) ?? 0;
  }

  visitsOf(rule: string): number {
    return this.visits.get(rule) ?? 0;
  }

  isEnded(kind: EndKind, id: string): boolean {
    return this.ended.has(`${kind} ${id}`);
  }
}

/** Documents as they lie on a hub's disk; a change of `undefined` takes one away. */
export type Kept = Partial<Record<KeptDocument, string | undefined>>;

/** A trust store over plain values. */
export function plainTrustStore(documents: Kept = {}, numbers: Partial<Record<KeptNumber, number>> = {}): TrustStore {
  const texts: Kept = { ...documents };
  const values = { ...numbers };
  return {
    document: (name) => texts[name],
    keepDocument: (name, text) => {
      texts[name] = text;
    },
    number: (name) => values[name] ?? 0,
    keepNumber: (name, value) => {
      values[name] = value;
    },
  };
}

/** The four documents of a hub that is enrolled and handed over. */
export const goodDocuments = async (cast: Cast, change: Kept = {}): Promise<Kept> => ({
  rootSet: await rootSetOf(cast),
  issuerSet: await issuerSetOf(cast),
  ownerList: await ownerListOf(cast),
  ruleBook: await ruleBookOf(cast),
  ...change,
});

/** What is in force on such a hub, read the way the hub reads it. */
export const inForceOf = async (cast: Cast, change: Kept = {}, epoch = 0): Promise<InForce> =>
  loadTrust(plainTrustStore(await goodDocuments(cast, change), { epoch }), cast.hubId, cast.hub);

/** What a decision reads, all well. */
export const contextOf = (
  cast: Cast,
  inForce: InForce,
  change: Partial<DecisionContext> = {},
): DecisionContext & { uses: GrantReads } => ({
  inForce,
  now: accept(cast.nowS * 1000),
  standing: undefined,
  hasDoor: (door) => door === cast.doorId,
  uses: new Counts(),
  approvalFor: () => undefined,
  hasHead: () => 'has',
  ...change,
});
