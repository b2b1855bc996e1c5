/** The desk for signed documents: takes them, journals what became of them, does what they ask for. */
import { accept, type FaultCode, refuse, unreachable, type Verdict } from '../../wire/faults.ts';
import { hashOf } from '../../wire/jws.ts';
import type { Taken } from '../grant/taken.ts';
import type { Trust } from '../grant/trust.ts';
import type { Draft } from '../journal/journal.ts';

export interface DocumentDeskParts {
  readonly trust: Trust;
  /** The hub's time, ms: trusted when there is trusted time, else the system's. */
  readonly now: () => number;
  /** The nonce that a clock reset has to answer. */
  readonly resetNonce: () => string | undefined;
  readonly record: (draft: Draft) => Promise<void>;
  readonly refused: (code: FaultCode) => void;
  /** Ends the visit, whichever door it is at (R8). */
  readonly endVisit: (visit: string, by: 'owner' | 'issuer') => Promise<void>;
  /** What was decided before may not hold any more: visits that are under way are looked at again. */
  readonly review: () => Promise<void>;
  /** The owner keeps recordings for another time now: what is over goes. */
  readonly keepRecordings: () => void;
  /** A recovery was asked for, vetoed, or its code replaced. */
  readonly lookAtRecovery: () => void;
  /** An owner signed for having looked. @returns CLEARANCE_OTHER_ALARM when that alarm does not stand */
  readonly clear: (door: string, alarm: number) => Promise<Verdict<unknown>>;
  /** @returns CLOCK_RESET_NONCE_UNKNOWN when the nonce has been used meanwhile */
  readonly resetClock: (nonce: string, markS: number) => Verdict<unknown>;
}

/** @returns takes one document of any type; what is refused has changed nothing */
export function documentDesk(parts: DocumentDeskParts): (text: string) => Promise<Verdict<Record<string, unknown>>> {
  return async (text) => {
    const nowMs = parts.now();
    const nonce = parts.resetNonce();
    const taken = await parts.trust.take(text, {
      nowS: Math.floor(nowMs / 1000),
      ...(nonce === undefined ? {} : { resetNonce: nonce }),
    });
    if (!taken.ok) {
      parts.refused(taken.code);
      return taken;
    }
    const done = await follow(taken.value, parts);
    if (!done.ok) {
      parts.refused(done.code);
      return done;
    }
    if (taken.value.changed) {
      await parts.record({
        at: nowMs,
        kind: taken.value.took === 'retention' ? 'retention.changed' : 'document.accepted',
        body: { ...factsOf(taken.value), hash: hashOf(text) },
      });
    }
    // It counts from now on, but the disk refused it: the cloud has to send it again.
    if (taken.value.took === 'revocation' && !taken.value.durable) return refuse('JOURNAL_UNAVAILABLE');
    return accept(answerOf(taken.value));
  };
}

/** Does what a document asks for. A stop comes before its journal entry: nothing waits for the disk to lock a door. */
async function follow(taken: Taken, parts: DocumentDeskParts): Promise<Verdict<unknown>> {
  switch (taken.took) {
    case 'revocation':
      if (taken.ends.kind === 'visit') await parts.endVisit(taken.ends.id, taken.by);
      else if (taken.ends.kind === 'recovery') parts.lookAtRecovery();
      else if (taken.changed) await parts.review();
      return accept({});
    case 'recovery':
    case 'recoveryCode':
      parts.lookAtRecovery();
      return accept({});
    case 'ruleBook':
    case 'ownerChange':
    case 'issuerSet':
    case 'rootSet':
      if (taken.changed) await parts.review();
      return accept({});
    case 'clearance':
      return parts.clear(taken.door, taken.alarm);
    case 'clockReset':
      return parts.resetClock(taken.nonce, taken.markS);
    case 'retention':
      if (taken.changed) parts.keepRecordings();
      return accept({});
    case 'approval':
      return accept({});
    default:
      return unreachable(taken);
  }
}

function factsOf(taken: Taken): Draft['body'] {
  switch (taken.took) {
    case 'revocation':
      return {
        type: taken.took,
        by: taken.by,
        ends: taken.ends.kind,
        of: 'id' in taken.ends ? taken.ends.id : taken.ends.epoch,
      };
    case 'recovery':
      return { type: taken.took, recovery: taken.id, device: taken.device };
    case 'approval':
      return { type: taken.took, grant: taken.grantHash, door: taken.door };
    case 'clearance':
      return { type: taken.took, door: taken.door, alarm: taken.alarm };
    case 'clockReset':
      return { type: taken.took, mark: taken.markS };
    case 'ownerChange':
      return {
        type: taken.took,
        version: taken.version,
        added: taken.added !== undefined,
        removed: taken.removed ?? null,
      };
    case 'retention':
      return { version: taken.version, keepHours: taken.keepHours, kept: taken.kept };
    default:
      return { type: taken.took, version: taken.version };
  }
}

function answerOf(taken: Taken): Record<string, unknown> {
  const { took } = taken;
  if (took === 'ownerChange') return { took, ownerList: taken.ownerList };
  return took === 'recoveryCode' ? { took, recoveryPin: taken.recoveryPin } : { took };
}
