/** The household of the sandbox: what it says goes the way that a real owner's word goes, once it has been proven. */
import { accept, type Verdict } from '../../wire/faults.ts';
import { cancel } from '../delivery/cancel.ts';
import { changeDelivery } from '../delivery/change.ts';
import { endDispute, openDispute } from '../dispute/dispute.ts';
import type { Parts } from '../parts.ts';
import { changePlan } from '../plan/change-plan.ts';
import { block } from '../plan/not-mine.ts';
import type { StopParts } from '../stop/happen.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import type { HouseholdMove } from './scripts.ts';

export type HouseholdParts = StopParts & Pick<Parts, 'keys'>;

/** Comes after the end: only what was delivered is disputed. */
export const isAfterwards = (what: HouseholdMove): boolean =>
  what === 'disputes' || what === 'withdraws' || what === 'settles';

export async function moveHousehold(
  parts: HouseholdParts,
  tables: Tables,
  delivery: Row<'delivery'>,
  what: HouseholdMove,
): Promise<Verdict<unknown>> {
  const at = parts.now();
  switch (what) {
    case 'yes':
      return accept(await changeDelivery(tables, delivery, { state: 'granted' }, at));
    case 'no':
      return cancel(parts, tables, delivery, { outcome: 'ended-by-owner' });
    case 'changes-plan':
      return changePlan(parts, tables, delivery, { order: ['in-person'], code: true });
    case 'not-mine':
      return block(parts, tables, delivery);
    case 'disputes': {
      const who = { home: delivery.home, jkt: 'sandbox' };
      return openDispute(tables, who, { delivery: delivery.id, what: 'not-there' }, at);
    }
    case 'withdraws':
    case 'settles': {
      const how = what === 'settles' ? 'settled' : 'withdrawn';
      return endDispute(tables, { home: delivery.home, delivery: delivery.id }, how, at);
    }
  }
}
