/** A cloud in the hands of whoever writes the test: speaks the owner's routes and the relay's WebSocket, and lies when told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type WebSocket, WebSocketServer } from 'ws';
import type { OwnerDevice } from '../../../wire/owner-device.ts';
import type { FakeHub } from './sealer.ts';

export const homeId = 'h'.repeat(22);

export interface FakeRecording {
  readonly row: object;
  readonly file: Buffer;
}

export interface FakeCloud {
  readonly url: string;
  /** Devices in the list that the hub signs; the request of a device that wants to join. */
  readonly devices: OwnerDevice[];
  readonly asked: (OwnerDevice & { proof: string })[];
  /** Listed one a page. */
  readonly recordings: Map<string, FakeRecording>;
  /** Claims of the documents that were handed in, and of what came over the WebSocket. */
  readonly documents: Record<string, unknown>[];
  readonly said: { look?: string; sight?: string }[];
  /** How many viewers are connected and told `ready`. */
  readonly viewers: number;
  /** The hub does not answer. */
  hubAway: boolean;
  /** No WebSocket is let in. */
  relayAway: boolean;
  /** To every viewer: bytes as they are, objects as JSON. */
  send(...messages: readonly (Buffer | object)[]): void;
  /** Sent to every viewer that comes. */
  welcome: (Buffer | object)[];
  entry(text: string): void;
  /** Cuts all connections without a word. */
  cut(): void;
  stop(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
};

export async function startFakeCloud(hub: FakeHub, door: string, pagesOrigin: () => string): Promise<FakeCloud> {
  const sockets = new Set<WebSocket>();
  const events = new Set<ServerResponse>();
  const entries: string[] = [];
  let version = 0;
  const server = createServer((request, response) => void answer(request, response));
  const wss = new WebSocketServer({ noServer: true });
  const pack = (message: Buffer | object): Buffer | string =>
    Buffer.isBuffer(message) ? message : JSON.stringify(message);

  const cloud: FakeCloud = {
    url: '',
    devices: [],
    asked: [],
    recordings: new Map(),
    documents: [],
    said: [],
    get viewers() {
      return sockets.size;
    },
    hubAway: false,
    relayAway: false,
    welcome: [],
    send: (...messages) => {
      for (const socket of sockets) for (const message of messages) socket.send(pack(message));
    },
    entry: (text) => {
      entries.push(text);
      for (const one of events) one.write(`event: entry\ndata: ${JSON.stringify({ text })}\n\n`);
    },
    cut: () => {
      for (const socket of sockets) socket.terminate();
    },
    stop: async () => {
      cloud.cut();
      wss.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const isDevice = (request: IncomingMessage): boolean => {
    const proof = request.headers.dpop;
    if (typeof proof !== 'string') return false;
    const { jwk } = decodeProtectedHeader(proof);
    return cloud.devices.some(({ sign }) => sign.x === jwk?.x);
  };

  type Route = (request: IncomingMessage, body: unknown) => [status: number, body: object | Buffer];
  const refuse = (status: number, code: string): [number, object] => [
    status,
    { code, status, title: code, detail: {} },
  ];
  const view = (): object => {
    version += 1;
    const list = { iss: hub.id, version, iat: 1, devices: cloud.devices };
    const doors = [{ id: door, kind: 'latch', seesBolt: true, seesDoor: true, camera: true }];
    return {
      home: homeId,
      hub: hub.id,
      online: true,
      doors,
      ownerList: hub.sign('ownerlist+jwt', list),
      hubKey: hub.jwk,
    };
  };
  const routes: Record<string, Route> = {
    'GET ': () => [200, view()],
    'POST /live-tickets': () => [200, { ticket: 't'.repeat(22), url: `${cloud.url.replace('http', 'ws')}/live` }],
    'GET /journal': () => [200, { entries, head: { seq: entries.length, hash: 'h'.repeat(43) }, after: 0 }],
    'GET /recordings': ({ url }) => {
      const at = Number(new URL(url!, 'http://x').searchParams.get('after') ?? 0);
      const rows = [...cloud.recordings.values()].map(({ row }) => row);
      return [200, { recordings: rows.slice(at, at + 1), next: at + 1 < rows.length ? `${at + 1}` : null }];
    },
    'POST /documents': (_request, body) => {
      if (cloud.hubAway) return refuse(503, 'HUB_OFFLINE');
      cloud.documents.push(decodeJwt((body as { document: string }).document));
      return [200, { accepted: 'revocation+jwt', pending: false }];
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', pagesOrigin());
    response.setHeader('access-control-allow-headers', 'content-type, dpop, idempotency-key');
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const path = new URL(request.url!, 'http://x').pathname.replace(`/v1/homes/${homeId}`, '');
    const reply = (status: number, body: object | Buffer): void => {
      const bytes = Buffer.isBuffer(body);
      response.writeHead(status, { 'content-type': bytes ? 'application/octet-stream' : 'application/json' });
      response.end(bytes ? body : JSON.stringify(body));
    };
    const body = await readBody(request);
    if (path === '/device-requests') {
      cloud.asked.push(body as (typeof cloud.asked)[number]);
      return reply(202, {});
    }
    if (!isDevice(request)) return reply(...refuse(404, 'NOT_FOUND'));
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      events.add(response);
      return void response.once('close', () => events.delete(response));
    }
    const recording = cloud.recordings.get(path.replace('/recordings/', ''));
    if (recording !== undefined) return reply(200, recording.file);
    const route = routes[`${request.method} ${path}`];
    return reply(...(route === undefined ? refuse(404, 'NOT_FOUND') : route(request, body)));
  }

  server.on('upgrade', (request, socket, head) => {
    if (cloud.relayAway) return socket.destroy();
    wss.handleUpgrade(request, socket, head, (viewer) => {
      viewer.once('message', () => {
        viewer.send(JSON.stringify({ relay: 'ready' }));
        for (const message of cloud.welcome) viewer.send(pack(message));
        sockets.add(viewer);
        viewer.on('message', (data) => {
          const message = JSON.parse(String(data)) as { ping?: number; look?: string; sight?: string };
          if (message.ping !== undefined) viewer.send(JSON.stringify({ relay: 'pong', n: message.ping }));
          else cloud.said.push(message);
        });
      });
      viewer.once('close', () => sockets.delete(viewer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.defineProperty(cloud, 'url', { value: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
