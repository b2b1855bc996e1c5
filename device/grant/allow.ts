/**
 * Is what a genuine grant asks for allowed? Every limit of DESIGN 3 as one line: the code of its refusal and what has to hold.
 * The first line that does not hold is the answer. No signature is looked at here.
 */
import { accept, type FaultCode, type FaultDetail, refuse, type Verdict } from '../../wire/faults.ts';
import { type GrantClaims, maxGrantSeconds } from '../../wire/grant.ts';
import { nextWindows, type Window, windowAt } from '../../wire/occurrences.ts';
import { clockSkewSeconds, type Rule } from '../../wire/rule-book.ts';
import type { GrantReads } from './ends.ts';
import type { InForce, RuleBookInForce, RuleInForce } from './in-force.ts';

/** What a grant is held against. */
export interface AllowContext {
  readonly inForce: InForce;
  readonly hasDoor: (door: string) => boolean;
  readonly uses: GrantReads;
  /** The visit that the question is about; `counted`: it has entered already, so it is among the visits of its rule. */
  readonly visit?: { readonly id: string; readonly counted: boolean } | undefined;
}

interface GrantFacts extends AllowContext {
  readonly grant: GrantClaims;
  readonly nowS: number;
}

interface RuleFacts extends GrantFacts {
  readonly book: RuleBookInForce;
  readonly rule: Rule;
}

export interface Check<F> {
  readonly code: FaultCode;
  readonly holds: (facts: F) => boolean;
  /** What helps whoever is refused. */
  readonly detail?: (facts: F) => FaultDetail;
}

/** What holds of a grant by itself. */
export const grantChecks: readonly Check<GrantFacts>[] = [
  { code: 'GRANT_WRONG_HUB', holds: ({ grant, inForce }) => grant.aud === inForce.hubId },
  { code: 'GRANT_WRONG_DOOR', holds: ({ grant, hasDoor }) => hasDoor(grant.door) },
  { code: 'GRANT_TOO_LONG', holds: ({ grant }) => grant.exp - grant.nbf <= maxGrantSeconds },
  { code: 'GRANT_EARLY', holds: ({ grant, nowS }) => nowS >= grant.nbf },
  { code: 'GRANT_EARLY', holds: ({ grant, nowS }) => nowS + clockSkewSeconds >= grant.iat },
  { code: 'GRANT_LATE', holds: ({ grant, nowS }) => nowS < grant.exp },
  { code: 'GRANT_EPOCH_DEAD', holds: ({ grant, inForce }) => grant.epoch >= inForce.epoch },
  // a grant from the future of the epochs would outlive the owner's next end of everything
  { code: 'GRANT_EPOCH_AHEAD', holds: ({ grant, inForce }) => grant.epoch <= inForce.epoch },
  { code: 'GRANT_REVOKED', holds: ({ grant, uses }) => !uses.isEnded('grant', grant.jti) },
  { code: 'VISIT_ENDED', holds: ({ visit, uses }) => visit === undefined || !uses.isEnded('visit', visit.id) },
  { code: 'GRANT_USED_UP', holds: ({ grant, uses }) => uses.usesOf(grant.jti) < grant.entries },
  { code: 'RULE_REVOKED', holds: ({ grant, uses }) => !uses.isEnded('rule', grant.rule) },
];

const isWithin = ({ nbf, exp }: GrantClaims, window: Window | undefined): boolean =>
  window !== undefined && nbf >= window.from && exp <= window.until;

/** When the rule's next window begins, seconds; nothing when there is none. */
function nextOf(rule: Rule, nowS: number): FaultDetail {
  const [next] = nextWindows(rule, nowS, 1);
  return next === undefined ? {} : { next: next.from };
}

const purposeOf = { carrier: 'delivery', company: 'service', guest: 'guest' } as const;

/** What holds of a grant under the owner's rule that it names (R3). */
export const ruleChecks: readonly Check<RuleFacts>[] = [
  // a book dated ahead would stretch its own lease
  { code: 'RULE_BOOK_EARLY', holds: ({ book, nowS }) => nowS + clockSkewSeconds >= book.claims.iat },
  { code: 'RULE_WRONG_DOOR', holds: ({ grant, rule }) => rule.door === grant.door },
  { code: 'RULE_WRONG_PARTY', holds: ({ grant, rule }) => purposeOf[rule.party.kind] === grant.purpose },
  {
    code: 'RULE_OUTSIDE_WINDOW',
    holds: ({ rule, nowS }) => windowAt(rule, nowS) !== undefined,
    detail: ({ rule, nowS }) => nextOf(rule, nowS),
  },
  { code: 'RULE_GRANT_OUTSIDE_WINDOW', holds: ({ grant, rule, nowS }) => isWithin(grant, windowAt(rule, nowS)) },
  {
    code: 'RULE_USED_UP',
    holds: ({ rule, uses, visit }) => uses.visitsOf(rule.id) - (visit?.counted ? 1 : 0) < rule.visits,
  },
  { code: 'GRANT_TOO_MANY_ENTRIES', holds: ({ grant, rule }) => grant.entries <= rule.entries },
  {
    code: 'GUEST_REVOKED',
    holds: ({ rule, uses }) => rule.party.kind !== 'guest' || !uses.isEnded('guest', rule.party.id),
  },
  {
    code: 'GUEST_OTHER_KEY',
    holds: ({ grant, rule }) => rule.party.kind !== 'guest' || rule.party.jkt === grant.cnf.jkt,
  },
  {
    // an approval is the owner's fresh word; without one the rules must be fresh (T06)
    code: 'RULE_BOOK_LEASE_OVER',
    holds: ({ book, rule, nowS }) => nowS < book.claims.exp || (rule.consent === 'ask' && rule.party.kind !== 'guest'),
  },
];

/**
 * Holds a genuine grant against everything that the hub knows without looking at another signature.
 * @param nowS  trusted time, seconds
 * @returns the rule that allows it; or GRANT_…, RULE_…, GUEST_…, VISIT_ENDED
 */
export function allow(grant: GrantClaims, context: AllowContext, nowS: number): Verdict<RuleInForce> {
  const { inForce, hasDoor, uses, visit } = context;
  const facts: GrantFacts = { grant, nowS, inForce, hasDoor, uses, visit };
  for (const { code, holds } of grantChecks) if (!holds(facts)) return refuse(code);
  const book = inForce.rules;
  if (book === undefined) return refuse('RULE_BOOK_MISSING');
  const found = book.rules.get(grant.rule);
  if (found === undefined) return refuse('RULE_MISSING');
  const ruleFacts: RuleFacts = { ...facts, book, rule: found.rule };
  for (const { code, holds, detail } of ruleChecks) {
    if (!holds(ruleFacts)) return detail === undefined ? refuse(code) : refuse(code, detail(ruleFacts));
  }
  return accept(found);
}
