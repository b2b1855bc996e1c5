/** A recording, opened and verified on this device: what can be played, and how much of it the hub signed for. */
import { accept, type FaultCode, type Verdict } from '../../../../wire/faults.ts';
import type { VideoKeyClaims } from '../../../../wire/video.ts';
import { readRec } from './rec.ts';
import { openStream, type Picture } from './stream.ts';
import { type Home, openVideoKey } from './stream-key.ts';

export interface Recording {
  readonly claims: VideoKeyClaims;
  readonly pictures: readonly Picture[];
  /** Last picture under a signature of the hub; 0 for none. */
  readonly signedTo: number;
  readonly ended: 'stopped' | 'lost' | undefined;
  /** Pictures that came late, as the hub counts them. */
  readonly late: number;
  /** Numbers that are missing, from..to. */
  readonly missing: readonly (readonly [number, number])[];
  /** What was wrong, by name, with how often. */
  readonly refused: ReadonlyMap<FaultCode, number>;
  /** The file was cut or damaged. */
  readonly damaged: boolean;
}

/** True when every picture is there, and the hub signed for all of them and for the end. */
export const isWhole = ({ missing, refused, damaged, ended, signedTo, pictures }: Recording): boolean =>
  missing.length === 0 &&
  refused.size === 0 &&
  !damaged &&
  ended !== undefined &&
  signedTo === (pictures.at(-1)?.seq ?? 0);

/**
 * Opens the recording of a stream.
 * @param file  the `.rec` form, at any order
 * @returns RECORDING_DAMAGED without a key, else as `openVideoKey`; what is wrong with single pictures is told in the recording
 */
export async function openRecording(
  file: Uint8Array,
  home: Home,
  shares: readonly string[] = [],
): Promise<Verdict<Recording>> {
  const rec = readRec(file);
  if (!rec.ok) return rec;
  const key = await openVideoKey(rec.value.key, home, shares);
  if (!key.ok) return key;
  const stream = await openStream(key.value, home, true);
  const pictures: Picture[] = [];
  const refused = new Map<FaultCode, number>();
  let [signedTo, late] = [0, 0];
  for (const { message, bytes } of rec.value.messages) {
    // the end may stand before pictures that nobody signed for: they are not part of the recording
    const taken = await stream.take(message, bytes);
    if (!taken.ok) {
      refused.set(taken.code, (refused.get(taken.code) ?? 0) + 1);
    } else if (taken.value.is === 'picture') {
      pictures.push(taken.value.picture);
    } else {
      const { claims } = taken.value;
      late = Math.max(late, claims.late ?? 0);
      signedTo = Math.max(signedTo, Math.min(claims.seq, stream.last));
    }
  }
  const missing = stream.missing();
  const { ended } = stream;
  const { claims } = key.value;
  return accept({ claims, pictures, signedTo, ended, late, missing, refused, damaged: rec.value.damaged });
}

/** Pictures that can be decoded: from a key picture on, and after a gap from the next key picture on. */
export function decodable(pictures: readonly Picture[]): Picture[] {
  let waits = true;
  return pictures.filter(({ isKey, afterGap }) => {
    if (isKey) waits = false;
    else if (afterGap) waits = true;
    return !waits;
  });
}

/** Place of the picture to begin decoding with, for the one that is shown at `atMs` after the first. */
export function seekTo(pictures: readonly Picture[], atMs: number): { readonly from: number; readonly to: number } {
  const first = pictures[0]?.capturedMs ?? 0;
  let to = 0;
  for (const [index, { capturedMs }] of pictures.entries()) if (capturedMs - first <= atMs) to = index;
  let from = to;
  while (from > 0 && !pictures[from]!.isKey) from -= 1;
  return { from, to };
}
