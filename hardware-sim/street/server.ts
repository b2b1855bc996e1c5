/**
 * Serves the page of the street, for browsers of this machine alone: it listens on the loopback, answers only to its own name (a
 * page of elsewhere whose name was pointed here has another), and takes acts only from the page that it served.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { Fault, faults } from '../../wire/faults.ts';
import { act, possible } from './acts.ts';
import { Feed } from './feed.ts';
import type { Stage } from './stage.ts';
import { acts } from './told.ts';

export interface StreetPage {
  /** No path. */
  readonly url: string;
  /** Browsers that look on. */
  readonly viewers: () => number;
  stop(): Promise<void>;
}

const maxBodyBytes = 1_024;

const Wish = v.strictObject({
  act: v.picklist(acts),
  of: v.optional(v.pipe(v.string(), v.maxLength(64)), ''),
  isOn: v.optional(v.boolean(), false),
});

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/main.js': ['main.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const everywhere = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Whether the page itself asks, or a person who typed the address or followed a link to it. */
function isOurs({ method, headers }: IncomingMessage, port: number): boolean {
  const host = headers.host ?? '';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return false;
  if (method === 'POST') {
    return headers.origin === `http://${host}` && headers['content-type'] === 'application/json';
  }
  const from = headers['sec-fetch-site'];
  const isFollowed = headers['sec-fetch-dest'] === 'document';
  return from === undefined || from === 'same-origin' || from === 'none' || isFollowed;
}

/** @throws Fault BODY_TOO_BIG or BODY_MALFORMED */
async function readWish(request: IncomingMessage): Promise<v.InferOutput<typeof Wish>> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > maxBodyBytes) throw new Fault('BODY_TOO_BIG', { limit: maxBodyBytes });
  }
  try {
    return v.parse(Wish, JSON.parse(text));
  } catch (cause) {
    throw new Fault('BODY_MALFORMED', { problem: 'no act' }, { cause });
  }
}

/**
 * Starts to serve.
 * @param folder  where `npm run build` put the page
 * @param port  0 takes any free one
 * @throws Fault CONFIG_INVALID when the page is not built, or the port is taken
 */
export async function serveStreet(
  stage: Stage,
  { folder, port }: { folder: string; port: number },
): Promise<StreetPage> {
  const bodies = new Map(
    Object.entries(files).map(([path, [name, type]]) => [path, { body: read(folder, name), type }]),
  );
  const feed = new Feed(() => stage.told(possible(stage)));
  let at = port;

  const send = (response: ServerResponse, status: number, type = '', body: string | Uint8Array = ''): void => {
    response.writeHead(status, { ...everywhere, ...(type === '' ? {} : { 'content-type': type }) }).end(body);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (!isOurs(request, at)) return send(response, 403);
    if (request.method === 'POST' && path === '/acts') {
      const { act: name, ...asked } = await readWish(request);
      return send(response, (await act(stage, name, asked)) ? 204 : 409);
    }
    if (request.method !== 'GET') return send(response, 405);
    if (path === '/told') return feed.join(response, everywhere);
    const { film } = stage;
    if (path === '/picture' && film !== undefined) return send(response, 200, 'image/jpeg', film.picture);
    if (path === '/sealed' && film !== undefined) return send(response, 200, 'application/octet-stream', film.sealed);
    const file = bodies.get(path);
    if (file === undefined) return send(response, 404);
    send(response, 200, file.type, file.body);
  };
  const server: Server = createServer({ maxHeaderSize: 8_192 }, (request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const code = error instanceof Fault ? error.code : 'INTERNAL';
      if (!response.headersSent) send(response, faults[code].http, 'application/json', JSON.stringify({ code }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      feed.close();
      reject(new Fault('CONFIG_INVALID', { port, why: 'cannot listen' }, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  at = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${at}`,
    viewers: () => feed.viewers,
    stop: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { folder, why: 'the page is not built' }, { cause });
  }
}
