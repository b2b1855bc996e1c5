/** What the page says about the picture: one pure function of what came and what time it is. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { type Age, recordingAfterMs } from './age.ts';

/** A picture older than this when it is drawn is not live, ms. */
export const maxAgeMs = 1_200;
/** LIVE ends this long after the last fresh picture was drawn, ms. */
export const silentAfterMs = 700;
/** What was done to the stream is shown at least this long, ms. */
export const tamperedForMs = 5_000;

export type At = 'connecting' | 'idle' | 'live' | 'stalled' | 'delayed' | 'stopped' | 'offline' | 'tampered';

export type Event =
  | { readonly on: 'socket'; readonly is: 'opening' | 'open' | 'lost' }
  /** No camera runs: the relay's word, so it ends nothing that was live. */
  | { readonly on: 'idle' }
  | { readonly on: 'hub'; readonly online: boolean }
  /** A stream with a key that the hub signed. */
  | { readonly on: 'stream'; readonly stream: string }
  /** An authentic picture stands on the canvas. */
  | { readonly on: 'drawn'; readonly age: Age }
  /** The hub signed that the stream is over. */
  | { readonly on: 'ended'; readonly how: 'stopped' | 'lost' }
  | { readonly on: 'refused'; readonly code: FaultCode }
  | { readonly on: 'tick' };

export interface Shown {
  readonly at: At;
  /** When this began, ms of the clock that `step` is given. */
  readonly sinceMs: number;
  readonly code?: FaultCode;
  /** How old the pictures are that come too late, or how far the clocks are apart. */
  readonly lateMs?: number;
}

export interface State {
  readonly socket: 'opening' | 'open' | 'lost';
  readonly hubOnline: boolean;
  readonly idle: boolean;
  readonly stream: string | undefined;
  readonly ended: 'stopped' | 'lost' | undefined;
  /** When the last picture, and the last fresh one, were drawn. */
  readonly drawnAt: number | undefined;
  readonly freshAt: number | undefined;
  readonly late: { readonly ms: number; readonly apart: boolean } | undefined;
  readonly tampered: { readonly code: FaultCode; readonly atMs: number } | undefined;
  readonly shown: Shown;
}

export const begin = (nowMs: number): State => ({
  socket: 'opening',
  hubOnline: true,
  idle: false,
  stream: undefined,
  ended: undefined,
  drawnAt: undefined,
  freshAt: undefined,
  late: undefined,
  tampered: undefined,
  shown: { at: 'connecting', sinceMs: nowMs },
});

const within = (at: number | undefined, nowMs: number, ms: number): boolean => at !== undefined && nowMs - at <= ms;

function drawn(state: State, age: Age, nowMs: number): State {
  const lateMs = age.is === 'known' ? age.ageMs : age.byMs;
  if (age.is === 'known' && lateMs < maxAgeMs) return { ...state, drawnAt: nowMs, freshAt: nowMs, late: undefined };
  const late = { ms: lateMs, apart: age.is === 'apart' };
  const old = lateMs > recordingAfterMs ? { code: 'VIDEO_FRAME_REPLAYED' as const, atMs: nowMs } : state.tampered;
  return { ...state, drawnAt: nowMs, late, tampered: old };
}

function take(state: State, event: Event, nowMs: number): State {
  const fresh = { ended: undefined, idle: false, drawnAt: undefined, freshAt: undefined, late: undefined };
  switch (event.on) {
    case 'socket':
      if (event.is === 'lost') return { ...state, socket: 'lost', freshAt: undefined };
      // trying again is still no connection
      return event.is === 'opening' && state.socket === 'lost' ? state : { ...state, socket: event.is };
    case 'idle':
      return { ...state, idle: true };
    case 'hub':
      return { ...state, hubOnline: event.online };
    case 'stream':
      return event.stream === state.stream && state.ended === undefined
        ? { ...state, idle: false }
        : { ...state, ...fresh, stream: event.stream };
    case 'drawn':
      return state.ended === undefined ? drawn(state, event.age, nowMs) : state;
    case 'ended':
      return { ...state, ended: event.how, freshAt: undefined };
    case 'refused':
      return { ...state, tampered: { code: event.code, atMs: nowMs } };
    case 'tick':
      return state;
  }
}

function judge(state: State, nowMs: number): Omit<Shown, 'sinceMs'> {
  const { socket, tampered, ended, late } = state;
  const isFresh = within(state.freshAt, nowMs, silentAfterMs);
  const isRecent = within(tampered?.atMs, nowMs, tamperedForMs - 1);
  const isCleared = isFresh || ended !== undefined || socket === 'lost';
  if (tampered !== undefined && (isRecent || !isCleared)) return { at: 'tampered', code: tampered.code };
  if (socket === 'lost') return { at: 'offline' };
  if (ended !== undefined) return ended === 'stopped' ? { at: 'stopped' } : { at: 'stopped', code: 'CAMERA_NOT_LIVE' };
  if (isFresh && socket === 'open') return { at: 'live' };
  if (within(state.drawnAt, nowMs, silentAfterMs) && late !== undefined) return { at: 'delayed', lateMs: late.ms };
  if (!state.hubOnline) return { at: 'offline', code: 'HUB_OFFLINE' };
  if (state.drawnAt !== undefined) return { at: 'stalled' };
  return { at: state.idle && state.stream === undefined ? 'idle' : 'connecting' };
}

/** @param nowMs  a clock that is never set. Call it for every event, and with `tick` at least every 100 ms */
export function step(state: State, event: Event, nowMs: number): State {
  const next = take(state, event, nowMs);
  const verdict = judge(next, nowMs);
  const { shown } = next;
  const same = shown.at === verdict.at && shown.code === verdict.code;
  return { ...next, shown: { ...verdict, sinceMs: same ? shown.sinceMs : nowMs } };
}
