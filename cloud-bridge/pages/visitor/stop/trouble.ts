/** Why the last press at a stop came to nothing, and what to do now. Pure. */
import type { FaultCode } from '../../../../wire/faults.ts';
import type { StopView } from '../../../../wire/stop.ts';
import { goodEnds } from './story.ts';
import type { StopWord } from './words.ts';

const troubles: Partial<Record<FaultCode, StopWord>> = {
  CODE_WRONG: 'wrong',
  CODE_EXPIRED: 'expired',
  CODE_LIMITED: 'limited',
  HOLDER_NOT_NAMED: 'unnamed',
  HOLDER_REVOKED: 'revoked',
  STOP_NOT_HERE: 'unsure',
  STOP_WRONG_DOOR: 'wrongDoor',
  STOP_WAIT: 'wait',
  STOP_NOT_RUNG: 'ringTitle',
  STOP_NOT_YET: 'order',
  STOP_PROOF_MISSING: 'proof',
};

/** Pressed at a stop that is over: its end says what to do. Nothing more is said to who used the last try, or has what was wanted. */
function afterEnd(end: StopView['end'], refusal: FaultCode): StopWord | undefined {
  if (end === undefined || goodEnds.includes(end)) return undefined;
  if (refusal === 'CODE_EXPIRED' && end === 'day-over') return 'codeOver';
  return refusal.startsWith('CODE_') ? undefined : 'tooLate';
}

/** @param refusal  of the last press; undefined: there is none */
export function troubleOf(
  { state, end }: Pick<StopView, 'state' | 'end'>,
  refusal: FaultCode | undefined,
): StopWord | undefined {
  if (refusal === undefined) return undefined;
  if (state === 'closed') return afterEnd(end, refusal);
  if (refusal === 'STOP_NOT_HERE' && state === 'expected') return 'notHere';
  return troubles[refusal] ?? 'denied';
}
