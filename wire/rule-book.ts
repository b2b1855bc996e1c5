/** The rule book: every rule of the owner for one hub, in one document signed on the owner's device. */
import * as v from 'valibot';
import { refuse, type Verdict } from './faults.ts';
import type { DocumentForm } from './jws.ts';
import { needUser, type OwnerKey, verifySigned } from './owner-key.ts';
import { Recurrence } from './recurrence.ts';
import { Count, DoorId, Hash, HubId, Seconds, SeenHead, SignJwk, Slug } from './shapes.ts';

/** Who a rule is for: a carrier or company that assigns its own people with its key, or a guest whose own key is pinned. */
export const Party = v.variant('kind', [
  v.strictObject({ kind: v.literal('carrier'), id: Slug, jwk: SignJwk }),
  v.strictObject({ kind: v.literal('company'), id: Slug, jwk: SignJwk }),
  v.strictObject({ kind: v.literal('guest'), id: Slug, jkt: Hash }),
]);
export type Party = v.InferOutput<typeof Party>;

export const Rule = v.strictObject({
  /** A revoked id never comes back to life: a new rule takes a new id. */
  id: Slug,
  door: DoorId,
  party: Party,
  /** The window: from (inclusive) until (exclusive), seconds. */
  from: Seconds,
  until: Seconds,
  /** Within the window, at these times only. */
  recurs: v.optional(Recurrence),
  /** How many visits in all, 1..1000. */
  visits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  /** How often one grant may open the door, 1..20. */
  entries: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
  camera: v.picklist(['recorded', 'watched', 'off']),
  /** `ask`: the owner approves each grant. `auto`: the party's own key is enough, while the lease runs. */
  consent: v.picklist(['ask', 'auto']),
});
export type Rule = v.InferOutput<typeof Rule>;

export const RuleBookClaims = v.strictObject({
  aud: HubId,
  version: Count,
  iat: Seconds,
  /** End of the lease: at most 7 days after `iat`. */
  exp: Seconds,
  /** Each id once: a grant names its rule by it. */
  rules: v.pipe(
    v.array(Rule),
    v.maxLength(64),
    v.check((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'ids'),
  ),
  /** The newest journal head that the owner's device has seen: a hub that is behind it refuses visits. */
  seen: v.optional(SeenHead),
});
export type RuleBookClaims = v.InferOutput<typeof RuleBookClaims>;

export const ruleBookForm: DocumentForm<typeof RuleBookClaims> = {
  typ: 'rulebook+jwt',
  algs: ['ES256'],
  maxBytes: 49_152,
  key: 'kid',
  claims: RuleBookClaims,
  malformed: 'RULE_BOOK_MALFORMED',
  notGenuine: 'RULE_BOOK_NOT_GENUINE',
};

/** Longest lease: 7 days, in seconds. */
export const maxLeaseSeconds = 7 * 86_400;
/** How far the owner's clock may be ahead of the hub's, seconds. */
export const clockSkewSeconds = 60;

/**
 * Does a book let somebody in whom the book in force does not? A rule that is not there word for word is a new one; the same rules
 * or fewer of them, under a new lease, are a renewal.
 */
export function widens(next: readonly Rule[], inForce: readonly Rule[]): boolean {
  const known = new Set(inForce.map(sameTextFor));
  return !next.every((rule) => known.has(sameTextFor(rule)));
}

/** The same text for the same rule, however its members are ordered. */
const sameTextFor = (rule: Rule): string => JSON.stringify(v.parse(Rule, rule));

/**
 * Verifies a rule book that comes in.
 * @param owners   the pinned owner devices
 * @param policy.above    version in force; only a higher one is taken (the same document again is for the caller to notice)
 * @param policy.inForce  the rules of that book: what is not among them widens
 * @returns RULE_BOOK_… or PASSKEY_… when it is refused
 */
export async function verifyRuleBook(
  text: string,
  owners: readonly OwnerKey[],
  policy: {
    readonly hubId: string;
    readonly above: number;
    readonly inForce: readonly Rule[];
    readonly nowS: number;
  },
): Promise<Verdict<RuleBookClaims>> {
  const verified = await verifySigned(ruleBookForm, text, owners, 'RULE_BOOK_KEY_UNKNOWN');
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if (claims.aud !== policy.hubId) return refuse('RULE_BOOK_WRONG_HUB');
  if (claims.version <= policy.above) return refuse('RULE_BOOK_OLD', { has: policy.above, got: claims.version });
  if (claims.exp - claims.iat > maxLeaseSeconds) return refuse('RULE_BOOK_LEASE_TOO_LONG');
  if (claims.iat > policy.nowS + clockSkewSeconds) return refuse('RULE_BOOK_EARLY');
  return needUser(verified.value, widens(claims.rules, policy.inForce));
}
