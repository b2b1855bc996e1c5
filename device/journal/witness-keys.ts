/** The issuer keys that may have countersigned this hub's journal. */
import { verifyFirstRootSet, verifyIssuerSet } from '../../wire/issuer-set.ts';
import type { VerifyKey } from '../../wire/jws.ts';
import type { HubStore } from './journal.ts';

/** By the hub's own documents; whether they are in force now is no question here. */
export async function witnessKeysOf(store: HubStore): Promise<readonly VerifyKey[]> {
  const [rootText, issuerText] = [store.trust.document('rootSet'), store.trust.document('issuerSet')];
  const roots = await verifyFirstRootSet(rootText ?? '', 0);
  if (!roots.ok) return [];
  const issuers = await verifyIssuerSet(issuerText ?? '', roots.value, 0, 0);
  return issuers.ok ? issuers.value.keys.map((one) => one.key) : [];
}
