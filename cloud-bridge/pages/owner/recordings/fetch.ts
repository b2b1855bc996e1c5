/** Fetches a recording, sealed, and opens it on this device. */
import type { Verdict } from '../../../../wire/faults.ts';
import type { Place } from '../home/course.ts';
import { openRecording, type Recording } from '../video/recording.ts';
import { type RecordingsApi, recordingsOf } from '../video/recordings.ts';

export const recordingsAt = ({ api, home, keys }: Place): RecordingsApi =>
  recordingsOf(api, home.pinned.home, keys.seal.kid);

/** @returns RECORDING_UNKNOWN for one that is gone, VIDEO_KEY_NOT_FOR_YOU; else as `openRecording` */
export async function fetchRecording(place: Place, stream: string): Promise<Verdict<Recording>> {
  const files = recordingsAt(place);
  const file = await files.file(stream);
  if (!file.ok) return file;
  const opened = await openRecording(file.value, place.home);
  if (opened.ok || opened.code !== 'VIDEO_KEY_NOT_FOR_YOU') return opened;
  // The hub did not seal it for this device: perhaps another one has shared the key.
  const shares = await files.shares(stream);
  return shares.ok ? openRecording(file.value, place.home, shares.value) : opened;
}
