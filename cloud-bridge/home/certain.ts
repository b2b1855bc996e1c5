/**
 * By when a revocation is certain though the hub is away (T06, T38, T39): the last moment at which the hub could still let somebody in,
 * by the rule books that it may hold. Past the lease of a rule book neither guests nor `auto` rules open anything.
 */
import { windowsOf } from '../../wire/occurrences.ts';
import type { Ends } from '../../wire/revocation.ts';
import { clockSkewSeconds, maxLeaseSeconds, type Rule, ruleBookForm } from '../../wire/rule-book.ts';
import { readRuleBook } from '../delivery/rules.ts';
import type { Tables } from '../store/store.ts';

/** More than this many rule books that a hub has not confirmed are not read. */
const maxBooks = 64;

const concerns = (ends: Ends, rule: Rule): boolean =>
  (ends.kind === 'guest' && rule.party.kind === 'guest' && rule.party.id === ends.id) ||
  (ends.kind === 'rule' && rule.id === ends.id);

/** @returns seconds, `sinceS` at the earliest; undefined for ends that rule books say nothing about */
export async function certainBy(
  tables: Pick<Tables, 'documents'>,
  hubId: string,
  ends: Ends,
  sinceS: number,
): Promise<number | undefined> {
  if (ends.kind !== 'guest' && ends.kind !== 'rule') return undefined;
  let latest = sinceS;
  const books = await tables.documents.fromNewest(hubId, ruleBookForm.typ, maxBooks);
  for (const book of books) {
    const { exp, rules } = readRuleBook(book) ?? { exp: 0, rules: [] };
    for (const rule of rules.filter((one) => concerns(ends, one))) {
      const last = windowsOf(rule, { from: sinceS, until: exp }).at(-1);
      // the hub's clock may be a little behind
      if (last !== undefined) latest = Math.max(latest, last.until + clockSkewSeconds);
    }
    // older ones are out of force
    if (book.settled === 'taken') return latest;
  }
  return books.length === maxBooks ? sinceS + maxLeaseSeconds : latest;
}
