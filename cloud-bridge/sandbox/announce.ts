/** Announces a delivery at a virtual door, as a real one is: it stands in the same tables, in a home of its own that nobody lives in. */
import * as v from 'valibot';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import { type Place, Wishes } from '../../wire/plan.ts';
import { type SandboxOutcome, sandboxOutcomeOf } from '../../wire/sandbox.ts';
import { type Announced, announce, type DeliveryWish } from '../delivery/announce.ts';
import type { Parts } from '../parts.ts';
import { planOf } from '../plan/wishes.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { courierKey } from './courier.ts';
import { type SandboxScript, sandboxScripts } from './scripts.ts';
import { newSandboxHome, sandboxTables } from './world.ts';

export const isSandbox = ({ sandbox }: Pick<Row<'carrier'>, 'sandbox'>): boolean => sandbox === 1;

type AnnounceParts = Pick<Parts, 'now' | 'keys' | 'config' | 'vault' | 'sandboxKey'>;

/** Whoever lives there has named a neighbour, and said what is to be done with parcels. Nobody is waited for. */
async function moveIn(
  { config, now }: AnnounceParts,
  tables: Tables,
  home: string,
  order: readonly Place[],
  code = false,
): Promise<void> {
  const [neighbour, at] = [newId(), now()];
  await tables.holders.add({
    ...{ id: neighbour, home, kind: 'neighbour', name: 'Neighbour of the sandbox', delivery: null, holder_group: null },
    ...{ flat: null, note: null, contact: null, jkt: null, sender: null, language: null },
    ...{ created_at: at, until_at: null, revoked_at: null },
  });
  const wishes = v.parse(Wishes, {
    ...{ order, zone: config.homeZone, alwaysCode: code, waitSeconds: 0, neighbours: [neighbour] },
    ...{ drop: 'Behind the virtual door', pickUp: { point: 'Point of the sandbox', metres: 300 } },
  });
  await tables.wishBooks.put({ home, version: 1, text: JSON.stringify(wishes), by: 'sandbox', at });
}

const lacks = ({ plan, door }: Row<'delivery'>, { order = [] }: SandboxScript): Place | undefined => {
  const planned = new Set(planOf({ plan, door }).map(({ place }) => place));
  return order.find((place) => !planned.has(place));
};

/** @returns what `announce` does; DELIVERY_NOT_ALLOWED at every door of a home, and with `lacks` where the parcel or its carrier leaves out what is played there */
export async function announceInSandbox(
  parts: AnnounceParts,
  tables: Tables,
  carrier: Row<'carrier'>,
  wish: DeliveryWish,
  paceMs: number,
): Promise<Verdict<Announced>> {
  const home = newSandboxHome();
  const outcome: SandboxOutcome | undefined = sandboxOutcomeOf(wish.door);
  const script = outcome === undefined ? undefined : sandboxScripts[outcome];
  if (outcome === undefined || script === undefined || wish.until * 1000 <= parts.now()) {
    return refuse('DELIVERY_NOT_ALLOWED');
  }
  // Who says what it can goes by a plan; who says nothing is let in as couriers were before there were plans.
  const order = script.order ?? (wish.can === undefined ? undefined : ['inside' as const]);
  if (order !== undefined) await moveIn(parts, tables, home, order, script.code);
  const announced = await announce(parts, sandboxTables(tables, parts.sandboxKey, home), carrier, wish);
  if (!announced.ok) return announced;
  const { delivery } = announced.value;
  const missing = lacks(delivery, script);
  if (missing !== undefined) return refuse('DELIVERY_NOT_ALLOWED', { lacks: missing });
  const { kid: jkt } = await courierKey(parts, delivery);
  const play = { delivery: delivery.id, outcome, step: 0, pace_ms: paceMs, due_at: parts.now() + paceMs, jkt };
  if (script.steps.length > 0) await tables.plays.add(play);
  return accept(announced.value);
}
