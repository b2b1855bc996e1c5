/** A chain that hangs together, held against the head that the cloud countersigned. */
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import type { ChainHead } from '../../wire/journal.ts';
import type { VerifyKey } from '../../wire/jws.ts';
import { verifyWitness } from '../../wire/witness.ts';

/**
 * `matches`: the countersigned entry is here. `outside`: it lies before the first entry that was checked. `none`: there is
 * no countersigned head. `unchecked`: there is one, and no key to check it with.
 */
export type WitnessState = 'matches' | 'outside' | 'none' | 'unchecked';

/** @returns the countersigned head, undefined without one or without keys; WITNESS_… when its signature is refused */
export async function readWitness(
  jws: string | undefined,
  keys: readonly VerifyKey[] | undefined,
  hubId: string,
): Promise<Verdict<ChainHead | undefined>> {
  if (jws === undefined || keys === undefined) return accept(undefined);
  const issuers = { version: 0, exp: 0, issuer: '', keys: keys.map((key) => ({ key, nbf: 0, exp: 0 })) };
  return verifyWitness(jws, issuers, { hubId });
}

/**
 * @param chain.from  the entry before the first that was checked
 * @param chain.hash  of the countersigned entry as it was found, undefined when it was not among those checked
 * @returns JOURNAL_BEHIND (`seq` where the journal ends, `witness` where it should reach) or JOURNAL_FORKED (`seq`)
 */
export function witnessRefusal(
  witness: ChainHead | undefined,
  chain: { readonly from: number; readonly to: number; readonly hash: string | undefined },
): Refusal | undefined {
  if (witness === undefined || witness.seq < chain.from) return undefined;
  if (witness.seq > chain.to) return refuse('JOURNAL_BEHIND', { seq: chain.to, witness: witness.seq });
  return chain.hash === witness.hash ? undefined : refuse('JOURNAL_FORKED', { seq: witness.seq });
}

/** @param hash  of the countersigned entry as it was found */
export function witnessState(
  jws: string | undefined,
  witness: ChainHead | undefined,
  hash: string | undefined,
): WitnessState {
  if (jws === undefined) return 'none';
  if (witness === undefined) return 'unchecked';
  return hash === undefined ? 'outside' : 'matches';
}
