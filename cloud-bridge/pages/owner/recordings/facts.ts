/** What this device found out about a recording when it opened it: a verdict, and what is missing or wrong by name and number. Pure. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { isWhole, type Recording } from '../video/recording.ts';

/** `fake`: something in it is not the hub's. */
export type RecordingVerdict = 'genuine' | 'partly' | 'fake';

export const verdictOf = (recording: Recording): RecordingVerdict =>
  isWhole(recording) ? 'genuine' : recording.refused.size > 0 ? 'fake' : 'partly';

export type Fact =
  | { readonly is: 'refused'; readonly code: FaultCode; readonly n: number }
  /** Pictures: `missing`, `unsigned` behind the last signature, `late` by the hub's count, `checked` here. */
  | { readonly is: 'missing' | 'unsigned' | 'late' | 'checked'; readonly n: number }
  /** The file was cut; the hub has signed no end; the camera failed. */
  | { readonly is: 'damaged' | 'openEnd' | 'cameraLost' };

export const isBadFact = ({ is }: Fact): boolean => is === 'refused' || is === 'missing' || is === 'damaged';

/** Worst first. */
export function factsOf({ pictures, missing, refused, damaged, ended, late, signedTo }: Recording): readonly Fact[] {
  const lost = missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const unsigned = pictures.filter(({ seq }) => seq > signedTo).length;
  return [
    ...[...refused].map(([code, n]) => ({ is: 'refused', code, n }) as const),
    ...(lost > 0 ? [{ is: 'missing', n: lost } as const] : []),
    ...(damaged ? [{ is: 'damaged' } as const] : []),
    ...(ended === undefined ? [{ is: 'openEnd' } as const] : []),
    ...(ended === 'lost' ? [{ is: 'cameraLost' } as const] : []),
    ...(unsigned > 0 ? [{ is: 'unsigned', n: unsigned } as const] : []),
    ...(late > 0 ? [{ is: 'late', n: late } as const] : []),
    { is: 'checked', n: pictures.length },
  ];
}
