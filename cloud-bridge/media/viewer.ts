/** What one viewer is sent: sealed messages as they are, and in text what the relay has to say. A slow one skips to the next key frame. */
import type { MediaMessage } from '../../wire/media.ts';
import type { LiveStream } from './live-stream.ts';

/** The part of a WebSocket that is needed here. */
export interface Outlet {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  terminate(): void;
}

/** What the relay says itself. */
export type RelayWord =
  | { readonly relay: 'ready' | 'idle' }
  | { readonly relay: 'stream'; readonly stream: string }
  | { readonly relay: 'hub'; readonly online: boolean }
  | { readonly relay: 'skipped'; readonly from: number; readonly to: number }
  | { readonly relay: 'refused'; readonly code: string }
  | { readonly relay: 'pong'; readonly n: number };

export interface Viewer {
  say(word: RelayWord): void;
  /** A stream begins, or runs already: its key, and what there is since the newest key frame. */
  begin(live: LiveStream): void;
  /** The next message of the stream. */
  take(message: Uint8Array, media: Pick<MediaMessage, 'type' | 'seq' | 'isKey'>): void;
  /** No stream runs. */
  idle(): void;
}

/** Above this frames are skipped, until half of it is sent and a key frame comes. Bytes. */
export const maxWaitingBytes = 524_288;
/** Whoever does not even take what cannot be skipped is cut off. Bytes. */
const hopelessBytes = 2_097_152;

export function viewerOn(outlet: Outlet): Viewer {
  /** Frames of this stream have been sent. */
  let started = false;
  let skippedFrom: number | undefined;
  let lastSeq = 0;

  const send = (data: string | Uint8Array): void => {
    if (outlet.bufferedAmount > hopelessBytes) outlet.terminate();
    else outlet.send(data);
  };
  const say = (word: RelayWord): void => send(JSON.stringify(word));

  /** Owns up to what was left out, so that the viewer can tell a slow line from a relay that drops. */
  const resume = (to: number): void => {
    if (skippedFrom !== undefined && to >= skippedFrom) say({ relay: 'skipped', from: skippedFrom, to });
    skippedFrom = undefined;
  };

  const take: Viewer['take'] = (message, { type, seq, isKey }) => {
    // What never came from the hub (a full line there) is owned up to like what was left out here.
    const gapFrom = started && type === 'frame' && seq > lastSeq + 1 ? lastSeq + 1 : undefined;
    if (type === 'frame') lastSeq = seq;
    // Whoever joins where nothing can be decoded yet has lost nothing: for him the stream starts at the next key frame.
    if (!started && !(type === 'frame' && isKey)) return;
    if (skippedFrom !== undefined) {
      if (type !== 'frame' || !isKey || outlet.bufferedAmount > maxWaitingBytes / 2) return;
      resume(seq - 1);
    } else if (outlet.bufferedAmount > maxWaitingBytes) {
      if (type === 'frame') skippedFrom = gapFrom ?? seq;
      return;
    } else if (gapFrom !== undefined) {
      skippedFrom = gapFrom;
      resume(seq - 1);
    }
    started = true;
    send(message);
  };

  return {
    say,
    take,
    begin: (live) => {
      started = false;
      skippedFrom = undefined;
      lastSeq = 0;
      say({ relay: 'stream', stream: live.stream });
      send(live.keyMessage);
      for (const { message, media } of live.group) take(message, media);
    },
    idle: () => {
      resume(lastSeq);
      started = false;
      say({ relay: 'idle' });
    },
  };
}
