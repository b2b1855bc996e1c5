/** `journal verify` on the hub: the rows on disk, held against themselves and against the countersigned head. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, type VerifyKey } from '../../wire/jws.ts';
import { ChainCheck } from './chain-check.ts';
import { readWitness, type WitnessState, witnessRefusal, witnessState } from './countersigned.ts';
import type { HubStore } from './journal.ts';

export interface JournalSummary {
  readonly hub: string;
  /** First and last entry that were checked; `to` is `from - 1` when there was none. */
  readonly from: number;
  readonly to: number;
  /** Hash of entry `to`. */
  readonly hash: string;
  readonly witness: WitnessState;
}

const pageLength = 256;

/**
 * Checks every kept entry. Reads page by page: memory does not grow with the journal.
 * @param known.witness      a countersigned head from elsewhere; without it the one that the hub keeps
 * @param known.witnessKeys  the issuer keys that may have signed it; without them no witness is looked at
 * @returns JOURNAL_EDITED, JOURNAL_GAP, JOURNAL_REORDERED; JOURNAL_FORKED, JOURNAL_BEHIND against the witness; WITNESS_…
 * @throws Fault JOURNAL_UNAVAILABLE, JOURNAL_CORRUPT
 */
export async function verifyStore(
  store: HubStore,
  known: { readonly witness?: string; readonly witnessKeys?: readonly VerifyKey[] } = {},
): Promise<Verdict<JournalSummary>> {
  const jws = known.witness ?? store.trust.document('witness');
  const read = await readWitness(jws, known.witnessKeys, store.hubId);
  if (!read.ok) return read;
  const witness = read.value;

  const floor = store.rows.floor();
  const chain = new ChainCheck(floor, witness?.seq);
  let wrongHash: number | undefined;
  for (let next = floor.seq + 1; ; ) {
    const rows = store.rows.from(next, pageLength);
    for (const row of rows) {
      chain.push(row.text);
      if (hashOf(row.text) !== row.hash) wrongHash ??= row.seq;
    }
    if (rows.length === 0) break;
    next = rows.at(-1)!.seq + 1;
    await new Promise(setImmediate);
  }
  // The chain names what was changed more exactly than a hash beside the text can, except for the last entry.
  if (chain.broken !== undefined) return chain.broken;
  if (wrongHash !== undefined) return refuse('JOURNAL_EDITED', { seq: wrongHash });
  const against = witnessRefusal(witness, { from: floor.seq, to: chain.head.seq, hash: chain.watched });
  if (against !== undefined) return against;
  return accept({
    hub: store.hubId,
    from: floor.seq + 1,
    to: chain.head.seq,
    hash: chain.head.hash,
    witness: witnessState(jws, witness, chain.watched),
  });
}
