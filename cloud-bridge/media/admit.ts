/** Lets a stream in: its key message is signed by this hub, and its door is this hub's. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { documentIn, type MediaMessage } from '../../wire/media.ts';
import { verifyVideoKey } from '../../wire/verify-video.ts';
import type { BaseParts } from '../base-parts.ts';
import { type LiveStream, liveStreamOf } from './live-stream.ts';
import type { Recording } from './recordings.ts';

/** Where nothing can be stored, live pictures still go on. */
const unstored: Recording = { lastSeq: 0, append: () => false, end: () => undefined, rest: async () => undefined };

/** @returns VIDEO_KEY_…, DOOR_UNKNOWN, RECORDING_UNKNOWN for a stream that was deleted */
export async function admitStream(
  parts: Pick<BaseParts, 'store' | 'keys' | 'now' | 'log' | 'recordings'>,
  hubId: string,
  message: Uint8Array,
  media: MediaMessage,
): Promise<Verdict<LiveStream>> {
  const hub = await parts.store.read.hubs.find(hubId);
  if (hub === undefined) return refuse('NOT_FOUND');
  const verified = await verifyVideoKey(documentIn(media), await parts.keys.hub(hub), hubId);
  if (!verified.ok) return verified;
  const { stream, door, visit, iat } = verified.value;
  if (stream !== media.stream) return refuse('VIDEO_KEY_NOT_GENUINE', { why: 'stream' });
  // A door that another hub announced first stays that hub's (T33).
  if ((await parts.store.read.hubs.doors.find(door))?.hub !== hubId) return refuse('DOOR_UNKNOWN');
  const start = { stream, hub: hubId, home: hub.home, door, visit, startedAt: iat, keyMessage: message };
  let recording = unstored;
  try {
    const begun = await parts.recordings.begin(start);
    if (!begun.ok) return begun;
    recording = begun.value;
  } catch (error) {
    parts.log.recordingFailed({ hub: hubId, what: 'begin', why: String((error as { code?: unknown }).code ?? '') });
  }
  const { lastSeq } = recording;
  const at = { hubId, stream, door, startedAt: iat, keyMessage: message, recording, lastSeq, lastAt: parts.now() };
  return accept(liveStreamOf(at));
}
