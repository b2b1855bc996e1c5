/** The hub's control socket: how the command line talks to the running hub. A unix socket that only its user may open. */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Fault, type FaultCode, faults } from '../../wire/faults.ts';

/** `METHOD /path` -> what it does. The part after the second slash is handed over as `name`, with the JSON that was sent, `{}` where none was. */
export type ControlRoutes = Readonly<Record<string, (name: string | undefined, body: unknown) => Promise<object>>>;

const maxBodyBytes = 4096;

/** @throws Fault MESSAGE_TOO_BIG, BODY_MALFORMED */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Fault('MESSAGE_TOO_BIG');
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Fault('BODY_MALFORMED', { why: 'no JSON' });
  }
}

const respond = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

async function answer(routes: ControlRoutes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, area, name, verb] = (request.url ?? '').split('/');
  const route = routes[`${request.method} /${area}${verb === undefined ? '' : `/:name/${verb}`}`];
  if (route === undefined) {
    respond(response, 404, { code: 'NOT_FOUND' satisfies FaultCode });
    return;
  }
  try {
    const body = await bodyOf(request);
    respond(response, 200, await route(name === undefined ? undefined : decodeURIComponent(name), body));
  } catch (error) {
    const fault = error instanceof Fault ? error : new Fault('INTERNAL', {}, { cause: error });
    respond(response, faults[fault.code].http, { code: fault.code, detail: fault.detail });
  }
}

/**
 * Opens the control socket, in place of one that a killed hub left behind.
 * @param path  of the socket, in a folder that only the hub's user may enter
 */
export async function openControl(path: string, routes: ControlRoutes): Promise<{ close(): Promise<void> }> {
  await rm(path, { force: true });
  const server = createServer((request, response) => void answer(routes, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
