/** Watching one door: what the relay hands over is verified, drawn, and told as a state that does not lie. */
import { accept, type FaultCode, refuse, type Verdict } from '../../../../wire/faults.ts';
import { documentIn, type MediaMessage, readMedia } from '../../../../wire/media.ts';
import type { Api } from '../device/api.ts';
import type { NewestStream } from '../device/store.ts';
import { createAges } from './age.ts';
import { begin, type Event, type Shown, type State, step } from './live.ts';
import { type Signer, signLook, signSight } from './orders.ts';
import { codeOf, connectRelay, type RelaySays } from './relay.ts';
import { openScreen } from './screen.ts';
import { openStream, type Picture, type Stream } from './stream.ts';
import { type Home, openVideoKey } from './stream-key.ts';

export interface SessionListener {
  shown(shown: Shown): void;
  /** Something was done to the stream, or the hub refused a look or a sight. */
  incident(code: FaultCode, why: 'stream' | 'refused'): void;
  /** The visit of the stream that is on the screen, as the hub signed it. */
  visit(visit: string | undefined): void;
  /** A picture stands on the canvas. */
  drawn(picture: Picture): void;
  /** The relay left pictures out because this connection is slow. */
  slow(pictures: number): void;
}

export interface Session {
  /** Asks for a picture outside a visit, and goes on asking until it is told to stop. */
  look(on: boolean): void;
  readonly counts: { readonly drawn: number; readonly leftOut: number };
  close(): void;
}

export interface SessionParts {
  readonly api: Api;
  readonly home: Home;
  readonly homeId: string;
  readonly door: string;
  readonly signer: Signer;
  readonly canvas: HTMLCanvasElement;
  /** The newest stream that was seen at this door, over all visits of this page. */
  readonly newest: () => NewestStream | undefined;
  readonly sawStream: (stream: NewestStream) => void;
}

const tickMs = 100;
const sightEveryMs = 1_000;
const lookEveryMs = 25_000;

export function watchDoor(parts: SessionParts, listener: SessionListener): Session {
  const { door, home, signer } = parts;
  const ages = createAges();
  let state: State = begin(performance.now());
  let stream: Stream | undefined;
  /** A session that somebody else started: its pictures are refused with it, under its name. */
  let foreign: { readonly id: string; readonly code: FaultCode } | undefined;
  let newestPicture: Picture | undefined;
  let sightAt = Number.NEGATIVE_INFINITY;
  let looking: ReturnType<typeof setInterval> | undefined;
  let queue = Promise.resolve();

  function tell(event: Event): void {
    const before = state.shown;
    state = step(state, event, performance.now());
    if (state.shown !== before) listener.shown(state.shown);
  }

  function refused(code: FaultCode): void {
    tell({ on: 'refused', code });
    listener.incident(code, 'stream');
  }

  const screen = openScreen(parts.canvas, {
    onDrawn: (picture) => {
      newestPicture = picture;
      tell({ on: 'drawn', age: ages.of(picture.capturedMs, Date.now(), performance.now()) });
      listener.drawn(picture);
      see();
    },
  });

  /** Says what the owner sees, once a second, only while it is LIVE on a page that is in sight. */
  function see(): void {
    const now = performance.now();
    if (state.shown.at !== 'live' || document.visibilityState !== 'visible' || now - sightAt < sightEveryMs) return;
    if (stream === undefined || newestPicture === undefined) return;
    sightAt = now;
    const seen = { stream: stream.id, seq: newestPicture.seq, data: newestPicture.data };
    void signSight(signer, seen).then((sight) => relay.send({ sight }));
  }

  /** Is this a stream that may be shown as live? */
  async function admit(message: MediaMessage): Promise<Verdict<Stream>> {
    const key = await openVideoKey(documentIn(message), home);
    if (!key.ok) return key;
    const { claims } = key.value;
    if (claims.stream !== message.stream || claims.door !== door)
      return refuse('VIDEO_KEY_NOT_GENUINE', { why: 'door' });
    const newest = parts.newest();
    const isOld = newest !== undefined && claims.stream !== newest.stream && claims.iat < newest.startedMs;
    if (isOld) return refuse('VIDEO_FRAME_REPLAYED', { why: 'older stream' });
    parts.sawStream({ stream: claims.stream, startedMs: claims.iat });
    return accept(await openStream(key.value, home, false));
  }

  async function begins(message: MediaMessage): Promise<void> {
    const admitted = await admit(message);
    if (!admitted.ok) {
      foreign = { id: message.stream, code: admitted.code };
      return refused(admitted.code);
    }
    stream = admitted.value;
    screen.reset();
    tell({ on: 'stream', stream: stream.id });
    listener.visit(stream.key.claims.visit);
  }

  async function take(bytes: Uint8Array): Promise<void> {
    const read = readMedia(bytes);
    if (!read.ok) return refused(read.code);
    const message = read.value;
    if (message.type === 'key') return begins(message);
    if (stream === undefined || message.stream !== stream.id) {
      return refused(foreign?.id === message.stream ? foreign.code : 'VIDEO_KEY_NOT_GENUINE');
    }
    const taken = await stream.take(message, bytes);
    if (stream.missing().length > 0) refused('VIDEO_FRAME_MISSING');
    if (!taken.ok) return refused(taken.code);
    if (taken.value.is === 'picture') screen.put(taken.value.picture);
    else if (stream.ended !== undefined) tell({ on: 'ended', how: stream.ended });
  }

  const says = {
    ready: () => {},
    pong: () => {},
    stream: () => {},
    idle: () => tell({ on: 'idle' }),
    hub: ({ online }: Extract<RelaySays, { relay: 'hub' }>) => tell({ on: 'hub', online }),
    skipped: ({ from, to }: Extract<RelaySays, { relay: 'skipped' }>) => {
      stream?.skipped(from, to);
      listener.slow(Math.max(0, to - from + 1));
    },
    refused: (what: Extract<RelaySays, { relay: 'refused' }>) => listener.incident(codeOf(what), 'refused'),
  };

  const inTurn = (work: () => Promise<void> | void): void => {
    queue = queue.then(work);
  };
  const sayLook = (): void => void signLook(signer, door).then((look) => relay.send({ look }));

  const relay = connectRelay(parts.api, parts.homeId, door, {
    opening: () => tell({ on: 'socket', is: 'opening' }),
    open: () => {
      tell({ on: 'socket', is: 'open' });
      if (looking !== undefined) sayLook();
    },
    lost: () => {
      tell({ on: 'socket', is: 'lost' });
      inTurn(() => {
        stream = undefined;
        screen.reset();
      });
    },
    sealed: (bytes) => inTurn(() => take(bytes)),
    says: (what) => inTurn(() => (says[what.relay] as (what: RelaySays) => void)(what)),
  });
  const ticking = setInterval(() => tell({ on: 'tick' }), tickMs);

  return {
    counts: screen.counts,
    look: (on) => {
      clearInterval(looking);
      looking = on ? setInterval(sayLook, lookEveryMs) : undefined;
      if (on) sayLook();
    },
    close: () => {
      clearInterval(ticking);
      clearInterval(looking);
      relay.close();
      screen.reset();
    },
  };
}
