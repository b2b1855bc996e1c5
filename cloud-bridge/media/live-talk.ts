/** One viewer's socket: the ticket first, then looks and sights up, sealed pictures down. */
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { Fault, type FaultCode } from '../../wire/faults.ts';
import type { RequestBody } from '../../wire/messages.ts';
import { DoorId, Id, Jws } from '../../wire/shapes.ts';
import { bucketsOf } from '../http/rate.ts';
import type { Parts } from '../parts.ts';
import type { Relay } from './relay.ts';
import type { Bearer, Tickets } from './tickets.ts';
import { viewerOn } from './viewer.ts';
import type { Watchers } from './watchers.ts';

export interface TalkParts extends Pick<Parts, 'store' | 'line' | 'log'> {
  readonly relay: Relay;
  readonly tickets: Tickets;
  readonly watchers: Watchers;
}

/** How a socket is closed (RFC 6455 section 7.4.2): 4000 and the HTTP status that says the same. */
export const closeCodes = { ticket: 4401, removed: 4403, silent: 4408, malformed: 4400, tooMany: 4429 } as const;

/** Largest message of a viewer, bytes. */
export const maxViewerBytes = 4_096;
const helloMs = 5_000;
const beatMs = 15_000;
/** How long the hub has for what a viewer hands it, ms: later it would say nothing. */
const handMs = 3_000;
const maxUnderWay = 4;

const Greeting = v.strictObject({ ticket: Id, door: DoorId });
const SmallJws = v.pipe(Jws, v.maxLength(1_024));
const Word = v.union([
  v.strictObject({ look: SmallJws }),
  v.strictObject({ sight: SmallJws }),
  v.strictObject({ ping: v.pipe(v.number(), v.safeInteger()) }),
]);
type Word = v.InferOutput<typeof Word>;

function parse<S extends v.GenericSchema>(schema: S, data: string): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(data));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Takes over one socket until either side ends it. */
export function talk(socket: WebSocket, parts: TalkParts): void {
  const viewer = viewerOn(socket);
  /** Looks are repeated every 25 s, sights every second or so. */
  const words = bucketsOf(4, 12, () => performance.now());
  let bearer: Bearer | undefined;
  let greeted = false;
  let alive = true;
  let underWay = 0;
  const leaving: (() => void)[] = [];

  const leave = (): void => {
    for (const one of leaving.splice(0)) one();
  };
  const end = (close: number, code: FaultCode): void => {
    leave();
    if (socket.readyState !== socket.OPEN) return;
    viewer.say({ relay: 'refused', code });
    socket.close(close);
    // A viewer that reads nothing would never see the close.
    setTimeout(() => socket.terminate(), 1_000).unref();
  };

  async function greet(data: string): Promise<void> {
    const greeting = parse(Greeting, data);
    const found = greeting === undefined ? undefined : parts.tickets.redeem(greeting.ticket);
    if (greeting === undefined || found === undefined) return end(closeCodes.ticket, 'UNAUTHENTICATED');
    const door = await parts.store.read.hubs.doors.find(greeting.door);
    if (door?.hub !== found.hub) return end(closeCodes.ticket, 'DOOR_UNKNOWN');
    const said: (() => void)[] = [];
    let isIn = false;
    const online = (is: boolean): void => {
      const say = (): void => viewer.say({ relay: 'hub', online: is });
      if (isIn) say();
      else said.push(say);
    };
    const joined = await parts.watchers.join({
      ...found,
      online,
      removed: () => end(closeCodes.removed, 'UNAUTHENTICATED'),
    });
    if (joined === 'RATE_LIMITED') return end(closeCodes.tooMany, joined);
    if (joined === 'UNAUTHENTICATED') return end(closeCodes.removed, joined);
    if (socket.readyState !== socket.OPEN) return joined();
    bearer = found;
    isIn = true;
    viewer.say({ relay: 'ready' });
    for (const say of said) say();
    leaving.push(joined, parts.relay.watch(greeting.door, viewer));
    parts.log.viewerJoined({ hub: found.hub });
  }

  /** The hub decides about it; here it is only carried. */
  async function hand(hub: string, body: RequestBody): Promise<void> {
    if (underWay >= maxUnderWay) return viewer.say({ relay: 'refused', code: 'RATE_LIMITED' });
    underWay += 1;
    try {
      const answer = await parts.line.ask(hub, body, handMs);
      if (!answer.ok) viewer.say({ relay: 'refused', code: answer.code });
    } catch (error) {
      viewer.say({ relay: 'refused', code: error instanceof Fault ? error.code : 'INTERNAL' });
    } finally {
      underWay -= 1;
    }
  }

  function hear(hub: string, word: Word): void {
    if ('ping' in word) viewer.say({ relay: 'pong', n: word.ping });
    else if ('look' in word) void hand(hub, { op: 'camera.look', look: word.look });
    else void hand(hub, { op: 'camera.sight', sight: word.sight });
  }

  const late = setTimeout(() => end(closeCodes.silent, 'UNAUTHENTICATED'), helloMs).unref();
  const beat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, beatMs).unref();

  socket.on('pong', () => {
    alive = true;
  });
  socket.on('message', (data, isBinary) => {
    alive = true;
    const text = String(data);
    if (isBinary) return end(closeCodes.malformed, 'MESSAGE_MALFORMED');
    if (!greeted) {
      greeted = true;
      clearTimeout(late);
      greet(text).catch(() => {
        parts.log.unexpected({ what: 'viewer' });
        socket.terminate();
      });
      return;
    }
    if (!words.take('')) return viewer.say({ relay: 'refused', code: 'RATE_LIMITED' });
    const word = parse(Word, text);
    if (word === undefined) return end(closeCodes.malformed, 'MESSAGE_MALFORMED');
    if (bearer === undefined) return viewer.say({ relay: 'refused', code: 'UNAUTHENTICATED' });
    hear(bearer.hub, word);
  });
  socket.on('close', () => {
    clearTimeout(late);
    clearInterval(beat);
    leave();
    if (bearer !== undefined) parts.log.viewerLeft({ hub: bearer.hub });
  });
}
