/** Keeps the newest witness and the highest acknowledgement on disk, soon rather than at once: each commit costs a door time. */
import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import type { Acknowledged } from './acks.ts';
import type { TrustStore } from './journal.ts';

export interface AckKeeper {
  /** Keeps what is above what was kept; never lowers anything. */
  take(ack: Acknowledged): void;
  /** Writes now what waits. A disk that fails is no error: the cloud says it all again. */
  flush(): void;
}

/** @param afterMs  how long an acknowledgement may wait in memory; lost with a power cut, it is fetched again */
export function makeAckKeeper(trust: TrustStore, clock: Clock, afterMs: number): AckKeeper {
  let acked = -1;
  let witness: { readonly seq: number; readonly jws: string } | undefined;
  let unkept = { acked: false, witness: false };
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    try {
      if (unkept.witness && witness !== undefined) trust.keepDocument('witness', witness.jws);
      if (unkept.acked) trust.keepNumber('acked', acked);
      unkept = { acked: false, witness: false };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  };

  return {
    take: (ack) => {
      witness ??= keptWitness(trust);
      acked = Math.max(acked, trust.number('acked'));
      if (ack.witness.seq > (witness?.seq ?? -1)) {
        witness = { seq: ack.witness.seq, jws: ack.jws };
        unkept.witness = true;
      }
      if (ack.seq > acked) {
        acked = ack.seq;
        unkept.acked = true;
      }
      if (unkept.witness || unkept.acked) cancel ??= clock.after(afterMs, flush);
    },
    flush,
  };
}

/** The kept witness was verified when it came; here only its place counts. */
function keptWitness(trust: TrustStore): { seq: number; jws: string } | undefined {
  const jws = trust.document('witness');
  if (jws === undefined) return undefined;
  const claims: { seq?: number } = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return { seq: claims.seq ?? -1, jws };
}
