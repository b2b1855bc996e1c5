/** Whether an acknowledgement is genuine, and what its witness says of this journal. */
import { accept, type Refusal, refuse, type Verdict } from '../../wire/faults.ts';
import type { IssuerKeys } from '../../wire/issuer-set.ts';
import { JournalAck, readMessage } from '../../wire/messages.ts';
import { verifyWitness, type WitnessClaims } from '../../wire/witness.ts';
import type { Journal } from './journal.ts';
import { compareWitness, type WitnessFinding } from './witness.ts';

/** What a message says that the cloud holds. */
export interface Ack {
  readonly seq: number;
  /** Of entry `seq`, where the message has it. */
  readonly hash?: string;
  /** Compact JWS. */
  readonly witness: string;
}

/** An acknowledgement that is genuine. */
export interface Acknowledged {
  /** The cloud holds everything up to here, and wants what comes after. */
  readonly seq: number;
  readonly witness: WitnessClaims;
  /** The witness as it was signed. */
  readonly jws: string;
  readonly finding: WitnessFinding;
}

/** Reads an `ack` payload. @returns MESSAGE_TOO_BIG or MESSAGE_MALFORMED when it is none */
export const readAck = (payload: Uint8Array): Verdict<Ack> => readMessage('ack', JournalAck, payload);

/**
 * Verifies an acknowledgement. Only the witness in it is signed: what the envelope says beyond it, anybody on the way
 * could have said.
 * @returns ISSUER_SET_MISSING, WITNESS_…, or MESSAGE_MALFORMED when the envelope contradicts witness or journal
 * @throws Fault as `Journal.hashAt`
 */
export async function verifyAck(
  ack: Ack,
  issuers: IssuerKeys | undefined,
  hub: { readonly hubId: string; readonly journal: Journal },
): Promise<Verdict<Acknowledged>> {
  if (issuers === undefined) return refuse('ISSUER_SET_MISSING');
  const verified = await verifyWitness(ack.witness, issuers, { hubId: hub.hubId });
  if (!verified.ok) return verified;
  const witness = verified.value;
  const finding = compareWitness(hub.journal, witness);
  const refusal = contradict(ack, witness, finding === 'fine' ? hub.journal.hashAt(ack.seq) : undefined);
  return refusal ?? accept({ seq: ack.seq, witness, jws: ack.witness, finding });
}

function contradict(ack: Ack, witness: WitnessClaims, own: string | undefined): Refusal | undefined {
  if (ack.seq > witness.seq) return refuse('MESSAGE_MALFORMED', { why: 'seq' });
  if (ack.hash === undefined) return undefined;
  const known = ack.seq === witness.seq ? witness.hash : own;
  return known === undefined || known === ack.hash ? undefined : refuse('MESSAGE_MALFORMED', { why: 'hash' });
}
