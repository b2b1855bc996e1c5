/** What the hub goes by right now: the documents in force with their keys imported, as one value that never changes in place. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { IssuerKeys, RootKeys } from '../../wire/issuer-set.ts';
import { toVerifyKey, type VerifyKey } from '../../wire/jws.ts';
import type { OwnerListClaims } from '../../wire/owner.ts';
import type { OwnerDevice } from '../../wire/owner-device.ts';
import { type OwnerKey, toOwnerKeys } from '../../wire/owner-key.ts';
import type { RecoveryClaims } from '../../wire/recovery.ts';
import type { Rule, RuleBookClaims } from '../../wire/rule-book.ts';
import type { RetentionClaims } from '../../wire/video.ts';
import type { KeptDocument } from '../journal/journal.ts';

/** The pinned owner devices: what they sign with, imported, their passkeys, and what is sealed to. */
export interface OwnersInForce {
  readonly version: number;
  readonly devices: readonly OwnerDevice[];
  readonly keys: readonly OwnerKey[];
}

/** One rule, and the key of the carrier or company that it names. */
export interface RuleInForce {
  readonly rule: Rule;
  /** Undefined for a guest, whose own key is pinned by thumbprint. */
  readonly partyKey: VerifyKey | undefined;
}

export interface RuleBookInForce {
  readonly claims: RuleBookClaims;
  /** The owner device that signed it: when that device goes, its book goes. */
  readonly signedBy: string;
  readonly rules: ReadonlyMap<string, RuleInForce>;
}

/** The code that may add a device, and the recovery that waits. */
export interface RecoveryInForce {
  /** Of the pin; -1 before the first hand-over. */
  readonly version: number;
  /** The key of the code; undefined where none is pinned. */
  readonly key: VerifyKey | undefined;
  /** Recoveries with this code that owners have vetoed. */
  readonly vetoes: number;
  readonly pending: RecoveryClaims | undefined;
}

export interface InForce {
  readonly hubId: string;
  readonly roots: RootKeys | undefined;
  readonly issuers: IssuerKeys | undefined;
  readonly owners: OwnersInForce | undefined;
  readonly rules: RuleBookInForce | undefined;
  /** How long recordings are kept; undefined while the owner has said nothing. It stays when the device that signed it goes. */
  readonly retention: RetentionClaims | undefined;
  readonly recovery: RecoveryInForce;
  /** Grants of an earlier epoch are dead. */
  readonly epoch: number;
  /** Highest versions ever taken, -1 for none: they stand even when the document itself counts no more. */
  readonly floors: { readonly issuerSet: number; readonly ruleBook: number };
  /** The signed texts of the documents above. */
  readonly texts: Readonly<Partial<Record<KeptDocument, string>>>;
}

/** A hub that trusts nobody yet. */
export const nothingInForce = (hubId: string): InForce => ({
  hubId,
  roots: undefined,
  issuers: undefined,
  owners: undefined,
  rules: undefined,
  retention: undefined,
  recovery: { version: -1, key: undefined, vetoes: 0, pending: undefined },
  epoch: 0,
  floors: { issuerSet: -1, ruleBook: -1 },
  texts: {},
});

/** Imports the keys of an owner list. @throws jose's error for a key that is no point of its curve */
export const toOwners = async (claims: OwnerListClaims): Promise<OwnersInForce> => ({
  version: claims.version,
  devices: claims.devices,
  keys: await toOwnerKeys(claims.devices),
});

/** Imports the keys of a rule book, once. @returns RULE_BOOK_MALFORMED for a key that is no point of its curve */
export async function toRuleBook(claims: RuleBookClaims, signedBy: string): Promise<Verdict<RuleBookInForce>> {
  const rules = new Map<string, RuleInForce>();
  try {
    for (const rule of claims.rules) {
      const partyKey = rule.party.kind === 'guest' ? undefined : await toVerifyKey(rule.party.jwk);
      rules.set(rule.id, { rule, partyKey });
    }
  } catch {
    return refuse('RULE_BOOK_MALFORMED', { why: 'key' });
  }
  return accept({ claims, signedBy, rules });
}
