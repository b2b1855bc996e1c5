/** Server-sent events: a stream for each listener, fed from the store, so that nothing is missed and any instance can serve it. */
import type { ServerResponse } from 'node:http';
import { Fault } from '../../wire/faults.ts';
import type { Store } from '../store/store.ts';

export interface Streams {
  /**
   * Takes over a response and writes events until either side ends it.
   * @param party  `home:<id>` or `carrier:<id>`
   * @param after      number of the last event that the listener has
   * @param mayListen  asked before events are written, and with every beat: the stream ends when it is not so any more
   * @throws Fault RATE_LIMITED when there are too many streams
   */
  open(party: string, after: number, response: ServerResponse, mayListen?: MayListen): void;
  /** Ends all streams. */
  close(): void;
}

/** May this listener hear events still? */
export type MayListen = () => Promise<boolean>;

interface Limits {
  readonly maxStreams: number;
  readonly maxStreamsPerCaller: number;
}

const beatMs = 15_000;
/** Looks for what other instances have written, ms. */
const lookMs = 1_000;
const pageSize = 100;

export function streamsOn(store: Store, limits: Limits, onError: () => void): Streams {
  const open = new Map<string, Set<() => void>>();
  const ends = new Set<() => void>();
  const wake = (party: string): void => {
    for (const pump of open.get(party) ?? []) pump();
  };
  const unlisten = store.onEvents(wake);
  const look = setInterval(() => {
    for (const party of open.keys()) wake(party);
  }, lookMs).unref();

  function start(party: string, after: number, response: ServerResponse, mayListen: MayListen): void {
    let cursor = after;
    let ended = false;
    let again = false;
    let running = false;

    const write = (text: string): Promise<void> | undefined =>
      response.write(text)
        ? undefined
        : new Promise((resolve) => response.once('drain', resolve).once('close', resolve));

    const drain = async (): Promise<void> => {
      while (again && !ended) {
        again = false;
        const events = await store.read.events.after(party, cursor, pageSize);
        if (events.length > 0 && !(await mayListen())) return end();
        for (const event of events) {
          if (ended) return;
          await write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${event.data}\n\n`);
          cursor = event.seq;
        }
        if (events.length === pageSize) again = true;
      }
    };
    const pump = (): void => {
      again = true;
      if (running || ended) return;
      running = true;
      drain()
        .catch(() => {
          onError();
          end();
        })
        .finally(() => {
          running = false;
          // Woken between the last look and here.
          if (again) pump();
        });
    };
    const stay = async (): Promise<void> => {
      if (await mayListen()) response.write(': still here\n\n');
      else end();
    };
    const beat = setInterval(() => void stay().catch(onError), beatMs).unref();
    const end = (): void => {
      if (ended) return;
      ended = true;
      clearInterval(beat);
      ends.delete(end);
      const pumps = open.get(party);
      pumps?.delete(pump);
      if (pumps?.size === 0) open.delete(party);
      response.end();
    };
    response.on('close', end);
    response.on('error', end);
    ends.add(end);
    open.set(party, (open.get(party) ?? new Set()).add(pump));
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(': here\n\n');
    pump();
  }

  return {
    open: (party, after, response, mayListen = async () => true) => {
      if (ends.size >= limits.maxStreams || (open.get(party)?.size ?? 0) >= limits.maxStreamsPerCaller) {
        throw new Fault('RATE_LIMITED', { what: 'streams' });
      }
      start(party, after, response, mayListen);
    },
    close: () => {
      clearInterval(look);
      unlisten();
      for (const end of ends) end();
    },
  };
}
