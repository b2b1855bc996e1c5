/**
 * The relay: takes sealed messages from hubs, acknowledges each live frame as it hands it on, and stores everything behind that.
 *
 * It checks what a relay can check: who sent the key, whose door it is, that frames belong to a key. It can open nothing, and whoever
 * watches believes nothing of it: the chain, the times and the pictures are the viewer's to check.
 */

import { peek } from '../../wire/jws.ts';
import { documentIn, type MediaMessage, readMedia } from '../../wire/media.ts';
import { verifyVideoHead } from '../../wire/verify-video.ts';
import { videoHeadForm } from '../../wire/video.ts';
import type { BaseParts } from '../base-parts.ts';
import { takeHubPhoto } from '../photo/from-hub.ts';
import { acksOver } from './acks.ts';
import { admitStream } from './admit.ts';
import { boardOf } from './board.ts';
import {
  type Checking,
  type Feed,
  feedOf,
  isChecking,
  maxCheckingBytes,
  maxCheckingMessages,
  maxStreams,
} from './feed.ts';
import type { LiveStream } from './live-stream.ts';
import { refusalsTo } from './refusals.ts';
import type { Viewer } from './viewer.ts';

export interface Relay {
  /** Shows what runs at a door from now on, starting with the newest key frame. @returns leaves */
  watch(door: string, viewer: Viewer): () => void;
  /** Takes nothing more. */
  close(): Promise<void>;
}

/** Older frames are stored, not shown, ms. */
export const liveForMs = 10_000;
/** A stream that brings nothing for this long is over here; with its next frame it is back. ms */
const idleMs = 30_000;
const tidyMs = 5_000;
/** A stream without a key is not looked for again for this long, ms. */
const unknownForMs = 1_000;
const maxUnknown = 64;

type RelayParts = Pick<BaseParts, 'store' | 'keys' | 'now' | 'log' | 'media' | 'recordings' | 'photos' | 'config'>;

