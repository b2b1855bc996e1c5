/** What comes from one hub: its streams, and how much it may send. */
import type { LiveStream } from './live-stream.ts';

/** A stream whose key is being checked; what comes meanwhile waits, in order. */
export interface Checking {
  readonly checking: true;
  readonly waiting: Uint8Array[];
  waitingBytes: number;
}

export interface Feed {
  readonly streams: Map<string, LiveStream | Checking>;
  /** Streams that nobody knows, and when that was found out, ms. */
  readonly unknown: Map<string, number>;
  isTakingPhoto: boolean;
  /** May it send so many bytes now? */
  spend(bytes: number, now: number): boolean;
}

/** Streams of one hub at once. */
export const maxStreams = 16;
/** Messages that wait for one key to be checked. */
export const maxCheckingMessages = 256;
export const maxCheckingBytes = 4_194_304;
const burstSeconds = 4;

export function feedOf(bytesPerSecond: number): Feed {
  let tokens = bytesPerSecond * burstSeconds;
  let at = 0;
  return {
    streams: new Map(),
    unknown: new Map(),
    isTakingPhoto: false,
    spend: (bytes, now) => {
      tokens = Math.min(bytesPerSecond * burstSeconds, tokens + (Math.max(0, now - at) / 1000) * bytesPerSecond);
      at = now;
      if (tokens < bytes) return false;
      tokens -= bytes;
      return true;
    },
  };
}

export const isChecking = (entry: LiveStream | Checking | undefined): entry is Checking =>
  entry !== undefined && 'checking' in entry;
