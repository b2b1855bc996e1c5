/** Reads a stream of server-sent events, and goes on where it stopped when the connection is lost. */
import type { IncomingMessage } from 'node:http';
import { faults } from '../../wire/faults.ts';
import type { Access } from './access.ts';
import type { Call, HttpClient, HttpRefusal, Reply } from './http.ts';

export interface ServerEvent {
  readonly id?: string;
  readonly type: string;
  readonly data: string;
}

/** Longest event that is read, in characters. */
const maxEventChars = 262_144;

/** Cuts a stream of text into events (WHATWG HTML, 9.2.6). Pure but for what is not complete yet. */
export class EventParser {
  #rest = '';
  #id: string | undefined;
  #type = '';
  #data: string[] = [];

  /** @returns the events that this text completes */
  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = (lines.pop() ?? '').slice(0, maxEventChars);
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = line === '' ? this.#finish() : this.#read(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #read(line: string): undefined {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.#data.push(value ?? '');
    else if (field === 'event') this.#type = value ?? '';
    else if (field === 'id' && !value?.includes('\0')) this.#id = value ?? '';
  }

  #finish(): ServerEvent | undefined {
    const [type, data, id] = [this.#type || 'message', this.#data, this.#id];
    this.#type = '';
    this.#data = [];
    if (data.length === 0) return undefined;
    return { ...(id === undefined ? {} : { id }), type, data: data.join('\n') };
  }
}

export interface FollowOptions {
  /** Where to go on; the events after this one come. */
  readonly lastEventId?: string;
  /** Called for one event at a time, in order; the next waits for its promise. */
  readonly onEvent: (event: ServerEvent) => void | Promise<void>;
  /** The stream opened, or was lost and is tried again. */
  readonly onLine?: (line: 'open' | 'lost') => void;
}

/** A stream that is being followed. */
export interface Following {
  /** The last event that was handled; save it to go on there. */
  readonly lastEventId: string | undefined;
  /** Resolves when the stream is over: undefined after `close`, else the refusal for which no retry helps. */
  readonly ended: Promise<HttpRefusal | undefined>;
  close(): void;
}

/** The server says something every 15 s; longer silence than this is a dead connection, ms. */
const maxSilenceMs = 40_000;
const firstWaitMs = 200;
const longestWaitMs = 8_000;

/**
 * Follows a stream until `close`, reconnecting with growing pauses and `Last-Event-ID`.
 * @param call  a GET; its proof is signed afresh for every connection
 * @param access  where the connection needs a token: one that is good is asked for each time
 */
export function followEvents(http: HttpClient, call: Call, options: FollowOptions, access?: Access): Following {
  let lastEventId = options.lastEventId;
  let closed = false;
  let interrupt = (): void => {};

  async function drain(response: IncomingMessage): Promise<void> {
    const parser = new EventParser();
    response.setEncoding('utf8');
    interrupt = () => response.destroy();
    response.socket.setTimeout(maxSilenceMs, () => response.destroy());
    for await (const text of response) {
      for (const event of parser.push(text as string)) {
        if (closed) return;
        await options.onEvent(event);
        lastEventId = event.id ?? lastEventId;
      }
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = http.clock.after(ms, resolve);
      interrupt = () => {
        cancel();
        resolve();
      };
    });

  async function open(): Promise<Reply<IncomingMessage>> {
    const token = await access?.token();
    if (token?.ok === false) return token;
    const bearer = token === undefined ? {} : { bearer: token.value };
    return http.open({ ...call, ...bearer, ...(lastEventId === undefined ? {} : { lastEventId }) });
  }

  async function run(): Promise<HttpRefusal | undefined> {
    let waitMs = firstWaitMs;
    while (!closed) {
      const reply = await open();
      if (reply.ok) {
        if (closed) reply.value.destroy();
        waitMs = firstWaitMs;
        options.onLine?.('open');
        await drain(reply.value).catch(ignoreBrokenStream);
      } else if (reply.status !== 0 && faults[reply.code].retry === 'never') return reply;
      else if (reply.code === 'UNAUTHENTICATED') access?.forget();
      if (closed) return undefined;
      options.onLine?.('lost');
      await pause(waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
    return undefined;
  }

  return {
    get lastEventId() {
      return lastEventId;
    },
    ended: run(),
    close: () => {
      closed = true;
      interrupt();
    },
  };
}

/** A torn connection ends the reading as its end does; all else is a fault of the one who listens. */
function ignoreBrokenStream(error: NodeJS.ErrnoException): void {
  if (!/^(ECONN|EPIPE|ERR_STREAM|ETIMEDOUT|HPE_|CLOUD_SILENT)/.test(error.code ?? '')) throw error;
}
