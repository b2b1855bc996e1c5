/** Names those who may receive, and takes it back: at once, each for itself. Every other device of the home is told. */
import type * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { HolderWish, HolderWishes } from '../../wire/holder.ts';
import { newId } from '../../wire/jws.ts';
import type { Owner } from '../http/caller.ts';
import { type ReplanParts, replanHome } from '../plan/replan.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { accountHolderId, isRevoked } from './receivers.ts';

/** So many at once in one home: every one of them may be sent mail. */
const maxLiving = 100;

type HolderParts = ReplanParts;

async function isFit(
  { now, keys }: HolderParts,
  tables: Tables,
  { hub }: Owner,
  { delivery, holders }: v.InferOutput<typeof HolderWishes>,
): Promise<Verdict<void>> {
  const found = delivery === undefined ? undefined : await tables.deliveries.find(delivery);
  if (delivery !== undefined && found?.home !== hub.home) return refuse('NOT_FOUND');
  // A gift is passed on with one parcel, not with the home.
  if (delivery === undefined && holders.some(({ kind }) => kind === 'gift'))
    return refuse('HOLDER_UNFIT', { why: 'gift' });
  const pinned = new Set((await keys.owners(hub)).keys.map(({ kid }) => kid));
  for (const { kind, device, until } of holders) {
    if (device !== undefined && (kind !== 'household' || !pinned.has(device)))
      return refuse('HOLDER_UNFIT', { why: 'device' });
    if (until !== undefined && until * 1000 <= now()) return refuse('HOLDER_UNFIT', { why: 'until' });
  }
  const living = (await tables.holders.ofHome(hub.home)).filter((one) => !isRevoked(one, now()));
  return living.length + holders.length > maxLiving ? refuse('HOLDERS_FULL') : accept(undefined);
}

const toRow = (
  home: string,
  { kind, name, flat, note, sender, contact, language, device, until }: HolderWish,
  more: Pick<Row<'holder'>, 'delivery' | 'holder_group' | 'created_at'>,
): Row<'holder'> => ({
  id: newId(),
  ...{ home, kind, name, flat: flat ?? null, note: note ?? null, sender: sender ?? null, contact: contact ?? null },
  ...{ language: language ?? null, jkt: device ?? null, until_at: until === undefined ? null : until * 1000 },
  ...{ revoked_at: null, ...more },
});

/** @returns in the order of the wishes; NOT_FOUND for a delivery of another home, HOLDER_UNFIT, HOLDERS_FULL */
export async function nameHolders(
  parts: HolderParts,
  tables: Tables,
  owner: Owner,
  wishes: v.InferOutput<typeof HolderWishes>,
): Promise<Verdict<readonly Row<'holder'>[]>> {
  const fit = await isFit(parts, tables, owner, wishes);
  if (!fit.ok) return fit;
  const { delivery, holders } = wishes;
  const { home } = owner.hub;
  const at = parts.now();
  const group = holders.length > 1 ? newId() : null;
  const rows = holders.map((wish) =>
    toRow(home, wish, { delivery: delivery ?? null, holder_group: group, created_at: at }),
  );
  for (const row of rows) await tables.holders.add(row);
  const data = { holders: rows.map(({ id }) => id), ...(delivery === undefined ? {} : { delivery }), by: owner.jkt };
  await tables.events.add([{ party: `home:${home}`, type: 'holders.named', data, at }]);
  await replanHome(parts, tables, home, { ends: false });
  return accept(rows);
}

/** Taken back twice is taken back. @returns NOT_FOUND for one of another home; HOLDER_UNFIT for the home itself */
export async function revokeHolder(
  parts: HolderParts,
  tables: Tables,
  { hub, jkt }: Owner,
  id: string,
): Promise<Verdict<{ revoked: number }>> {
  if (id === accountHolderId(hub.home)) return refuse('HOLDER_UNFIT', { why: 'account' });
  const holder = await tables.holders.find(id);
  if (holder?.home !== hub.home) return refuse('NOT_FOUND');
  if (holder.revoked_at !== null) return accept({ revoked: holder.revoked_at });
  const at = parts.now();
  await tables.holders.revoke(id, at);
  const data = { holder: id, by: jkt };
  await tables.events.add([{ party: `home:${hub.home}`, type: 'holder.revoked', data, at }]);
  await replanHome(parts, tables, hub.home, { ends: false });
  return accept({ revoked: at });
}
