/** A push service of the street (RFC 8030), with the browsers that subscribe to it: it answers, keeps, and shows what was said. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserKeys, newBrowserKeys, unseal } from './unseal.ts';
import { checkVapid } from './vapid.ts';

export interface Pushed {
  /** What was sealed, as text. */
  readonly text: string;
  readonly topic: string | undefined;
  readonly urgency: string | undefined;
  readonly ttlS: number;
  readonly at: number;
}

/** What the service answers in place of 201. `silent`: it takes the message and never answers. */
export type PushFault = 404 | 410 | 429 | 500 | 413 | 302 | 'silent';

export interface Browser {
  /** As `PushSubscription.toJSON()` has it. */
  readonly subscription: {
    readonly endpoint: string;
    readonly keys: { readonly p256dh: string; readonly auth: string };
  };
  /** Every message that was taken, in order. */
  readonly pushed: readonly Pushed[];
  /** How often somebody tried. */
  readonly tries: number;
  fault: PushFault | undefined;
}

export interface PushServiceSim {
  readonly url: string;
  /** @param key  that the browser subscribes with: only its holder may push. Left out: anybody may */
  subscribe(key?: string): Browser;
  close(): Promise<void>;
}

interface Seat {
  readonly keys: BrowserKeys;
  readonly senderKey: string | undefined;
  readonly pushed: Pushed[];
  tries: number;
  fault: PushFault | undefined;
}

/** RFC 8030 section 7.2: services take at least this. */
const maxBytes = 4_096;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

export async function openPushService(): Promise<PushServiceSim> {
  const seats = new Map<string, Seat>();
  let url = '';

  function take(request: IncomingMessage, seat: Seat, body: Buffer): number {
    const sender = checkVapid(header(request, 'authorization'), url, Math.floor(Date.now() / 1000));
    if (sender === undefined) return 401;
    if (seat.senderKey !== undefined && sender.key !== seat.senderKey) return 403;
    const ttl = header(request, 'ttl');
    // RFC 8030 section 5.2
    if (ttl === undefined || !/^\d+$/.test(ttl)) return 400;
    if (header(request, 'content-encoding') !== 'aes128gcm') return 415;
    if (body.length > maxBytes) return 413;
    const topic = header(request, 'topic');
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return 400;
    try {
      const text = unseal(body, seat.keys).toString('utf8');
      seat.pushed.push({ text, topic, urgency: header(request, 'urgency'), ttlS: Number(ttl), at: Date.now() });
      return 201;
    } catch {
      return 400;
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seat = seats.get(/^\/push\/([\w-]+)$/.exec(request.url ?? '')?.[1] ?? '');
    const body = await bodyOf(request);
    if (request.method !== 'POST' || seat === undefined) return void response.writeHead(404).end();
    seat.tries += 1;
    if (typeof seat.fault === 'number') {
      const extra = seat.fault === 429 ? { 'retry-after': '30' } : { location: `${url}/elsewhere` };
      return void response.writeHead(seat.fault, extra).end();
    }
    const status = take(request, seat, body);
    if (seat.fault === 'silent') return;
    response.writeHead(status, { location: `${url}/message/${seat.pushed.length}` }).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    subscribe: (senderKey) => {
      const keys = newBrowserKeys();
      const seat: Seat = { keys, senderKey, pushed: [], tries: 0, fault: undefined };
      const id = `b${seats.size + 1}`;
      seats.set(id, seat);
      return {
        subscription: {
          endpoint: `${url}/push/${id}`,
          keys: { p256dh: keys.ecdh.getPublicKey('base64url'), auth: keys.auth.toString('base64url') },
        },
        pushed: seat.pushed,
        get tries() {
          return seat.tries;
        },
        get fault() {
          return seat.fault;
        },
        set fault(fault) {
          seat.fault = fault;
        },
      };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}
