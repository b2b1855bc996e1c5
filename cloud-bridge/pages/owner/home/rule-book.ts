/** The rules in force, as an owner's device signed them: the newest book that one of the home's devices vouches for. */
import * as v from 'valibot';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import { splitAsserted } from '../../../../wire/passkey.ts';
import { type RuleBookClaims, ruleBookForm } from '../../../../wire/rule-book.ts';
import { verifyDocument } from '../../viewer/documents.ts';
import type { Place } from './course.ts';

const Documents = v.object({ ruleBooks: v.array(v.object({ document: v.string() })) });

/** @returns undefined where there is none, or none that is genuine */
export async function readRuleBook({ api, path, home }: Place): Promise<Verdict<RuleBookClaims | undefined>> {
  const reply = await api.call({ method: 'GET', path: `${path}/documents` }, Documents);
  if (!reply.ok) return reply;
  let newest: RuleBookClaims | undefined;
  for (const { document } of reply.value.ruleBooks) {
    const { jws } = splitAsserted(document);
    const verified = await verifyDocument(ruleBookForm, jws, home.owners, 'RULE_BOOK_KEY_UNKNOWN');
    if (!verified.ok || verified.value.claims.aud !== home.hub) continue;
    if (verified.value.claims.version > (newest?.version ?? -1)) newest = verified.value.claims;
  }
  return accept(newest);
}
