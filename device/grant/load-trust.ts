/** Reads what the hub trusts back from its disk: every document that lets somebody in is verified again, and one that does not hold is left out. */
import { claimedIssuerSetVersion, verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { peek, type VerifyKey } from '../../wire/jws.ts';
import { verifyOwnerList } from '../../wire/owner.ts';
import { ruleBookForm, verifyRuleBook } from '../../wire/rule-book.ts';
import type { TrustStore } from '../journal/journal.ts';
import { type InForce, nothingInForce, type RuleBookInForce, toOwners, toRuleBook } from './in-force.ts';
import { readKeptRetention } from './take-retention.ts';

/** Expiry is judged at every use, so reading needs no clock. */
const judgedLater = 0;

/**
 * @param hubKey  the hub's own public key, which signed the owner list
 * @returns what holds; `floors` remember the versions of what no longer does
 */
export async function loadTrust(store: TrustStore, hubId: string, hubKey: VerifyKey): Promise<InForce> {
  const rootText = store.document('rootSet');
  const issuerText = store.document('issuerSet');
  const ownerText = store.document('ownerList');
  const bookText = store.document('ruleBook');
  const retentionText = store.document('retention');

  const roots = rootText === undefined ? undefined : await verifyFirstRootSet(rootText, judgedLater);
  const issuers =
    issuerText === undefined || !roots?.ok ? undefined : await verifyIssuerSet(issuerText, roots.value, 0, judgedLater);
  const list = ownerText === undefined ? undefined : await verifyOwnerList(ownerText, hubKey);
  const owners = list?.ok && list.value.iss === hubId ? await toOwners(list.value) : undefined;
  const rules = bookText === undefined ? undefined : await loadRuleBook(bookText, owners?.keys ?? [], hubId);
  const retention = readKeptRetention(retentionText, hubId);
  const claimedBook = peek(ruleBookForm, bookText ?? '');
  return {
    ...nothingInForce(hubId),
    roots: roots?.ok ? roots.value : undefined,
    issuers: issuers?.ok ? issuers.value : undefined,
    owners,
    rules,
    retention,
    epoch: store.number('epoch'),
    floors: {
      issuerSet: claimedIssuerSetVersion(issuerText ?? ''),
      ruleBook: claimedBook.ok ? claimedBook.value.claims.version : -1,
    },
    texts: {
      ...(roots?.ok ? { rootSet: rootText! } : {}),
      ...(issuerText === undefined ? {} : { issuerSet: issuerText }),
      ...(owners === undefined ? {} : { ownerList: ownerText! }),
      ...(rules === undefined ? {} : { ruleBook: bookText! }),
      ...(retention === undefined ? {} : { retention: retentionText! }),
    },
  };
}

async function loadRuleBook(
  text: string,
  owners: readonly VerifyKey[],
  hubId: string,
): Promise<RuleBookInForce | undefined> {
  const verified = await verifyRuleBook(text, owners, { hubId, above: -1, nowS: Number.MAX_SAFE_INTEGER });
  const peeked = peek(ruleBookForm, text);
  if (!verified.ok || !peeked.ok) return undefined;
  const book = await toRuleBook(verified.value, peeked.value.kid ?? '');
  return book.ok ? book.value : undefined;
}