export function relayOn(parts: RelayParts): Relay {
  const { media: bus, recordings, now, log } = parts;
  const feeds = new Map<string, Feed>();
  const board = boardOf();
  const acks = acksOver(bus);
  const refuse = refusalsTo(log, now);
  let closed = false;

  const feedFor = (hubId: string): Feed => {
    const known = feeds.get(hubId);
    if (known !== undefined) return known;
    const feed = feedOf(parts.config.mediaBytesPerSecond);
    feeds.set(hubId, feed);
    return feed;
  };

  function drop(feed: Feed, live: LiveStream): void {
    if (feed.streams.get(live.stream) === live) feed.streams.delete(live.stream);
    board.over(live);
    live.recording.rest().catch(() => log.unexpected({ what: 'recording' }));
  }

  /** Room for one more: the one that was quiet longest goes. */
  function makeRoom(feed: Feed): boolean {
    if (feed.streams.size < maxStreams) return true;
    const quiet = [...feed.streams.values()].filter((one): one is LiveStream => !isChecking(one));
    const oldest = quiet.sort((a, b) => a.lastAt - b.lastAt)[0];
    if (oldest === undefined || (!oldest.isOver && now() - oldest.lastAt < unknownForMs)) return false;
    drop(feed, oldest);
    return true;
  }

  function takeFrame(live: LiveStream, message: Uint8Array, media: MediaMessage): void {
    const isLate = media.seq <= live.lastSeq || now() - media.capturedMs > liveForMs;
    if (!isLate && board.show(live, message, media)) {
      live.lastSeq = media.seq;
      acks.seen(live.hubId, live.stream, media.seq);
    }
    live.recording.append(message, media, isLate);
  }

  function takeCheckpoint(live: LiveStream, message: Uint8Array, media: MediaMessage): void {
    const text = documentIn(media);
    const read = peek(videoHeadForm, text);
    if (!read.ok) {
      refuse(live.hubId, read.code);
      return;
    }
    const { iss, stream, end } = read.value.claims;
    if (iss !== live.hubId || stream !== live.stream) {
      refuse(live.hubId, 'VIDEO_HEAD_NOT_GENUINE');
      return;
    }
    if (now() - media.capturedMs <= liveForMs) board.show(live, message, media);
    live.recording.append(message, media, false);
    if (end !== undefined) takeEnd(live, text).catch(() => log.unexpected({ what: 'checkpoint' }));
  }

  /** What the index says of the end is what the hub has signed. */
  async function takeEnd(live: LiveStream, text: string): Promise<void> {
    const hub = await parts.store.read.hubs.find(live.hubId);
    if (hub === undefined) return;
    const verified = await verifyVideoHead(text, await parts.keys.hub(hub), live);
    if (!verified.ok) {
      refuse(live.hubId, verified.code);
      return;
    }
    live.recording.end(verified.value.at, verified.value.seq);
    board.over(live);
  }

  function takeInto(live: LiveStream, message: Uint8Array, media: MediaMessage): void {
    live.lastAt = now();
    if (media.type === 'frame') takeFrame(live, message, media);
    else if (media.type === 'checkpoint') takeCheckpoint(live, message, media);
    // The hub says its key again after every reconnect.
    else if (Buffer.compare(message, live.keyMessage) !== 0) refuse(live.hubId, 'VIDEO_KEY_NOT_GENUINE');
  }

  /** @param message  the key message; undefined to look for it in the recording: this relay was restarted */
  async function check(
    hubId: string,
    stream: string,
    message: Uint8Array | undefined,
  ): Promise<LiveStream | undefined> {
    const key = message ?? (await recordings.keyMessage(hubId, stream));
    const read = key === undefined ? undefined : readMedia(key);
    if (key === undefined || !read?.ok) {
      refuse(hubId, 'RECORDING_UNKNOWN');
      return undefined;
    }
    const admitted = await admitStream(parts, hubId, key, read.value);
    if (admitted.ok) return admitted.value;
    refuse(hubId, admitted.code);
    return undefined;
  }

  /** Always noted, so that what waited for it is refused and not looked for again; the oldest makes room. */
  function noteUnknown({ unknown }: Feed, stream: string): void {
    if (unknown.size >= maxUnknown) unknown.delete(unknown.keys().next().value!);
    unknown.set(stream, now());
  }

  function open(hubId: string, feed: Feed, stream: string, message: Uint8Array | undefined): Checking {
    const entry: Checking = { checking: true, waiting: [], waitingBytes: 0 };
    feed.streams.set(stream, entry);
    check(hubId, stream, message)
      .catch(() => {
        refuse(hubId, 'STORE_UNAVAILABLE');
        return undefined;
      })
      .then((live) => {
        if (closed || feed.streams.get(stream) !== entry) return live?.recording.rest();
        feed.streams.delete(stream);
        if (live === undefined) {
          if (message === undefined) noteUnknown(feed, stream);
        } else {
          feed.streams.set(stream, live);
          if (now() - live.startedAt <= liveForMs) board.begin(live);
        }
        // A key that came while another was looked for in vain is the first of these.
        for (const waiting of entry.waiting) take(hubId, feed, waiting);
        return undefined;
      })
      .catch(() => log.unexpected({ what: 'relay' }));
    return entry;
  }

  /** One photo of a hub at a time: it says again what it has no word of. */
  function takeAlone(hubId: string, feed: Feed, message: MediaMessage): void {
    if (feed.isTakingPhoto) return;
    feed.isTakingPhoto = true;
    takeHubPhoto(parts, hubId, message)
      .then((taken) => {
        if (taken.ok) acks.stored(hubId, message.stream, [[message.seq, message.seq]]);
        else refuse(hubId, taken.code);
      })
      .catch(() => log.unexpected({ what: 'photo' }))
      .finally(() => {
        feed.isTakingPhoto = false;
      });
  }

  function take(hubId: string, feed: Feed, message: Uint8Array): void {
    const read = readMedia(message);
    if (!read.ok) {
      refuse(hubId, read.code);
      return;
    }
    const { type, stream } = read.value;
    if (type === 'photo') {
      takeAlone(hubId, feed, read.value);
      return;
    }
    const entry = feed.streams.get(stream);
    if (isChecking(entry)) {
      entry.waitingBytes += message.length;
      const isTooMuch = entry.waiting.length >= maxCheckingMessages || entry.waitingBytes > maxCheckingBytes;
      if (isTooMuch) refuse(hubId, 'RATE_LIMITED');
      else entry.waiting.push(message);
    } else if (entry !== undefined) takeInto(entry, message, read.value);
    else if (type !== 'key' && feed.unknown.has(stream)) refuse(hubId, 'RECORDING_UNKNOWN');
    else if (!makeRoom(feed)) refuse(hubId, 'RATE_LIMITED');
    else if (type === 'key') {
      feed.unknown.delete(stream);
      open(hubId, feed, stream, message);
    } else open(hubId, feed, stream, undefined).waiting.push(message);
  }

  function tidy(): void {
    for (const [hubId, feed] of feeds) {
      for (const live of feed.streams.values()) {
        if (!isChecking(live) && now() - live.lastAt > idleMs) drop(feed, live);
      }
      for (const [stream, at] of feed.unknown) if (now() - at > unknownForMs) feed.unknown.delete(stream);
      if (feed.streams.size === 0 && feed.unknown.size === 0) feeds.delete(hubId);
    }
  }

  bus.listen({
    sealed: (hubId, message) => {
      if (closed) return;
      const feed = feedFor(hubId);
      if (feed.spend(message.length, now())) take(hubId, feed, message);
      else refuse(hubId, 'RATE_LIMITED');
    },
  });
  recordings.listen({
    stored: acks.stored,
    gone: (stream) => {
      for (const feed of feeds.values()) {
        const live = feed.streams.get(stream);
        if (live !== undefined && !isChecking(live)) {
          feed.streams.delete(stream);
          board.over(live);
        }
      }
    },
  });
  const timer = setInterval(tidy, tidyMs).unref();

  return {
    watch: board.watch,
    close: async () => {
      closed = true;
      clearInterval(timer);
      feeds.clear();
    },
  };
}
