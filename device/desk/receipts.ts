/** Receipts: the hub's signed word on how a visit went. */
import type { SignKey } from '../../wire/jws.ts';
import { signDocument } from '../../wire/jws.ts';
import { receiptForm } from '../../wire/receipt.ts';
import type { Journal } from '../journal/journal.ts';
import type { VisitEnd } from '../visit/run.ts';
import type { Ended } from './entrance.ts';

/** @returns signs one; it names the newest entry before the one that it goes into */
export const receiptSigner =
  (hubId: string, key: SignKey, journal: Journal) =>
  ({ door, visit, outcome, proof, endedAt }: VisitEnd): Promise<string> => {
    const { id, jkt, delivery, arrivedAt } = visit;
    const times = { arrivedAt: arrivedAt ?? endedAt, endedAt };
    const claims = { iss: hubId, visit: id, door, jkt, ...times, outcome, proof, entry: journal.head() };
    return signDocument(receiptForm, delivery === undefined ? claims : { ...claims, delivery }, key);
  };

/** How a visit ended, from the journal. @throws Fault JOURNAL_UNAVAILABLE */
export function endedBefore(journal: Journal, visit: string): Ended | undefined {
  const [entry] = journal.recent({ visit, kinds: ['visit.ended'] }, 1);
  if (entry === undefined) return undefined;
  const { outcome, proof, receipt } = entry.body;
  return { outcome: String(outcome), proof: String(proof), ...(typeof receipt === 'string' ? { receipt } : {}) };
}
