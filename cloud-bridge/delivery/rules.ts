/** Which rule of the owner fits a delivery, by the newest rule book that the cloud holds. The hub decides again by its own. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import * as v from 'valibot';
import { peek } from '../../wire/jws.ts';
import { windowsOf } from '../../wire/occurrences.ts';
import { splitAsserted } from '../../wire/passkey.ts';
import { type Rule, type RuleBookClaims, ruleBookForm } from '../../wire/rule-book.ts';
import { sandboxHub } from '../../wire/sandbox.ts';
import { SignJwk } from '../../wire/shapes.ts';
import type { HubKeys } from '../home/keys.ts';
import type { Parts } from '../parts.ts';
import { sandboxRuleOf } from '../sandbox/rule.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { kindOf, type PartnerKind } from './purpose.ts';

export interface RuleWish {
  /** The carrier's id, what it is, and the key that it registered with the cloud. */
  readonly party: string;
  readonly kind: PartnerKind;
  readonly jwk: SignJwk;
  readonly door: string;
  /** The delivery's window, seconds: from (inclusive) until (exclusive). */
  readonly from: number;
  readonly until: number;
  readonly nowS: number;
}

/** The newest rule book that a present owner device has signed: after a new hand-over those of earlier owners count no more. */
export async function newestRuleBook(
  tables: Tables,
  hub: Row<'hub'>,
  keys: HubKeys,
): Promise<Row<'document'> | undefined> {
  const owners = await keys.owners(hub);
  const kids = owners.keys.map((key) => key.kid);
  return tables.documents.newest(hub.id, ruleBookForm.typ, kids);
}

/** The same, read. */
export async function ruleBookOf(tables: Tables, hub: Row<'hub'>, keys: HubKeys): Promise<RuleBookClaims | undefined> {
  const row = await newestRuleBook(tables, hub, keys);
  return readRuleBook(row);
}

/** The claims of a stored rule book, which was verified before it was stored. */
export function readRuleBook(row: Pick<Row<'document'>, 'text'> | undefined): RuleBookClaims | undefined {
  const read = peek(ruleBookForm, splitAsserted(row?.text ?? '').jws);
  return read.ok ? read.value.claims : undefined;
}

const sameKey = async (a: SignJwk, b: SignJwk): Promise<boolean> =>
  (await calculateJwkThumbprint(a as JWK)) === (await calculateJwkThumbprint(b as JWK));

/** What a rule is looked up for: a carrier at a door in a window, seconds. */
export interface RuleNeed {
  readonly carrier: Row<'carrier'>;
  readonly hub: Row<'hub'>;
  readonly door: string;
  readonly from: number;
  readonly until: number;
}

/** The rule that lets this carrier in now, by this book. */
export async function findRuleOf(
  { now }: Pick<Parts, 'now'>,
  tables: Tables,
  book: RuleBookClaims | undefined,
  { carrier, hub, door, from, until }: RuleNeed,
): Promise<Rule | undefined> {
  const jwk = v.parse(SignJwk, JSON.parse(carrier.jwk));
  // Behind a virtual door nobody lives who could sign a book.
  if (hub.id === sandboxHub) return sandboxRuleOf({ id: carrier.id, kind: kindOf(carrier), jwk }, door);
  const nowS = Math.floor(now() / 1000);
  return findRule(tables, hub, book, { party: carrier.id, kind: kindOf(carrier), jwk, door, from, until, nowS });
}

/** @returns the first rule that fits, or undefined: whichever part does not fit is nobody's business but the owner's */
export async function findRule(
  tables: Tables,
  hub: Row<'hub'>,
  book: RuleBookClaims | undefined,
  wish: RuleWish,
): Promise<Rule | undefined> {
  if (book === undefined || wish.nowS >= book.exp) return undefined;
  for (const rule of book.rules) {
    const { party } = rule;
    if (party.kind === 'guest' || party.kind !== wish.kind || party.id !== wish.party || rule.door !== wish.door)
      continue;
    if (windowsOf(rule, { from: Math.max(wish.from, wish.nowS), until: wish.until }).length === 0) continue;
    if (!(await sameKey(party.jwk, wish.jwk))) continue;
    if (await tables.documents.isAbout(hub.id, 'revocation+jwt', `rule:${rule.id}`)) continue;
    return rule;
  }
  return undefined;
}
