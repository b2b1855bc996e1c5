/** The carrier's answer to a dispute: told to the household as the carrier's word, which proves nothing. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { tellDispute } from './tell.ts';

/** @returns DISPUTE_NOT_OPEN; the same answer again changes nothing */
export async function answerDispute(
  tables: Tables,
  delivery: Row<'delivery'>,
  text: string,
  at: number,
): Promise<Verdict<{ readonly dispute: string; readonly answeredAt: number }>> {
  const one = await tables.disputes.open(delivery.id);
  if (one === undefined) return refuse('DISPUTE_NOT_OPEN');
  if (one.answer === text && one.answered_at !== null) return accept({ dispute: one.id, answeredAt: one.answered_at });
  await tables.disputes.change(one.id, { answer: text, answered_at: at });
  await tellDispute(tables, delivery.carrier, one, 'answered', at);
  return accept({ dispute: one.id, answeredAt: at });
}
