/** The rules in force, as an owner's device signed them: the newest book that one of the home's devices vouches for. */
import * as v from 'valibot';
import { accept, type Refusal, refuse, type Verdict } from '../../../../wire/faults.ts';
import { splitAsserted } from '../../../../wire/passkey.ts';
import { type RuleBookClaims, ruleBookForm } from '../../../../wire/rule-book.ts';
import { verifyDocument } from '../device/documents.ts';
import type { Place } from './course.ts';

const Documents = v.object({ ruleBooks: v.array(v.object({ document: v.string() })) });

/** @returns undefined for the book of a device that is gone, which is out of force, and for one of another home, which never was in it */
export async function verifyBook({ home }: Place, document: string): Promise<RuleBookClaims | undefined> {
  const { jws } = splitAsserted(document);
  const verified = await verifyDocument(ruleBookForm, jws, home.owners, 'RULE_BOOK_KEY_UNKNOWN');
  return verified.ok && verified.value.claims.aud === home.hub ? verified.value.claims : undefined;
}

/** The rules of a book that is older than one that this device has seen may be ended: a newer one is withheld. @returns RULE_BOOK_OLD for it */
export async function withheld({ store }: Place, newest: RuleBookClaims | undefined): Promise<Refusal | undefined> {
  const seen = (await store.get('ruleBook')) ?? 0;
  return newest !== undefined && newest.version < seen ? refuse('RULE_BOOK_OLD', { has: seen }) : undefined;
}

/** @returns undefined where there is none, or none that is genuine; RULE_BOOK_OLD while a newer one is withheld */
export async function readRuleBook(place: Place): Promise<Verdict<RuleBookClaims | undefined>> {
  const { api, path } = place;
  const reply = await api.call({ method: 'GET', path: `${path}/documents` }, Documents);
  if (!reply.ok) return reply;
  let newest: RuleBookClaims | undefined;
  for (const { document } of reply.value.ruleBooks) {
    const claims = await verifyBook(place, document);
    if (claims !== undefined && claims.version > (newest?.version ?? -1)) newest = claims;
  }
  return (await withheld(place, newest)) ?? accept(newest);
}
