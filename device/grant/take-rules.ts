/** What the owner allows: the rule book, and the yes to one grant. */
import { approvalForm, verifyApproval } from '../../wire/approval.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { kidOf, peek } from '../../wire/jws.ts';
import { splitAsserted } from '../../wire/passkey.ts';
import { verifyRuleBook } from '../../wire/rule-book.ts';
import { type InForce, toRuleBook } from './in-force.ts';
import type { Change } from './taken.ts';

/**
 * Takes a rule book: the one in force again changes nothing, any other has to have a higher version than every one before it.
 * @param nowS  the hub's time, seconds
 * @returns OWNER_MISSING, RULE_BOOK_… or PASSKEY_… when it is refused
 */
export async function takeRuleBook(text: string, inForce: InForce, nowS: number): Promise<Verdict<Change>> {
  const { hubId, owners, rules, floors, texts } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  if (rules !== undefined && text === texts.ruleBook) {
    return accept({ taken: { took: 'ruleBook', version: rules.claims.version, changed: false } });
  }
  const verified = await verifyRuleBook(text, owners.keys, {
    ...{ hubId, above: floors.ruleBook, nowS },
    inForce: rules?.claims.rules ?? [],
  });
  if (!verified.ok) return verified;
  const book = await toRuleBook(verified.value, kidOf(text) ?? '');
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
 * @returns OWNER_MISSING, APPROVAL_… or PASSKEY_… when it is refused
 */
export async function takeApproval(
  text: string,
  inForce: InForce,
  nowS: number,
  kept: (grantHash: string) => string | undefined,
): Promise<Verdict<Change>> {
  const { hubId, owners } = inForce;
  if (owners === undefined) return refuse('OWNER_MISSING');
  const peeked = peek(approvalForm, splitAsserted(text).jws);
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
