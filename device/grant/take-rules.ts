/** What the owner allows: the rule book, and the yes to one grant. */
import { approvalForm, verifyApproval } from '../../wire/approval.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { peek } from '../../wire/jws.ts';
import { ruleBookForm, verifyRuleBook } from '../../wire/rule-book.ts';
import { type InForce, toRuleBook } from './in-force.ts';
import type { Change } from './taken.ts';

/**
 * Takes a rule book: the one in force again changes nothing, any other has to have a higher version than every one before it.
 * @param nowS  the hub's time, seconds
 * @returns OWNER_MISSING or RULE_BOOK_… when it is refused
 */
export async function takeRuleBook(text: string, inForce: InForce, nowS: number): Promise<Verdict<Change>> {
  const { hubId, owners, rules, floors, texts } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  if (rules !== undefined && text === texts.ruleBook) {
    return accept({ taken: { took: 'ruleBook', version: rules.claims.version, changed: false } });
  }
  const verified = await verifyRuleBook(text, owners.keys, { hubId, above: floors.ruleBook, nowS });
  if (!verified.ok) return verified;
  const peeked = peek(ruleBookForm, text);
  const book = await toRuleBook(verified.value, peeked.ok ? (peeked.value.kid ?? '') : '');
  if (!book.ok) return book;
  const { version, seen } = verified.value;
  return accept({
    taken: { took: 'ruleBook', version, changed: true },
    next: { rules: book.value, floors: { ...floors, ruleBook: version }, texts: { ...texts, ruleBook: text } },
    keep: { ruleBook: text },
    ...(seen === undefined ? {} : { seen }),
  });
}

/**
 * Takes an approval that comes before its grant, to be kept for it. It is verified again, against that grant, when the grant is decided.
 * @param nowS  the hub's time, seconds
 * @param kept  the approval that is kept for a grant already
 * @returns OWNER_MISSING or APPROVAL_… when it is refused
 */
export async function takeApproval(
  text: string,
  inForce: InForce,
  nowS: number,
  kept: (grantHash: string) => string | undefined,
): Promise<Verdict<Change>> {
  const { hubId, owners } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  const peeked = peek(approvalForm, text);
  if (!peeked.ok) return peeked;
  const { grant: grantHash, door } = peeked.value.claims;
  const verified = await verifyApproval(text, owners.keys, { hubId, door, grantHash, nowS });
  if (!verified.ok) return verified;
  const { exp, seen } = verified.value;
  return accept({
    taken: { took: 'approval', grantHash, door, changed: kept(grantHash) !== text },
    approval: { text, until: exp },
    ...(seen === undefined ? {} : { seen }),
  });
}
