/** Reads what the hub trusts back from its disk: every document that lets somebody in is verified again, and one that does not hold is left out. */
import { claimedIssuerSetVersion, verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import { kidOf, peek, type VerifyKey } from '../../wire/jws.ts';
import { verifyOwnerList } from '../../wire/owner.ts';
import type { OwnerKey } from '../../wire/owner-key.ts';
import { splitAsserted } from '../../wire/passkey.ts';
import { type RuleBookClaims, ruleBookForm, verifyRuleBook } from '../../wire/rule-book.ts';
import type { TrustStore } from '../journal/journal.ts';
import { type InForce, nothingInForce, type RuleBookInForce, toOwners, toRuleBook } from './in-force.ts';
import { loadRecovery } from './take-recovery.ts';
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
  const claimedBook = claimedIn(bookText ?? '');
  const { recovery, pinText } = await loadRecovery(store, hubId, hubKey);
  return {
    ...nothingInForce(hubId),
    roots: roots?.ok ? roots.value : undefined,
    issuers: issuers?.ok ? issuers.value : undefined,
    owners,
    rules,
    retention,
    recovery,
    epoch: store.number('epoch'),
    floors: {
      issuerSet: claimedIssuerSetVersion(issuerText ?? ''),
      ruleBook: claimedBook?.version ?? -1,
    },
    texts: {
      ...(roots?.ok ? { rootSet: rootText! } : {}),
      ...(issuerText === undefined ? {} : { issuerSet: issuerText }),
      ...(owners === undefined ? {} : { ownerList: ownerText! }),
      ...(rules === undefined ? {} : { ruleBook: bookText! }),
      ...(retention === undefined ? {} : { retention: retentionText! }),
      ...(pinText === undefined ? {} : { recoveryPin: pinText }),
    },
  };
}

function claimedIn(text: string): RuleBookClaims | undefined {
  const peeked = peek(ruleBookForm, splitAsserted(text).jws);
  return peeked.ok ? peeked.value.claims : undefined;
}

/** A renewal carries no assertion: that the book before it had these rules was held against it when it was taken. */
async function loadRuleBook(
  text: string,
  owners: readonly OwnerKey[],
  hubId: string,
): Promise<RuleBookInForce | undefined> {
  const inForce = claimedIn(text)?.rules ?? [];
  const verified = await verifyRuleBook(text, owners, { hubId, above: -1, inForce, nowS: Number.MAX_SAFE_INTEGER });
  if (!verified.ok) return undefined;
  const book = await toRuleBook(verified.value, kidOf(text) ?? '');
  return book.ok ? book.value : undefined;
}
