/** GET /v1/live: the WebSocket of the viewers. What is said over it: docs/api-for-owners.md. */
import websocket from '@fastify/websocket';
import { Fault } from '../../wire/faults.ts';
import { maxViewerBytes, talk } from '../media/live-talk.ts';
import { watchersOn } from '../media/watchers.ts';
import { isPage } from './origin.ts';
import type { App, HttpParts } from './parts.ts';

/** A message above its limit, or a line that broke: the socket is gone. */
const goneWrong = (_error: Error, socket: { terminate(): void }): void => socket.terminate();

export async function liveRoute(app: App, parts: HttpParts): Promise<void> {
  const watchers = watchersOn(parts);
  const sockets = new Set<{ close(code: number): void; terminate(): void }>();
  app.addHook('preClose', async () => {
    watchers.close();
    // Whoever does not answer the farewell is not waited for.
    for (const socket of sockets) {
      socket.close(1001);
      setTimeout(() => socket.terminate(), 500).unref();
    }
  });
  await app.register(websocket, {
    options: { maxPayload: maxViewerBytes, perMessageDeflate: false },
    errorHandler: goneWrong,
  });
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      const { origin } = request.headers;
      // A browser always says whose page it is; who is no browser needs the ticket all the same.
      if (origin !== undefined && !isPage(parts.config, origin)) throw new Fault('UNAUTHENTICATED', { why: 'origin' });
      if (sockets.size >= parts.config.maxViewers) throw new Fault('RATE_LIMITED', { what: 'viewers' });
    });
    scope.get('/v1/live', { websocket: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      talk(socket, { ...parts, watchers });
    });
  });
}
