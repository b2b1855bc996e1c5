/** Signs the receipt of a stop that is over, once, with all that it is to be checked by later. */
import * as v from 'valibot';
import { hashOf, peek, thumbprintOf } from '../../wire/jws.ts';
import { receiptForm } from '../../wire/receipt.ts';
import { OkpJwk } from '../../wire/shapes.ts';
import { accountHolderId } from '../code/receivers.ts';
import { toBoth } from '../events/tell.ts';
import type { Parts } from '../parts.ts';
import { planOf } from '../plan/wishes.ts';
import { toHomePosition } from '../stop/place.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { receiptClaims, type StopFacts } from './claims.ts';

export type SignParts = Pick<Parts, 'signer' | 'sets' | 'now'>;

/** The key that a hub signs with. */
export const hubKeyOf = (hub: Row<'hub'>): OkpJwk => v.parse(OkpJwk, JSON.parse(hub.sign_jwk));

/** Of a visit that ended while this attempt ran: receipts of others say nothing of it. */
export function visitOf(delivery: Row<'delivery'>, attempt: Row<'attempt'>): StopFacts['visit'] {
  if (delivery.receipt === null) return undefined;
  const read = peek(receiptForm, delivery.receipt);
  if (!read.ok || read.value.claims.delivery !== delivery.id) return undefined;
  const isLast = delivery.attempt === attempt.number;
  return isLast ? { text: delivery.receipt, claims: read.value.claims } : undefined;
}

async function factsOf(parts: SignParts, tables: Tables, attempt: Row<'attempt'>): Promise<StopFacts | undefined> {
  const delivery = await tables.deliveries.find(attempt.delivery);
  const hub = delivery && (await tables.hubs.find(delivery.hub));
  if (delivery === undefined || hub === undefined) return undefined;
  const isAccount = attempt.named === accountHolderId(delivery.home);
  const holder = attempt.named === null || isAccount ? undefined : await tables.holders.find(attempt.named);
  return {
    ...{ delivery, attempt, plan: planOf(delivery), now: parts.now() },
    acts: await tables.stops.acts(delivery.id, attempt.number),
    holderKind: isAccount ? 'account' : holder?.kind,
    visit: visitOf(delivery, attempt),
    hub: { id: hub.id, kid: thumbprintOf(hubKeyOf(hub)) },
    home: toHomePosition(await tables.stops.position(delivery.home)),
  };
}

/** The sets that are in force now: a receipt is checked by those of its own time. */
export const setsText = ({ sets }: Pick<Parts, 'sets'>): string =>
  JSON.stringify({ roots: sets.rootSets.map(({ text }) => text), issuers: sets.issuerSet.text });

/** @returns its delivery; undefined where somebody else has signed it meanwhile */
export async function signReceipt(
  parts: SignParts,
  tables: Tables,
  { delivery: id, number }: Row<'attempt'>,
): Promise<Row<'delivery'> | undefined> {
  const attempt = await tables.attempts.find(id, number);
  if (attempt === undefined || attempt.state !== 'closed' || attempt.receipt !== null) return undefined;
  const facts = await factsOf(parts, tables, attempt);
  if (facts === undefined) return undefined;
  const receipt = await parts.signer.stopReceipt(receiptClaims(facts));
  const text = setsText(parts);
  await tables.evidence.keepSets(hashOf(text), text);
  await tables.attempts.change(id, number, { receipt, sets: hashOf(text) });
  const data = { delivery: id, attempt: number, receipt };
  await tables.events.add(toBoth(facts.delivery, 'stop.receipt', data, parts.now()));
  return facts.delivery;
}
