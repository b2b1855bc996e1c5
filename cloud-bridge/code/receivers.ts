/** Who may receive a delivery with a code of their own: nobody whom the owner has not named (S046). */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import { planOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

type Holder = Row<'holder'>;

/** The step of a plan that a hand-over to them closes. */
export type ReceivingPlace = 'in-person' | 'neighbour';

export interface Receiver {
  readonly holder: Holder;
  readonly place: ReceivingPlace;
}

/** Of the home itself. */
export const accountHolderId = (home: string): string => hashOf(`holder\naccount\n${home}`).slice(0, 22);

export const isRevoked = ({ revoked_at, until_at }: Holder, now: number): boolean =>
  revoked_at !== null || (until_at !== null && now >= until_at);

/** The holder of the home itself: every home has it, and no row says so. It has no name: pages say "whoever lives here". */
export const accountHolder = (home: string): Holder => ({
  ...{ id: accountHolderId(home), home, kind: 'account', name: '', delivery: null, holder_group: null, flat: null },
  ...{ note: null, contact: null, sender: null, language: null, jkt: null, created_at: 0 },
  ...{ until_at: null, revoked_at: null },
});

function placeOf({ id, kind, delivery }: Holder, at: Row<'delivery'>): ReceivingPlace | undefined {
  if (delivery !== null && delivery !== at.id) return undefined;
  const plan = planOf(at);
  if (kind !== 'neighbour') return plan.some((step) => step.place === 'in-person') ? 'in-person' : undefined;
  // One who was named for this very delivery was named by its owner, whatever the plan said before.
  const isPlanned = plan.some((step) => step.place === 'neighbour' && step.holders.includes(id));
  return isPlanned || delivery === at.id ? 'neighbour' : undefined;
}

/** Everybody who may receive it now, in the order in which they were named; the home itself first. */
export async function receiversOf(
  tables: Tables,
  delivery: Row<'delivery'>,
  now: number,
): Promise<readonly Receiver[]> {
  const named = await tables.holders.ofHome(delivery.home);
  return [accountHolder(delivery.home), ...named].flatMap((holder) => {
    const place = isRevoked(holder, now) ? undefined : placeOf(holder, delivery);
    return place === undefined ? [] : [{ holder, place }];
  });
}

/** @returns HOLDER_NOT_NAMED for anybody whom the owner has not named for this; HOLDER_REVOKED */
export async function findReceiver(
  tables: Tables,
  delivery: Row<'delivery'>,
  id: string,
  now: number,
): Promise<Verdict<Receiver>> {
  const isAccount = id === accountHolderId(delivery.home);
  const holder = isAccount ? accountHolder(delivery.home) : await tables.holders.find(id);
  const place = holder?.home === delivery.home ? placeOf(holder, delivery) : undefined;
  if (holder === undefined || place === undefined) return refuse('HOLDER_NOT_NAMED');
  return isRevoked(holder, now) ? refuse('HOLDER_REVOKED') : accept({ holder, place });
}
