/** Disputes: an owner says with one tap what went wrong, the carrier is told what it has to do, and a case is opened with it. */
import type { Disputed } from '../../wire/dispute.ts';
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { newId } from '../../wire/jws.ts';
import type { CaseReason } from '../../wire/support.ts';
import { isOver } from '../delivery/progress.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { caseOf, closeCase, openCase } from '../support/cases.ts';
import { tellDispute } from './tell.ts';

/** Said and taken back so often, a delivery is a matter for people. */
const maxDisputes = 20;

const caseReasons: Readonly<Record<Disputed, CaseReason>> = {
  'not-there': 'missing',
  'wrong-place': 'place',
  lost: 'lost',
  damaged: 'damaged',
  'not-mine': 'wrong',
};

/** What was delivered can be anything; what was not can be lost, as soon as its time is over. */
function canBe(what: Disputed, { state, until_s }: Row<'delivery'>, at: number): boolean {
  if (state === 'delivered') return true;
  return what === 'lost' && (isOver(state) || until_s * 1000 <= at);
}

async function end(
  tables: Tables,
  carrier: string,
  one: Row<'dispute'>,
  how: 'withdrawn' | 'settled',
  at: number,
): Promise<void> {
  await tables.disputes.change(one.id, how === 'settled' ? { settled_at: at } : { withdrawn_at: at });
  const kept = one.of_case === null ? undefined : await caseOf(tables, one.home, one.of_case);
  // A case that was open before is about more.
  if (kept?.ok && kept.value.opened_at === one.opened_at) await closeCase(tables, kept.value, at);
  await tellDispute(tables, carrier, one, how, at);
}

/**
 * Opens a dispute. The same again changes nothing; another outcome takes the place of the one that was said before.
 * @returns NOT_FOUND for a delivery of another home; DISPUTE_TOO_EARLY; RATE_LIMITED
 */
export async function openDispute(
  tables: Tables,
  who: { readonly home: string; readonly jkt: string },
  wish: { readonly delivery: string; readonly what: Disputed },
  at: number,
): Promise<Verdict<Row<'dispute'>>> {
  const delivery = await tables.deliveries.find(wish.delivery);
  if (delivery?.home !== who.home) return refuse('NOT_FOUND');
  const before = await tables.disputes.open(delivery.id);
  if (before?.what === wish.what) return accept(before);
  if (!canBe(wish.what, delivery, at)) return refuse('DISPUTE_TOO_EARLY');
  const said = await tables.disputes.ofDelivery(delivery.id, maxDisputes);
  if (said.length >= maxDisputes) return refuse('RATE_LIMITED', { what: 'disputes' });
  if (before !== undefined) await end(tables, delivery.carrier, before, 'withdrawn', at);
  // Where too many cases are open the dispute stands without one: the carrier has to answer it all the same.
  const opened = await openCase(tables, who, { delivery: delivery.id, reason: caseReasons[wish.what] }, at);
  const one = {
    ...{ id: newId(), home: who.home, delivery: delivery.id, attempt: delivery.attempt, what: wish.what },
    ...{ of_case: opened.ok ? opened.value.id : null, opened_by: who.jkt, opened_at: at, withdrawn_at: null },
    ...{ answer: null, answered_at: null, settled_at: null },
  };
  await tables.disputes.add(one);
  await tellDispute(tables, delivery.carrier, one, 'open', at);
  return accept(one);
}

/**
 * Takes the open dispute of a delivery back, or says that it is settled; its case ends with it. Nothing open: nothing done.
 * @returns NOT_FOUND
 */
export async function endDispute(
  tables: Tables,
  who: { readonly home: string; readonly delivery: string },
  how: 'withdrawn' | 'settled',
  at: number,
): Promise<Verdict<undefined>> {
  const delivery = await tables.deliveries.find(who.delivery);
  if (delivery?.home !== who.home) return refuse('NOT_FOUND');
  const one = await tables.disputes.open(delivery.id);
  if (one !== undefined) await end(tables, delivery.carrier, one, how, at);
  return accept(undefined);
}
