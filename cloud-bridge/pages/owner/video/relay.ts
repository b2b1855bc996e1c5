/** The connection to the relay: a ticket, a WebSocket, and what came over it, in order. It believes nothing of it. */
import * as v from 'valibot';
import { type FaultCode, faults } from '../../../../wire/faults.ts';
import { StreamId } from '../../../../wire/video.ts';
import type { Api } from '../device/api.ts';

const Seq = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What the relay says itself. */
export const RelaySays = v.variant('relay', [
  v.object({ relay: v.literal('ready') }),
  v.object({ relay: v.literal('stream'), stream: StreamId }),
  v.object({ relay: v.literal('idle') }),
  v.object({ relay: v.literal('hub'), online: v.boolean() }),
  v.object({ relay: v.literal('skipped'), from: Seq, to: Seq }),
  v.object({ relay: v.literal('refused'), code: v.string() }),
  v.object({ relay: v.literal('pong'), n: v.number() }),
]);
export type RelaySays = v.InferOutput<typeof RelaySays>;

export interface RelayListener {
  opening(): void;
  open(): void;
  /** The connection is gone; another is tried. @param code  why no ticket was given */
  lost(code?: FaultCode): void;
  /** One sealed message. */
  sealed(bytes: Uint8Array): void;
  says(what: RelaySays): void;
}

export interface Relay {
  /** Sent when the connection is open, else left out. */
  send(message: object): void;
  close(): void;
}

const Ticket = v.object({ ticket: v.string(), url: v.string() });
const firstWaitMs = 300;
const longestWaitMs = 5_000;
/** The other end answers a ping within this time, or the connection is dead: TCP would notice after minutes. */
const pingEveryMs = 2_000;
const silentForMs = 6_000;

const toCode = (code: string): FaultCode | undefined => (Object.hasOwn(faults, code) ? (code as FaultCode) : undefined);
export const codeOf = (says: Extract<RelaySays, { relay: 'refused' }>): FaultCode =>
  toCode(says.code) ?? 'CLOUD_SILENT';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Connects to the relay of a door, and again whenever the connection is lost, until `close`. */
export function connectRelay(api: Api, home: string, door: string, listener: RelayListener): Relay {
  let socket: WebSocket | undefined;
  let closed = false;
  let waitMs = firstWaitMs;
  let wake = (): void => {};

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  function hear(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      listener.sealed(new Uint8Array(data));
      return;
    }
    const says = v.safeParse(RelaySays, typeof data === 'string' ? parse(data) : undefined);
    if (!says.success) return;
    if (says.output.relay === 'ready') {
      waitMs = firstWaitMs;
      listener.open();
    }
    listener.says(says.output);
  }

  /** Resolves when the connection is over. */
  const talk = (url: string, ticket: string): Promise<void> =>
    new Promise((resolve) => {
      const made = new WebSocket(url);
      socket = made;
      made.binaryType = 'arraybuffer';
      let heard = performance.now();
      let pings = 0;
      const beat = setInterval(() => {
        if (performance.now() - heard > silentForMs) finish();
        if (made.readyState !== WebSocket.OPEN) return;
        pings += 1;
        made.send(JSON.stringify({ ping: pings }));
      }, pingEveryMs);
      const finish = (): void => {
        clearInterval(beat);
        made.onmessage = null;
        made.close();
        resolve();
      };
      made.onopen = () => made.send(JSON.stringify({ ticket, door }));
      made.onmessage = ({ data }) => {
        heard = performance.now();
        hear(data);
      };
      made.onclose = finish;
    });

  async function run(): Promise<void> {
    while (!closed) {
      listener.opening();
      const reply = await api.call({ method: 'POST', path: `/v1/homes/${home}/live-tickets`, body: {} }, Ticket);
      if (reply.ok && !closed) await talk(reply.value.url, reply.value.ticket);
      socket = undefined;
      if (closed) return;
      listener.lost(reply.ok ? undefined : reply.code);
      await pause(waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }
  void run();

  return {
    send: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close: () => {
      closed = true;
      socket?.close();
      wake();
    },
  };
}
