import type { CaseReason } from '../../../../wire/support.ts';
import type { words } from './words.ts';

type Says = (typeof words)['en'];
const keys = {
  missing: 'reasonMissing',
  place: 'reasonPlace',
  lost: 'reasonLost',
  damaged: 'reasonDamaged',
  wrong: 'reasonWrong',
  door: 'reasonDoor',
  visitor: 'reasonVisitor',
  other: 'reasonOther',
} as const satisfies Record<CaseReason, keyof Says>;

/** What a case is about, in words. */
export const sayReason = (says: Says, reason: CaseReason): string => says[keys[reason]];
