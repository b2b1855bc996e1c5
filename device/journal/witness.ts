/** What a countersigned head says about this journal. Pure. */
import type { ChainHead } from '../../wire/journal.ts';

/** `behind`: the witness saw more than is here, so this is an old disk. `forked`: it saw something else. */
export type WitnessFinding = 'fine' | 'behind' | 'forked';

/**
 * Compares a witness, whose signature is verified, with the journal.
 * @param journal.hashAt  undefined for an entry that was pruned: such a witness says nothing any more, and counts as fine
 */
export function compareWitness(
  journal: { head(): ChainHead; hashAt(seq: number): string | undefined },
  witness: ChainHead,
): WitnessFinding {
  if (witness.seq > journal.head().seq) return 'behind';
  const own = journal.hashAt(witness.seq);
  return own === undefined || own === witness.hash ? 'fine' : 'forked';
}
