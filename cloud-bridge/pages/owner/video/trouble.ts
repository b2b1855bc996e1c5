/** Which words a refusal of a stream has. Pure. */
import type { FaultCode } from '../../../../wire/faults.ts';
import type { troubleWords } from './trouble-words.ts';

type Says = (typeof troubleWords)['en'];

const words: Readonly<Partial<Record<FaultCode, keyof Says>>> = {
  VIDEO_KEY_NOT_GENUINE: 'foreign',
  VIDEO_FRAME_REPLAYED: 'replayed',
  VIDEO_FRAME_MISSING: 'missing',
  VIDEO_FRAME_ALTERED: 'altered',
  VIDEO_CHAIN_BROKEN: 'broken',
  VIDEO_HEAD_NOT_GENUINE: 'broken',
};

/** What was done to a stream, in words. */
export const sayTrouble = (says: Says, code: FaultCode): string => says[words[code] ?? 'other'];
