/** One upload: entry texts from a place on, as many as fit, under a signed head. */
import type { ChainHead } from '../../wire/journal.ts';
import { journalHeadForm } from '../../wire/journal.ts';
import { hashOf, type SignKey, signDocument } from '../../wire/jws.ts';
import { writeMessage } from '../../wire/messages.ts';
import type { Journal } from './journal.ts';

/** Most entries in one batch: the limit of `JournalBatch`. */
export const maxBatchEntries = 64;
/** Largest payload, bytes: below `maxPayloadBytes.journal`. */
export const maxBatchBytes = 90_000;
/** Room for the envelope and the head, which is at most 1024 characters. */
const envelopeBytes = 1_280;

export interface Batch {
  readonly from: number;
  readonly to: number;
  readonly payload: Buffer;
}

export interface Signer {
  readonly hubId: string;
  readonly key: SignKey;
  /** System time, ms. */
  now(): number;
}

/** Signs a journal head. @returns compact JWS */
export const signHead = (head: ChainHead, signer: Signer): Promise<string> =>
  signDocument(
    journalHeadForm,
    { iss: signer.hubId, seq: head.seq, hash: head.hash, at: Math.floor(signer.now()) },
    signer.key,
  );

/**
 * @param from  sequence number of the first entry
 * @returns undefined when the journal has no such entry, or not any more
 * @throws Fault as `Journal.read`
 */
export async function makeBatch(journal: Journal, from: number, signer: Signer): Promise<Batch | undefined> {
  const entries = fitting(journal.read(from, maxBatchEntries, maxBatchBytes));
  const last = entries.at(-1);
  if (last === undefined || seqOf(entries[0]!) !== from) return undefined;
  const to = from + entries.length - 1;
  const head = await signHead({ seq: to, hash: hashOf(last) }, signer);
  return { from, to, payload: writeMessage({ v: 1, from, entries, head }) };
}

/** Texts that fit together once they are strings in JSON, where each quotation mark takes two bytes. At least one. */
function fitting(texts: readonly string[]): readonly string[] {
  let bytes = envelopeBytes;
  const first = texts.findIndex((text, index) => {
    bytes += Buffer.byteLength(JSON.stringify(text)) + 1;
    return index > 0 && bytes > maxBatchBytes;
  });
  return first === -1 ? texts : texts.slice(0, first);
}

const seqOf = (text: string): number => (JSON.parse(text) as { seq: number }).seq;
