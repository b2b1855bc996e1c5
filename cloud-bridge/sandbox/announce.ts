/** Announces a delivery at a virtual door. It stands in the same table, with a hub and a home that there are not. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, newId } from '../../wire/jws.ts';
import { sandboxHub, sandboxOutcomeOf } from '../../wire/sandbox.ts';
import type { DeliveryWish } from '../delivery/announce.ts';
import { parcelsOf } from '../delivery/purpose.ts';
import type { NewRow, Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { sandboxScripts } from './scripts.ts';

export const isSandbox = ({ sandbox }: Pick<Row<'carrier'>, 'sandbox'>): boolean => sandbox === 1;

/** @returns DELIVERY_NOT_ALLOWED at the door that is named so, and at every door of a home */
export async function announceInSandbox(
  parts: { readonly now: () => number },
  tables: Tables,
  carrier: Row<'carrier'>,
  wish: DeliveryWish,
  paceMs: number,
): Promise<Verdict<Row<'delivery'>>> {
  const parcels = parcelsOf(carrier, wish);
  if (!parcels.ok) return parcels;
  const outcome = sandboxOutcomeOf(wish.door);
  const nowS = Math.floor(parts.now() / 1000);
  if (outcome === undefined || outcome === 'refused' || wish.until <= nowS) return refuse('DELIVERY_NOT_ALLOWED');
  const steps = sandboxScripts[outcome];
  const asks = steps.some((step) => step.do === 'grant' && step.consent === 'ask');
  const id = newId();
  const at = parts.now();
  const delivery: NewRow<'delivery'> = {
    ...{ id, carrier: carrier.id, home: `sandbox:${carrier.id}`, hub: sandboxHub, door: wish.door },
    ...{ from_s: wish.from, until_s: wish.until, parcels: parcels.value, reference: wish.reference },
    ...{ rule: 'rule-sandbox', consent: asks ? 'ask' : 'auto', state: 'announced', created_at: at },
    ...{ outcome: null, proof: null, receipt: null, on_the_way_at: null },
    ...{ parcel: null, plan: null, wishes: null, can: null, order_ref: null },
  };
  await tables.deliveries.add(delivery);
  const play = { delivery: id, outcome, step: 0, pace_ms: paceMs, due_at: at + paceMs, jkt: hashOf(newId()) };
  if (steps.length > 0) await tables.plays.add(play);
  const added = await tables.deliveries.find(id);
  return added === undefined ? refuse('NOT_FOUND') : accept(added);
}
