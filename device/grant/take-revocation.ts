/** What ends: a grant, a guest, a rule, a visit, a recovery, or everything before an epoch. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { verifyRevocation } from '../../wire/revocation.ts';
import type { EndKind } from './ends.ts';
import type { InForce } from './in-force.ts';
import type { Change } from './taken.ts';

/**
 * Takes a revocation of an owner device or an issuer. Time plays no part: an end holds whatever the clock says.
 * @param isEnded  whether the hub remembers that end already
 * @returns REVOCATION_… when it is refused
 */
export async function takeRevocation(
  text: string,
  inForce: InForce,
  isEnded: (kind: EndKind, id: string) => boolean,
): Promise<Verdict<Change>> {
  const { hubId, epoch, owners, issuers } = inForce;
  const verified = await verifyRevocation(text, { owners: owners?.keys ?? [], issuers }, { hubId, epoch });
  if (!verified.ok) return verified;
  const { by } = verified.value;
  const { ends } = verified.value.claims;
  const changed = ends.kind === 'epoch' ? ends.epoch > epoch : !isEnded(ends.kind, ends.id);
  return accept({ taken: { took: 'revocation', ends, by, changed, durable: false } });
}
