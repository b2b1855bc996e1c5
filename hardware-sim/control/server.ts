/** The control socket: HTTP with JSON on a Unix socket that only its owner may use. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';
import type { SimHome } from '../home.ts';
import type { Answered } from './answers.ts';
import { type Route, routes } from './routes.ts';

const maxBodyBytes = 16_384;
const idForm = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** @returns the id in the path, '' for a route without one, undefined when the path is another */
function match(route: Route, path: string): string | undefined {
  const wanted = route.path.split('/');
  const got = path.split('/');
  if (wanted.length !== got.length) return undefined;
  let id = '';
  for (const [i, segment] of wanted.entries()) {
    if (segment === ':id' && idForm.test(got[i]!)) id = got[i]!;
    else if (segment !== got[i]) return undefined;
  }
  return id;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Fault('BODY_TOO_BIG', { limit: maxBodyBytes });
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new Fault('BODY_MALFORMED', { problem: 'not JSON' }, { cause });
  }
}

/** @returns undefined where the route goes on telling by itself */
async function answer(
  home: SimHome,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answered | undefined> {
  const url = new URL(request.url ?? '/', 'http://sim');
  const body = await readBody(request);
  for (const route of routes) {
    const id = route.method === request.method ? match(route, url.pathname) : undefined;
    if (id === undefined) continue;
    const asked = { id, query: url.searchParams, body };
    if ('run' in route) return route.run(home, asked);
    response.on(
      'close',
      route.follow(home, asked, (told) => response.write(`${JSON.stringify(told)}\n`)),
    );
    return undefined;
  }
  throw new Fault('NOT_FOUND', { path: url.pathname });
}

function refusal(error: unknown): Answered {
  const { code, detail }: { code: FaultCode; detail: unknown } =
    error instanceof Fault ? error : { code: 'INTERNAL', detail: {} };
  return { status: faults[code].http, body: { code, says: faults[code].says, detail } };
}

/**
 * Listens at `path`, replacing a socket that a dead process left there.
 * @returns the server; `close` it and the socket file is gone
 */
export async function serveControl(home: SimHome, path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  const server = createServer((request, response) => {
    void answer(home, request, response)
      .catch(refusal)
      .then((answered) => {
        if (answered === undefined) return;
        response.writeHead(answered.status, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify(answered.body)}\n`);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}
