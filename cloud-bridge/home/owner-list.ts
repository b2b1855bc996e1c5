/** Takes the owner list that a hub has signed. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { type OwnerListClaims, verifyOwnerList } from '../../wire/owner.ts';
import type { BaseParts } from '../base-parts.ts';
import type { Row } from '../store/schema.ts';

/**
 * Verifies a list with the hub's key and keeps it if it is newer than the one that is kept.
 * @returns the claims, or OWNER_LIST_MALFORMED, OWNER_LIST_NOT_GENUINE
 */
export async function takeOwnerList(
  parts: Pick<BaseParts, 'store' | 'keys' | 'log'>,
  hub: Row<'hub'>,
  text: string,
): Promise<Verdict<OwnerListClaims>> {
  const verified = await verifyOwnerList(text, await parts.keys.hub(hub));
  if (!verified.ok) return verified;
  const { iss, version } = verified.value;
  if (iss !== hub.id) return { ok: false, code: 'OWNER_LIST_NOT_GENUINE', detail: { why: 'another hub' } };
  await parts.store.write(async ({ hubs }) => {
    const now = await hubs.find(hub.id);
    if (now !== undefined && version > now.owner_version) {
      await hubs.change(hub.id, { owner_list: text, owner_version: version });
      parts.log.ownerListTaken({ hub: hub.id, version });
    }
  });
  return accept(verified.value);
}

/** Asks the hub for its list. A hub that does not answer is asked again at its next hello. */
export async function fetchOwnerList(
  parts: Pick<BaseParts, 'store' | 'keys' | 'log' | 'line'>,
  hub: Row<'hub'>,
): Promise<void> {
  const status = await parts.line.ask(hub.id, { op: 'hub.status' }).catch(() => undefined);
  if (status?.ok && typeof status.value.ownerList === 'string') await takeOwnerList(parts, hub, status.value.ownerList);
}
